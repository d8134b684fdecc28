# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.hc_assistance_application import INCOME_GROUPS
from ..models.hc_assistance_policy import REGION_LABELS
from ..models.hc_contact import CHANNELS


class HcAssistanceWizard(models.TransientModel):
    """Takes an application in: anybody who talks to patients may, counselors enter the income."""

    _name = "hc.assistance.wizard"
    _description = "Take an Application In"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    account_id = fields.Many2one("hc.collection.account", required=True)
    currency_id = fields.Many2one(related="account_id.currency_id", store=True)
    channel = fields.Selection(CHANNELS, "Received By", required=True, default="letter")
    applied_on = fields.Date(required=True, default=fields.Date.context_today)
    persons = fields.Integer("Persons in the Household", groups=INCOME_GROUPS)
    income = fields.Monetary("Income a Year", groups=INCOME_GROUPS)
    region = fields.Selection(
        REGION_LABELS, "Lives In", required=True, default="contiguous", groups=INCOME_GROUPS
    )
    document_ids = fields.Many2many("ir.attachment", string="Proof")

    def action_confirm(self):
        """Take the application in and show it."""
        self.ensure_one()
        self.account_id.check_access("read")
        if self.applied_on > fields.Date.context_today(self):
            raise UserError(self.env._("An application was made by today."))
        entered = self.sudo()
        application = self.env["hc.assistance.application"]._receive(
            self.account_id,
            channel=self.channel,
            documents=self.document_ids,
            applied_on=self.applied_on,
            owner_id=self.env.uid,
            persons=entered.persons,
            income=entered.income,
            region=entered.region,
        )
        return application._get_records_action()


class HcAssistanceDecisionWizard(models.TransientModel):
    """Asks for the decision on an application, or why it is withdrawn."""

    _name = "hc.assistance.decision.wizard"
    _description = "Decide an Application"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    application_id = fields.Many2one("hc.assistance.application", required=True)
    purpose = fields.Selection(
        [("decide", "Decide"), ("withdraw", "Withdraw")], required=True, default="decide"
    )
    currency_id = fields.Many2one(related="application_id.currency_id", store=True)
    discount_percent = fields.Integer(related="application_id.discount_percent")
    amount_forgiven = fields.Monetary(related="application_id.amount_forgiven")
    amount_refund = fields.Monetary(related="application_id.amount_refund")
    outcome = fields.Selection([("granted", "Grant"), ("denied", "Deny")], "Decision")
    reason = fields.Text("Why", required=True)
    answer_language = fields.Char(compute="_compute_answer_language")

    @api.depends("application_id")
    @api.depends_context("lang")
    def _compute_answer_language(self):
        for wizard in self:
            wizard.answer_language = wizard.application_id.account_id._get_other_language()

    def action_confirm(self):
        """Do what was chosen; tell what waits for others, or why a request was refused."""
        self.ensure_one()
        self.application_id.check_access("read")
        if self.purpose == "withdraw":
            self.application_id._withdraw(self.reason)
            return {"type": "ir.actions.act_window_close"}
        if not self.outcome:
            raise UserError(self.env._("Choose whether the application is granted."))
        actions = self.application_id._decide(
            self.outcome, reason=self.reason, idempotency_key=f"{self._name}:{self.id}"
        )
        if not actions:
            return {"type": "ir.actions.act_window_close"}
        return self.env["hc.dispute.decision.wizard"]._tell(actions)
