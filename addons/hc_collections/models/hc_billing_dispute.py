# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from ..lifecycles import DISPUTE
from .hc_contact import CHANNELS

OPEN_STATES = ("open", "investigating")
# An answer within 30 days: the office's promise, which the collector may shorten or extend.
DAYS_TO_ANSWER = 30
DISPUTE_KINDS = [
    ("billing_error", "Billing Error"),
    ("not_mine", "Not My Service"),
    ("insurance", "Insurance Should Pay"),
    ("price", "Price or Estimate"),
    ("quality", "Quality of Care"),
    ("already_paid", "Already Paid"),
    ("other", "Other"),
]


class HcBillingDispute(models.Model):
    """A party says that it does not owe an amount: which, why, and what became of it.

    While it is open the disputed part is not followed up; the rest of the account is. What is
    conceded is posted by a controlled action, one per case, and decides the outcome.
    """

    _name = "hc.billing.dispute"
    _description = "Dispute"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.phi.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _phi_patient_path = "account_id.patient_id"
    _order = "due_on, id desc"
    _check_company_auto = True
    _lifecycles = {"state": DISPUTE}
    _guarded_line_models = ("hc.billing.dispute.line",)
    _guarded_fields = frozenset(
        {
            "name",
            "account_id",
            "facility_id",
            "kind",
            "is_estimate",
            "channel",
            "received_on",
            "description",
            "attachment_ids",
            "decision_reason",
            "decided_by_id",
            "decided_on",
            "line_ids",
        }
    )

    name = fields.Char("Dispute No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand="_expand_states",
    )
    account_id = fields.Many2one(
        "hc.collection.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    party = fields.Selection(related="account_id.party")
    company_id = fields.Many2one(related="account_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    facility_id = fields.Many2one(
        "hc.facility", readonly=True, index="btree_not_null", help="Of the first disputed case."
    )
    kind = fields.Selection(DISPUTE_KINDS, required=True, readonly=True, index=True)
    is_estimate = fields.Boolean(
        "Good-Faith-Estimate Dispute",
        readonly=True,
        help="Billed above the estimate (45 CFR 149.620): nothing on these cases is followed up.",
    )
    channel = fields.Selection(CHANNELS, "Received By", required=True, readonly=True)
    received_on = fields.Date("Received", required=True, readonly=True)
    description = fields.Text("What They Say", readonly=True, groups="hc_revenue_base.group_hc_phi")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Evidence",
        readonly=True,
        groups="hc_revenue_base.group_hc_phi",
    )
    owner_id = fields.Many2one("res.users", required=True, index=True, tracking=True)
    due_on = fields.Date("Answer Due", required=True, index=True, tracking=True)
    line_ids = fields.One2many("hc.billing.dispute.line", "dispute_id", "Cases", readonly=True)
    amount_disputed = fields.Monetary("Disputed", compute="_compute_amounts", store=True)
    amount_conceded = fields.Monetary("Conceded", compute="_compute_amounts", store=True)
    is_waiting = fields.Boolean(
        "Waiting for Approval",
        compute="_compute_is_waiting",
        search="_search_is_waiting",
        compute_sudo=True,
    )
    decision_reason = fields.Text(readonly=True, copy=False)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    decided_on = fields.Date(readonly=True, copy=False)

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken.")

    @api.model
    def _expand_states(self, states, domain):
        shown = {*states, *OPEN_STATES}
        return [code for code, _label in self._get_lifecycle("state").selection() if code in shown]

    @api.depends("line_ids.amount_disputed", "line_ids.amount_conceded")
    def _compute_amounts(self):
        for dispute in self:
            dispute.amount_disputed = sum(dispute.line_ids.mapped("amount_disputed"))
            dispute.amount_conceded = sum(dispute.line_ids.mapped("amount_conceded"))

    @api.depends("line_ids.action_id.state")
    def _compute_is_waiting(self):
        for dispute in self:
            dispute.is_waiting = "pending" in dispute.line_ids.action_id.mapped("state")

    @api.model
    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = (
            self.env["hc.billing.dispute.line"]
            .sudo()
            ._search([("action_id.state", "=", "pending")])
        )
        return [("line_ids", "in" if True in value else "not in", waiting)]

    @api.depends("name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for dispute in self:
            dispute.display_name = f"{dispute.name or ''} {kinds.get(dispute.kind, '')}".strip()

    def _get_creation_facts(self):
        return {"account": self.account_id.id, "kind": self.kind}


class HcBillingDisputeLine(models.Model):
    """The disputed part of one case."""

    _name = "hc.billing.dispute.line"
    _description = "Disputed Case"
    _inherit = ["hc.guarded.mixin"]
    _order = "dispute_id, id"
    _guarded_fields = frozenset(
        {
            "dispute_id",
            "case_id",
            "responsibility",
            "amount_disputed",
            "amount_conceded",
            "action_id",
        }
    )

    dispute_id = fields.Many2one(
        "hc.billing.dispute", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="dispute_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="dispute_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    state = fields.Selection(related="dispute_id.state", store=True)
    case_id = fields.Many2one(
        "hc.billing.case", required=True, readonly=True, index=True, ondelete="restrict"
    )
    responsibility = fields.Char(required=True, readonly=True)
    amount_disputed = fields.Monetary("Disputed", required=True, readonly=True)
    amount_conceded = fields.Monetary("Conceded", readonly=True)
    action_id = fields.Many2one(
        "hc.controlled.action",
        "Request",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    action_state = fields.Selection(related="action_id.state", string="Decision", compute_sudo=True)

    _amount_positive = models.Constraint(
        "CHECK (amount_disputed > 0)", "A disputed amount is above zero."
    )
    _conceded_within = models.Constraint(
        "CHECK (amount_conceded >= 0 AND amount_conceded <= amount_disputed)",
        "No more is conceded than is disputed.",
    )
    _case_once = models.UniqueIndex("(dispute_id, case_id)", "The dispute names this case twice.")
