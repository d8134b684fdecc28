# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.hc_revenue_base.models.account_move import RESPONSIBILITIES
from odoo.addons.hc_revenue_base.models.hc_work_queue import SEVERITIES

from ..hc_claim_core.credits import AGE_BANDS, CAUSES, Clock
from ..lifecycles import CREDIT_BALANCE, OPEN_CREDIT_STATES

CREDIT_SOURCES = [
    ("balance", "Credit on a Case"),
    ("answer", "Answer That Does Not Fit"),
    ("payment", "Payment Without a Case"),
]
RESOLUTIONS = [
    ("refunded", "Refunded"),
    ("offset", "Taken Back by the Payer"),
    ("corrected", "Posting Corrected"),
    ("settled", "Settled"),
]


class HcCreditBalance(models.Model):
    """Money of a payer or patient that we hold and do not own, and what becomes of it.

    The ledger is the truth: the amount is read from it, and a credit is resolved when the ledger
    shows none any more. One record a cause while it is open; who looks for it, why it came about
    and until when it must be returned are kept here. Never written off.
    """

    _name = "hc.credit.balance"
    _description = "Credit Balance"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.phi.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "deadline, found_on, id"
    _check_company_auto = True
    _lifecycles = {"state": CREDIT_BALANCE}
    _guarded_fields = frozenset(
        {
            "name",
            "company_id",
            "source",
            "source_key",
            "case_id",
            "responsibility",
            "partner_id",
            "payer_id",
            "answer_id",
            "item_id",
            "amount",
            "amount_found",
            "found_on",
            "age_band",
            "proposed_cause",
            "proposal_reason",
            "cause",
            "cause_user_id",
            "identified_on",
            "return_days",
            "suspension_days",
            "warning_days",
            "suspended_on",
            "suspension_ended_on",
            "deadline",
            "action_ids",
            "adjustment_id",
            "correction_note",
            "resolution",
            "resolved_on",
        }
    )

    name = fields.Char("Credit No.", required=True, readonly=True, copy=False)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    source = fields.Selection(CREDIT_SOURCES, "Found As", required=True, readonly=True)
    source_key = fields.Char(required=True, readonly=True, copy=False, index=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True, index=True, ondelete="restrict")
    facility_id = fields.Many2one(related="case_id.facility_id", store=True, index=True)
    patient_id = fields.Many2one(related="case_id.patient_id", store=True, index=True)
    responsibility = fields.Selection(RESPONSIBILITIES, "Party", readonly=True)
    partner_id = fields.Many2one("res.partner", "Whose Money", readonly=True, index=True)
    payer_id = fields.Many2one("hc.payer", readonly=True, index=True, check_company=True)
    payer_type = fields.Selection(related="payer_id.payer_type", store=True)
    answer_id = fields.Many2one(
        "hc.remittance.claim", "Held Answer", readonly=True, index="btree_not_null"
    )
    item_id = fields.Many2one(
        "account.move.line", "Payment Item", readonly=True, index="btree_not_null"
    )
    amount = fields.Monetary("Credit", readonly=True, help="Open now, as the ledger shows it.")
    amount_found = fields.Monetary("When Found", readonly=True)
    found_on = fields.Date(required=True, readonly=True, index=True)
    age_band = fields.Selection(
        [(name, name) for _limit, name in AGE_BANDS], "Age (days)", readonly=True, default="0-30"
    )
    proposed_cause = fields.Selection(list(CAUSES), readonly=True)
    proposal_reason = fields.Char("Because", readonly=True)
    cause = fields.Selection(list(CAUSES), readonly=True, index=True, tracking=True)
    cause_user_id = fields.Many2one("res.users", "Cause Chosen By", readonly=True)
    identified_on = fields.Date(
        readonly=True,
        tracking=True,
        help="The day on which the office knew: the clock runs from it. Found by the sweep unless "
        "a person knew before.",
    )
    return_days = fields.Integer("Days to Return", readonly=True)
    suspension_days = fields.Integer("Longest Suspension (days)", readonly=True)
    warning_days = fields.Integer(readonly=True)
    suspended_on = fields.Date("Investigation Begun", readonly=True, tracking=True)
    suspension_ended_on = fields.Date("Investigation Concluded", readonly=True, tracking=True)
    deadline = fields.Date(
        "Return By", readonly=True, index=True, tracking=True, help="Empty: no deadline by law."
    )
    days_left = fields.Integer(compute="_compute_clock")
    clock_status = fields.Selection(
        [
            ("none", "No Deadline"),
            ("running", "Running"),
            ("suspended", "Suspended"),
            ("warning", "Due Soon"),
            ("overdue", "Overdue"),
        ],
        "Clock",
        compute="_compute_clock",
    )
    severity = fields.Selection(SEVERITIES, compute="_compute_clock")
    clock_note = fields.Char("What the Clock Says", compute="_compute_clock_note")
    action_ids = fields.Many2many(
        "hc.controlled.action", string="Controlled Actions", readonly=True, copy=False
    )
    adjustment_id = fields.Many2one(
        "hc.provider.adjustment", "Announced By", readonly=True, copy=False
    )
    correction_note = fields.Text(readonly=True, copy=False)
    resolution = fields.Selection(RESOLUTIONS, "Resolved By", readonly=True, copy=False)
    resolved_on = fields.Date(readonly=True, copy=False)

    _name_unique = models.UniqueIndex("(company_id, name)", "This number is taken.")
    _open_once = models.UniqueIndex(
        "(company_id, source_key) WHERE state != 'resolved'", "This credit is open already."
    )

    @api.depends("deadline", "suspended_on", "suspension_ended_on", "state")
    def _compute_clock(self):
        today = fields.Date.context_today(self)
        for credit in self:
            left = (credit.deadline - today).days if credit.deadline else 0
            credit.days_left = left
            credit.clock_status = status = credit._get_clock_status(left, today)
            credit.severity = {"overdue": "critical", "warning": "error"}.get(status, "warning")

    @api.depends("clock_status", "deadline", "resolution", "suspended_on")
    def _compute_clock_note(self):
        resolutions = dict(self._fields["resolution"]._description_selection(self.env))
        for credit in self:
            values = {
                "day": format_date(self.env, credit.deadline),
                "days": credit.days_left,
                "begun": format_date(self.env, credit.suspended_on),
                "resolved": format_date(self.env, credit.resolved_on),
                "resolution": resolutions.get(credit.resolution, ""),
            }
            if credit.state == "resolved":
                note = self.env._(
                    "The ledger shows no credit since %(resolved)s: %(resolution)s.", **values
                )
            else:
                note = {
                    "overdue": self.env._(
                        "Overdue: it was to be returned by %(day)s. Tell compliance.", **values
                    ),
                    "warning": self.env._(
                        "To be returned by %(day)s: %(days)s day(s) are left.", **values
                    ),
                    "suspended": self.env._(
                        "The clock stands still for the investigation that began on %(begun)s. "
                        "It is to be returned by %(day)s at the latest.",
                        **values,
                    ),
                }.get(credit.clock_status)
            credit.clock_note = note or False

    def _get_clock_status(self, days_left, as_of):
        if not self.deadline or self.state not in OPEN_CREDIT_STATES:
            return "none"
        if days_left < 0:
            return "overdue"
        if self._get_clock().is_suspended(as_of):
            return "suspended"
        return "warning" if days_left <= self.warning_days else "running"

    def _get_clock(self):
        self.ensure_one()
        return Clock(
            self.identified_on,
            self.return_days,
            self.suspension_days,
            self.suspended_on or None,
            self.suspension_ended_on or None,
        )

    def _set_clock(self, **values):
        """Change what the clock is made of, and its deadline with it."""
        self.ensure_one()
        self._write_guarded(values)
        self._write_guarded({"deadline": self._get_clock().deadline or False})

    @api.depends("name", "amount", "currency_id")
    def _compute_display_name(self):
        for credit in self:
            credit.display_name = f"{credit.name} {credit.currency_id.format(credit.amount)}"

    def _get_creation_facts(self):
        return {"source": self.source, "case": self.case_id.id, "answer": self.answer_id.id}
