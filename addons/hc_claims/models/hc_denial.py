# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.models.hc_adjustment_code import CATEGORIES

from ..lifecycles import DENIAL, DENIAL_OPEN_STATES, DENIAL_TO_DO_STATES

ROOT_CAUSES = [
    ("registration", "Registration and Coverage"),
    ("authorization", "Authorization"),
    ("coding", "Coding"),
    ("clinical", "Clinical Documentation"),
    ("submission", "Claim Submission"),
    ("enrollment", "Provider Enrollment"),
    ("benefit", "Benefit and Patient"),
    ("payer", "Payer and Contract"),
    ("other", "Unknown"),
]
RESOLUTIONS = [
    ("paid", "Paid"),
    ("adjusted", "Settled Without Payment"),
    ("reversed", "Answer Taken Back"),
    ("denied_again", "Denied Again"),
    ("written_off", "Written Off"),
    ("transferred", "Moved to Patient"),
    ("not_pursued", "Not Pursued"),
    ("undone", "Remittance Undone"),
]


class HcDenial(models.Model):
    """What a payer refuses to pay on one line of a claim, or on the claim as a whole.

    It is made when the answer is posted, one for each denied line of each answer, and says what
    the payer said, what can be done, until when, and what it is worth. What happens next is a
    correction, an appeal, or a write-off that others agree to.
    """

    _name = "hc.denial"
    _description = "Denial"
    _inherit = [
        "hc.lifecycle.mixin",
        "hc.batch.mixin",
        "hc.phi.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "urgency desc, deadline, id desc"
    _rec_names_search = ["name", "reason_code"]
    _check_company_auto = True
    _lifecycles = {"state": DENIAL}
    _guarded_fields = frozenset(
        {
            "name",
            "answer_id",
            "service_id",
            "claim_line_id",
            "charge_id",
            "practitioner_id",
            "procedure_code",
            "service_date",
            "denied_on",
            "group_code",
            "reason_code",
            "reason_summary",
            "remark_codes",
            "code_id",
            "category",
            "root_cause",
            "preventable",
            "remedy",
            "no_appeal",
            "is_appealable",
            "resubmission",
            "amount_charged",
            "amount_denied",
            "amount_recovered",
            "level",
            "appeal_deadline",
            "correction_deadline",
            "deadline",
            "overturn_percent",
            "overturn_note",
            "expected_value",
            "appeal_result",
            "resolution",
            "resolved_on",
            "closing_answer_id",
            "previous_id",
            "correction_claim_id",
            "write_off_action_id",
        }
    )

    name = fields.Char("Denial", required=True, readonly=True)
    state = fields.Selection(
        selection=lambda self: self._get_lifecycle("state").selection(),
        default="new",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    answer_id = fields.Many2one(
        "hc.remittance.claim", required=True, readonly=True, index=True, ondelete="restrict"
    )
    service_id = fields.Many2one(
        "hc.remittance.service", "Answered Service", readonly=True, index="btree_not_null"
    )
    claim_id = fields.Many2one(related="answer_id.claim_id", store=True, index=True)
    claim_line_id = fields.Many2one("hc.claim.line", readonly=True, index="btree_not_null")
    charge_id = fields.Many2one("hc.charge", readonly=True, index="btree_not_null")
    case_id = fields.Many2one(related="claim_id.case_id", store=True, index=True)
    payer_id = fields.Many2one(related="claim_id.payer_id", store=True, index=True)
    facility_id = fields.Many2one(related="claim_id.facility_id", store=True, index=True)
    patient_id = fields.Many2one(related="claim_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="answer_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    practitioner_id = fields.Many2one("hc.practitioner", "Provider", readonly=True, index=True)
    procedure_code = fields.Char("Procedure", readonly=True)
    service_date = fields.Date("Service", readonly=True)
    denied_on = fields.Date("Denied", required=True, readonly=True, index=True)
    group_code = fields.Char("Group", required=True, readonly=True, index=True)
    reason_code = fields.Char("Reason", required=True, readonly=True, index=True)
    reason_summary = fields.Char("All Reasons", readonly=True)
    remark_codes = fields.Char("Remarks", readonly=True)
    code_id = fields.Many2one("hc.adjustment.code", "Meaning", readonly=True, ondelete="restrict")
    category = fields.Selection(CATEGORIES, readonly=True, index=True)
    root_cause = fields.Selection(ROOT_CAUSES, readonly=True, index=True)
    preventable = fields.Selection(
        [("yes", "Yes"), ("partly", "Partly"), ("no", "No")], readonly=True
    )
    remedy = fields.Selection(
        [("corrected_claim", "Corrected Claim"), ("appeal", "Appeal"), ("no", "None")],
        readonly=True,
    )
    is_appealable = fields.Boolean("Appealable", readonly=True)
    no_appeal = fields.Selection(
        [
            ("unprocessable", "Unprocessable (MA130): correct it and send a new claim"),
            ("no_rights", "The payer's remark says that there is no right to appeal"),
            ("no_remedy", "The reason admits no remedy"),
        ],
        "Why No Appeal",
        readonly=True,
    )
    resubmission = fields.Selection(
        [("replacement", "Replacement Claim"), ("new_claim", "New Claim")],
        "Corrected By",
        readonly=True,
    )
    amount_charged = fields.Monetary("Charged", readonly=True)
    amount_denied = fields.Monetary("Denied Amount", readonly=True)
    amount_recovered = fields.Monetary("Recovered", readonly=True)
    level = fields.Integer("Next Appeal Level", readonly=True, default=1, aggregator=None)
    appeal_deadline = fields.Date(readonly=True)
    correction_deadline = fields.Date(readonly=True)
    deadline = fields.Date(readonly=True, index=True, help="The first of those that apply.")
    overturn_percent = fields.Float("Chance (%)", digits=(5, 1), readonly=True, aggregator="avg")
    overturn_note = fields.Char("Chance Because", readonly=True)
    expected_value = fields.Monetary(
        readonly=True, help="Denied amount × chance that an appeal or correction wins."
    )
    appeal_result = fields.Selection(
        [("won", "Won"), ("lost", "Lost")], "Last Appeal", readonly=True, index=True
    )
    resolution = fields.Selection(RESOLUTIONS, readonly=True, copy=False, index=True)
    resolved_on = fields.Date("Resolved", readonly=True, copy=False)
    closing_answer_id = fields.Many2one(
        "hc.remittance.claim", "Closed By Answer", readonly=True, index="btree_not_null"
    )
    previous_id = fields.Many2one(
        "hc.denial", "Denied Before As", readonly=True, index="btree_not_null"
    )
    correction_claim_id = fields.Many2one(
        "hc.claim", "Corrected Claim", readonly=True, index="btree_not_null"
    )
    write_off_action_id = fields.Many2one(
        "hc.controlled.action", "Write-Off", readonly=True, index="btree_not_null"
    )
    responsible_user_id = fields.Many2one("res.users", "Specialist", index=True)

    _line_unique = models.UniqueIndex(
        "(answer_id, coalesce(service_id, 0)) WHERE state <> 'void'",
        "This line of the answer has its denial already.",
    )
    _amount_positive = models.Constraint(
        "CHECK (amount_denied > 0)", "A denial is of an amount above zero."
    )

    @property
    def _is_open(self):
        return self.state in DENIAL_OPEN_STATES

    def _get_creation_facts(self):
        return {
            "answer": self.answer_id.id,
            "claim": self.claim_id.id,
            "reason": self.reason_summary,
            "category": self.category or "",
        }

    @api.model
    def _create_quietly(self, vals_list):
        """Create denials; the log is their audit trail, so chatter says nothing of it."""
        quiet = self.sudo().with_context(
            tracking_disable=True, mail_create_nosubscribe=True, mail_create_nolog=True
        )
        return quiet._create_guarded(vals_list).with_env(self.sudo().env)

    def _prepare_move_vals(self, target, field_name):
        vals = super()._prepare_move_vals(target, field_name)
        if target in DENIAL_OPEN_STATES:
            vals |= {"resolution": False, "resolved_on": False, "closing_answer_id": False}
        elif target == "written_off":
            vals |= {"resolution": "written_off", "resolved_on": self._get_today()}
        elif target == "void":
            vals |= {"resolution": "undone", "resolved_on": self._get_today()}
        return vals

    @api.model
    def _get_today(self):
        return fields.Date.context_today(self)

    def _move(self, target, field_name, reason, facts, on_behalf_of):
        result = super()._move(target, field_name, reason, facts, on_behalf_of)
        if target in DENIAL_TO_DO_STATES:
            self.filtered(lambda denial: denial.state == target)._open_work_items()
        else:
            self._resolve_work_items()
        return result

    def _close(self, resolution, *, answer=None, recovered=0.0, reason=None):
        """Close denials that are open; of those closed by a reversal, note what came of them.

        :param answer: the payer's answer that settles them
        :param float recovered: what it paid of the denied amount
        """
        facts = {"resolution": resolution, "answer": answer.id if answer else 0}
        moved, closed, _other = self._transition_where_allowed("closed", reason=reason, facts=facts)
        values = {
            "resolution": resolution,
            "resolved_on": self._get_today(),
            "closing_answer_id": answer.id if answer else False,
            "amount_recovered": recovered,
        }
        closed = (closed - moved).filtered(lambda denial: denial.resolution == "reversed")
        if closed:
            closed._log_decision(facts=facts)
        (moved | closed)._write_guarded(values)

    def _reopen(self):
        """What had closed the denials is undone: they are to do again."""
        moved, _there, _other = self._transition_where_allowed(
            "in_work", reason=self.env._("what had closed it was undone")
        )
        moved._write_guarded({"amount_recovered": 0.0})
