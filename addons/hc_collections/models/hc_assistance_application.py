# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from ..lifecycles import ASSISTANCE_APPLICATION
from .hc_assistance_policy import REGION_LABELS

# Who collects sees what was decided, never what somebody earns.
INCOME_GROUPS = (
    "hc_collections.group_hc_financial_counselor,"
    "hc_revenue_base.group_hc_manager,hc_revenue_base.group_hc_compliance"
)
_PROVED_FIELDS = frozenset({"persons", "income", "region", "applied_on", "document_ids"})
OPEN_STATES = ("received", "complete")
# An act in such a state has posted its money, or is about to.
POSTED_STATES = ("applied", "pending")


class HcAssistanceApplication(models.Model):
    """A guarantor asks for help: what they told and proved, the score, and what was granted."""

    _name = "hc.assistance.application"
    _description = "Financial Assistance Application"
    _inherit = ["hc.lifecycle.mixin", "hc.phi.mixin", "mail.thread", "mail.activity.mixin"]
    _phi_patient_path = "account_id.patient_id"
    _order = "applied_on desc, id desc"
    _check_company_auto = True
    _lifecycles = {"state": ASSISTANCE_APPLICATION}
    _guarded_line_models = ("hc.assistance.case",)
    _guarded_fields = frozenset(
        {
            "name",
            "account_id",
            "policy_id",
            "income_percent",
            "discount_percent",
            "needs_review",
            "steps",
            "outcome",
            "decision_reason",
            "decided_by_id",
            "decided_on",
            "line_ids",
        }
    )

    name = fields.Char("Application No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="received",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    owner_id = fields.Many2one("res.users", "Counselor", required=True, index=True, tracking=True)
    applied_on = fields.Date("Applied", required=True, index=True)
    persons = fields.Integer("Persons in the Household", groups=INCOME_GROUPS)
    income = fields.Monetary(
        "Income a Year", groups=INCOME_GROUPS, help="Of the household, before tax."
    )
    region = fields.Selection(
        REGION_LABELS, "Lives In", required=True, default="contiguous", groups=INCOME_GROUPS
    )
    # The files carry the name of this field, so that they are as closed as it is; the ORM hides
    # such files unless it is asked for them.
    document_ids = fields.Many2many(
        "ir.attachment",
        string="Proof",
        groups=INCOME_GROUPS,
        context={"skip_res_field_check": True},
    )
    policy_id = fields.Many2one("hc.assistance.policy", readonly=True, ondelete="restrict")
    income_percent = fields.Float(
        "Of the Poverty Level (%)", digits=(12, 2), readonly=True, groups=INCOME_GROUPS
    )
    steps = fields.Text("How It Was Scored", readonly=True, groups=INCOME_GROUPS)
    discount_percent = fields.Integer("Discount (%)", readonly=True, aggregator=None)
    needs_review = fields.Boolean(
        readonly=True, help="The policy or the poverty guideline is still to be confirmed."
    )
    outcome = fields.Selection(
        [("granted", "Granted"), ("denied", "Denied")], readonly=True, copy=False, index=True
    )
    line_ids = fields.One2many("hc.assistance.case", "application_id", "Cases", readonly=True)
    amount_forgiven = fields.Monetary("Forgiven", compute="_compute_amounts", store=True)
    amount_refund = fields.Monetary("To Refund", compute="_compute_amounts", store=True)
    is_waiting = fields.Boolean(
        "Waiting for Approval", compute="_compute_is_waiting", compute_sudo=True
    )
    decision_reason = fields.Text(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken.")
    _one_open = models.UniqueIndex(
        "(account_id) WHERE state IN ('received', 'complete')",
        "The account has an open application already.",
    )

    @api.model
    def _get_phi_fields(self):
        """What somebody earns is read on record too."""
        return super()._get_phi_fields() | {"persons", "income", "income_percent", "steps"}

    @api.depends("line_ids.amount_forgiven", "line_ids.amount_refund")
    def _compute_amounts(self):
        for application in self:
            application.amount_forgiven = sum(application.line_ids.mapped("amount_forgiven"))
            application.amount_refund = sum(application.line_ids.mapped("amount_refund"))

    @api.depends("line_ids.action_id.state")
    def _compute_is_waiting(self):
        for application in self:
            application.is_waiting = "pending" in application.line_ids.action_id.mapped("state")

    def write(self, vals):
        """What was proved stays as it was once the application is complete."""
        if _PROVED_FIELDS & vals.keys():
            fixed = self.filtered(lambda each: each.state != "received")
            if fixed:
                raise UserError(
                    self.env._(
                        "%s is complete: use “Something Is Missing” to change it.", fixed[0].name
                    )
                )
        known = {each.id: each.document_ids for each in self.sudo()}
        result = super().write(vals)
        if "document_ids" in vals:
            for application in self:
                added = application.sudo().document_ids - known[application.id]
                application._check_uploaded(added)
            self._close_documents()
        return result

    def _check_uploaded(self, files):
        """A file of another record would be moved here, and out of that record's rights.

        :raise AccessError: a file was not uploaded to this application by the user
        """
        self.ensure_one()
        own = (self._name, self.id)
        for file in files.sudo().with_context(skip_res_field_check=True):
            place = (file.res_model or "", file.res_id or 0)
            is_free = not place[1] and place[0] in ("", self._name, "hc.assistance.wizard")
            if file.create_uid != self.env.user or not (is_free or place == own) or file.res_field:
                raise self.env["hc.refused.attempt"]._refuse(
                    self,
                    "link_file",
                    self.env._(
                        "Upload the proof to %s yourself, do not link other files.", self.name
                    ),
                    reason="document_ids",
                )

    def _close_documents(self):
        """Let those alone open a proof who may know the income."""
        for application in self.sudo():
            application.document_ids.write(
                {
                    "res_model": self._name,
                    "res_id": application.id,
                    "res_field": "document_ids",
                }
            )


class HcAssistanceCase(models.Model):
    """What assistance does to one case: forgiven, left, and paid beyond what was owed."""

    _name = "hc.assistance.case"
    _description = "Case in an Application"
    _inherit = ["hc.guarded.mixin"]
    _order = "application_id, id"
    _guarded_fields = frozenset(
        {
            "application_id",
            "case_id",
            "is_period_open",
            "amount_charged",
            "amount_owed",
            "amount_paid",
            "amount_left",
            "amount_forgiven",
            "amount_refund",
            "action_id",
        }
    )

    application_id = fields.Many2one(
        "hc.assistance.application", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="application_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="application_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    case_id = fields.Many2one(
        "hc.billing.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    is_period_open = fields.Boolean(
        "Period Not Begun",
        readonly=True,
        help="No first statement is on record: the case counts as inside the application period.",
    )
    amount_charged = fields.Monetary("Charges", readonly=True)
    amount_owed = fields.Monetary(
        "Patient's Share", readonly=True, help="Open, and what the patient has paid already."
    )
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_left = fields.Monetary("Left to Pay", readonly=True, help="Of the patient's share.")
    amount_forgiven = fields.Monetary("Forgiven", readonly=True)
    amount_refund = fields.Monetary(
        "To Refund", readonly=True, help="Paid beyond what is left; somebody has to refund it."
    )
    action_id = fields.Many2one(
        "hc.controlled.action",
        "Request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    action_state = fields.Selection(related="action_id.state", string="Decision", compute_sudo=True)

    _case_once = models.UniqueIndex(
        "(application_id, case_id)", "The application names this case twice."
    )
