# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.hc_billing_dispute import DAYS_TO_ANSWER, DISPUTE_KINDS
from ..models.hc_contact import CHANNELS


class HcDisputeWizard(models.TransientModel):
    """Asks what a party disputes, and why."""

    _name = "hc.dispute.wizard"
    _description = "Take a Dispute In"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    account_id = fields.Many2one("hc.collection.account", required=True)
    party = fields.Selection(related="account_id.party")
    case_id = fields.Many2one("hc.billing.case")
    currency_id = fields.Many2one(related="account_id.currency_id", store=True)
    kind = fields.Selection(DISPUTE_KINDS, "Reason", required=True)
    is_estimate = fields.Boolean("Billed above the good-faith estimate")
    channel = fields.Selection(CHANNELS, "Received By", required=True, default="call")
    received_on = fields.Date(required=True, default=fields.Date.context_today)
    owner_id = fields.Many2one(
        "res.users", "Who Looks Into It", required=True, default=lambda self: self.env.user
    )
    due_on = fields.Date(
        "Answer Due",
        required=True,
        default=lambda self: fields.Date.context_today(self) + timedelta(days=DAYS_TO_ANSWER),
    )
    description = fields.Text("What They Say", required=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Evidence")
    line_ids = fields.One2many(
        "hc.dispute.wizard.line",
        "wizard_id",
        "Cases",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )

    @api.depends("account_id", "case_id")
    def _compute_line_ids(self):
        """The cases that are open; all of the one from which the wizard was opened is proposed."""
        for wizard in self:
            available = wizard.account_id._get_disputable_amounts() if wizard.account_id else {}
            chosen = wizard.case_id or (next(iter(available)) if len(available) == 1 else False)
            wizard.line_ids = [
                Command.clear(),
                *[
                    Command.create(
                        {
                            "case_id": case.id,
                            "amount_open": amount,
                            "amount": amount if chosen and case.id == chosen.id else 0.0,
                        }
                    )
                    for case, (_responsibility, amount) in available.items()
                ],
            ]

    def action_confirm(self):
        """Take the dispute in and show it."""
        self.ensure_one()
        self.account_id.check_access("read")
        if self.is_estimate and (self.kind != "price" or self.party != "patient"):
            raise UserError(
                self.env._("A good-faith-estimate dispute is a patient's, about the price.")
            )
        if self.received_on > fields.Date.context_today(self) or self.due_on < self.received_on:
            raise UserError(
                self.env._("A dispute was received by today, and is answered after that.")
            )
        dispute = self.env["hc.billing.dispute"]._open(
            self.account_id,
            {line.case_id: line.amount for line in self.line_ids if line.amount},
            kind=self.kind,
            description=self.description,
            attachments=self.attachment_ids,
            is_estimate=self.is_estimate,
            channel=self.channel,
            received_on=self.received_on,
            owner_id=self.owner_id.id,
            due_on=self.due_on,
        )
        return dispute._get_records_action()


class HcDisputeWizardLine(models.TransientModel):
    """A case of which something may be disputed."""

    _name = "hc.dispute.wizard.line"
    _description = "Case to Dispute"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    wizard_id = fields.Many2one("hc.dispute.wizard", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id", store=True)
    case_id = fields.Many2one("hc.billing.case", required=True)
    amount_open = fields.Monetary("Open")
    amount = fields.Monetary("Disputed")


class HcDisputeDecisionWizard(models.TransientModel):
    """Asks for the decision on a dispute, its withdrawal, or why it is taken up again."""

    _name = "hc.dispute.decision.wizard"
    _description = "Decide a Dispute"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    dispute_id = fields.Many2one("hc.billing.dispute", required=True)
    purpose = fields.Selection(
        [("decide", "Decide"), ("withdraw", "Withdraw"), ("reopen", "Take Up Again")],
        required=True,
        default="decide",
    )
    currency_id = fields.Many2one(related="dispute_id.currency_id", store=True)
    reason = fields.Text("Why", required=True)
    reason_code_id = fields.Many2one("hc.reason.code", "Reason of the Write-Off")
    line_ids = fields.One2many(
        "hc.dispute.decision.wizard.line",
        "wizard_id",
        "Cases",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount_conceded = fields.Monetary("Conceded", compute="_compute_amount_conceded")
    answer_language = fields.Char(compute="_compute_answer_language")

    @api.depends("dispute_id")
    @api.depends_context("lang")
    def _compute_answer_language(self):
        for wizard in self:
            wizard.answer_language = wizard.dispute_id.account_id._get_other_language()

    @api.depends("dispute_id")
    def _compute_line_ids(self):
        for wizard in self:
            undecided = wizard.dispute_id.line_ids.filtered(
                lambda line: line.action_state != "applied"
            )
            wizard.line_ids = [
                Command.clear(),
                *[Command.create({"dispute_line_id": line.id, "amount": 0}) for line in undecided],
            ]

    @api.depends("line_ids.amount")
    def _compute_amount_conceded(self):
        for wizard in self:
            wizard.amount_conceded = sum(wizard.line_ids.mapped("amount"))

    def action_confirm(self):
        """Do what was chosen; tell what waits for others, or why a request was refused."""
        self.ensure_one()
        self.dispute_id.check_access("read")
        if self.purpose == "withdraw":
            self.dispute_id._withdraw(self.reason)
        elif self.purpose == "reopen":
            self.dispute_id._reopen(self.reason)
        else:
            actions = self.dispute_id._decide(
                {line.dispute_line_id: line.amount for line in self.line_ids},
                reason=self.reason,
                reason_code=self.reason_code_id,
                idempotency_key=f"{self._name}:{self.id}",
            )
            if actions:
                return self._tell(actions)
        return {"type": "ir.actions.act_window_close"}

    def _tell(self, actions):
        states = dict(actions._fields["state"]._description_selection(self.env))
        refused = actions.filtered(lambda action: action.state == "rejected")
        lines = sorted({states[action.state] for action in actions})
        lines += sorted({action.gate_reason for action in actions if action.gate_reason})
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if refused else "success",
                "sticky": bool(refused),
                "message": " · ".join(lines),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class HcDisputeDecisionWizardLine(models.TransientModel):
    """How much of a disputed case is conceded."""

    _name = "hc.dispute.decision.wizard.line"
    _description = "Disputed Case to Decide"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    wizard_id = fields.Many2one("hc.dispute.decision.wizard", required=True, ondelete="cascade")
    currency_id = fields.Many2one(related="wizard_id.currency_id", store=True)
    dispute_line_id = fields.Many2one("hc.billing.dispute.line", required=True)
    case_id = fields.Many2one(related="dispute_line_id.case_id")
    amount_disputed = fields.Monetary(related="dispute_line_id.amount_disputed")
    amount = fields.Monetary("Conceded")
