# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_date, split_every

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_claim_core.eligibility import SPEAKING_OUTCOMES, normalized
from ..hc_claim_core.eligibility_codes import describe_reject, what_to_do

CHANNELS = [
    ("x12", "Payer's Answer (271)"),
    ("portal", "Payer's Portal"),
    ("phone", "Phone Call"),
]
OUTCOMES = [
    ("active", "Active"),
    ("inactive", "Inactive"),
    ("rejected", "Member Not Confirmed"),
    ("unavailable", "No Statement"),
]
_ROWS_PER_UPDATE = 1000
# What the coverage says then, in the words of the base.
_STATUS_BY_OUTCOME = {"active": "active", "inactive": "inactive", "rejected": "not_found"}


class HcEligibilityAnswer(models.Model):
    """What was found out about a coverage on a day: by a 271, on a portal or by phone.

    Answers are written once. The newest that speaks about the member is in force and stands on
    the coverage; those before it stay as they were.
    """

    _name = "hc.eligibility.answer"
    _description = "Eligibility Answer"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _order = "checked_on desc, id desc"
    # All of it: what was answered stays as it was answered.
    _guarded_fields = frozenset(
        {
            "coverage_id",
            "inquiry_id",
            "payer_id",
            "channel",
            "outcome",
            "checked_on",
            "service_date",
            "plan_name",
            "plan_date_from",
            "plan_date_to",
            "member_id",
            "reject_codes",
            "other_payer",
            "reference",
            "note",
            "attachment_id",
            "exchange_id",
            "recorded_by_id",
            "received_at",
            "digest",
            "benefit_ids",
        }
    )
    _guarded_line_models = ("hc.coverage.benefit",)

    coverage_id = fields.Many2one(
        "hc.coverage", required=True, readonly=True, index=True, ondelete="restrict"
    )
    patient_id = fields.Many2one(related="coverage_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="coverage_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    payer_id = fields.Many2one(
        "hc.payer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    inquiry_id = fields.Many2one(
        "hc.eligibility.inquiry",
        "Question",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: nobody had asked.",
    )
    channel = fields.Selection(CHANNELS, "Found Out By", required=True, readonly=True)
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True, index=True)
    checked_on = fields.Date("Checked", required=True, readonly=True, index=True)
    service_date = fields.Date("Asked For", readonly=True)
    plan_name = fields.Char(readonly=True)
    plan_date_from = fields.Date("Plan From", readonly=True)
    plan_date_to = fields.Date("Plan To", readonly=True)
    member_id = fields.Char("Member ID Answered", readonly=True, groups=PHI_GROUP)
    reject_codes = fields.Char(
        "AAA", readonly=True, help="Reason and follow-up action of each rejection."
    )
    reject_text = fields.Text("Why", compute="_compute_reject_text")
    advice = fields.Text("What to Do", compute="_compute_reject_text")
    other_payer = fields.Char(readonly=True, groups=PHI_GROUP)
    reference = fields.Char(readonly=True, help="The payer's reference number of a call or page.")
    note = fields.Text(readonly=True, groups=PHI_GROUP)
    # An attachment that names this field in its ``res_field`` is as closed as the field itself.
    attachment_id = fields.Many2one("ir.attachment", "Evidence", readonly=True, groups=PHI_GROUP)
    exchange_id = fields.Many2one(
        "hc.exchange", "Document", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    recorded_by_id = fields.Many2one("res.users", readonly=True)
    received_at = fields.Datetime("Received", required=True, readonly=True, index=True)
    is_in_force = fields.Boolean(
        "In Force", compute="_compute_is_in_force", search="_search_is_in_force"
    )
    benefit_ids = fields.One2many(
        "hc.coverage.benefit", "answer_id", "Benefits", readonly=True, groups=PHI_GROUP
    )
    digest = fields.Char(required=True, readonly=True)

    _digest_unique = models.UniqueIndex("(company_id, digest)", "This answer is on record already.")

    @api.depends("outcome", "checked_on", "channel")
    def _compute_display_name(self):
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for answer in self:
            day = format_date(self.env, answer.checked_on)
            answer.display_name = f"{labels.get(answer.outcome, '')} ({day})"

    @api.depends("reject_codes", "outcome")
    def _compute_reject_text(self):
        for answer in self:
            pairs = [pair.partition("/")[::2] for pair in (answer.reject_codes or "").split()]
            answer.reject_text = "\n".join(describe_reject(*pair) for pair in pairs)
            answer.advice = what_to_do({reason for reason, _action in pairs}) if pairs else False

    @api.depends("coverage_id.eligibility_answer_id")
    def _compute_is_in_force(self):
        for answer in self:
            answer.is_in_force = answer.coverage_id.eligibility_answer_id == answer

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        coverages = self.env["hc.coverage"].with_context(active_test=False)
        query = coverages._search([("eligibility_answer_id", "!=", False)])
        return [("id", "in", query.subselect("eligibility_answer_id"))]

    @api.model
    def _note(self, vals_list):
        """Store answers that are not on record yet, and let coverages and questions follow.

        :param vals_list: values with ``digest``, without ``received_at``
        :return: the new answers; what was answered before is no news, whatever file it comes in
        """
        now = self.env.cr.now().replace(microsecond=0)
        by_key = {}
        coverages = self.env["hc.coverage"].browse([vals["coverage_id"] for vals in vals_list])
        for vals, coverage in zip(vals_list, coverages, strict=True):
            key = coverage.company_id.id, vals["digest"]
            by_key.setdefault(key, {**vals, "received_at": now})
        known = self.sudo().search_fetch(
            [("digest", "in", [digest for _company, digest in by_key])], ["company_id", "digest"]
        )
        for answer in known:
            by_key.pop((answer.company_id.id, answer.digest), None)
        answers_sudo = self.sudo()._create_guarded(list(by_key.values()))
        answers_sudo._follow()
        return answers_sudo

    def _follow(self):
        """Put answers on their coverages where they are the newest, and end their questions."""
        self.filtered(lambda answer: answer.outcome in SPEAKING_OUTCOMES)._apply_to_coverages()
        for target, outcomes in (
            ("answered", ("active", "inactive")),
            ("rejected", ("rejected", "unavailable")),
        ):
            answers = self.filtered(lambda answer, outcomes=outcomes: answer.outcome in outcomes)
            inquiries = answers.inquiry_id
            inquiries.invalidate_recordset(["answer_ids"], flush=False)
            inquiries._transition_where_allowed(
                target,
                facts={
                    "by_id": {
                        answer.inquiry_id.id: {"answer": answer.id, "outcome": answer.outcome}
                        for answer in answers
                        if answer.inquiry_id
                    }
                },
            )
        self.filtered(lambda answer: answer.outcome in ("rejected", "unavailable"))._open_rejected()

    def _apply_to_coverages(self):
        """Let coverages say what the newest answer says; what a person typed is not overwritten.

        The base's fields of the last check follow. The coverage's own dates and numbers stay as
        they were typed: where the payer says otherwise, a person decides.
        """
        newest = {}
        for answer in self.sorted(lambda each: (each.checked_on, each.id)):
            newest[answer.coverage_id] = answer
        items, applied, alike = [], {}, defaultdict(self.env["hc.coverage"].browse)
        for coverage, answer in newest.items():
            if coverage._is_checked_after(answer):
                continue
            differences = answer._get_differences()
            if differences:
                items.append(answer._prepare_difference_vals(differences))
            applied[coverage.id] = answer.id
            alike[tuple(answer._prepare_coverage_vals().items())] += coverage
        self._put_in_force(applied)
        # Those that say the same are written together: rules run on each set, not on each record.
        for vals, coverages in alike.items():
            coverages.write(dict(vals))
        self.env["hc.work.item"]._open(items)

    @api.model
    def _put_in_force(self, applied):
        """Let each coverage name its answer; by SQL, for each names another.

        :param applied: ``{coverage id: answer id}``
        """
        if not applied:
            return
        coverages = self.env["hc.coverage"].browse(applied)
        coverages.flush_recordset()
        for part in split_every(_ROWS_PER_UPDATE, applied.items()):
            self.env.execute_query(
                SQL(
                    """UPDATE hc_coverage coverage SET eligibility_answer_id = newest.answer_id
                         FROM (VALUES %s) AS newest(coverage_id, answer_id)
                        WHERE coverage.id = newest.coverage_id RETURNING coverage.id""",
                    SQL(", ").join(SQL("(%s, %s)", *pair) for pair in part),
                )
            )
        coverages.invalidate_recordset(["eligibility_answer_id"], flush=False)
        coverages.modified(["eligibility_answer_id"])

    def _prepare_coverage_vals(self):
        """What the coverage says once the answer is in force; a module adds to ``super()``."""
        self.ensure_one()
        channel = dict(self._fields["channel"]._description_selection(self.env))[self.channel]
        return {
            "eligibility_status": _STATUS_BY_OUTCOME[self.outcome],
            "eligibility_checked_on": self.checked_on,
            "eligibility_note": " ".join(filter(None, [channel, self.reference])),
        }

    def _get_differences(self):
        """Where the answer contradicts what a person typed on the coverage, as texts."""
        self.ensure_one()
        coverage, found = self.coverage_id, []
        if coverage._is_status_typed() and self.outcome != "active":
            typed = coverage.eligibility_status
            if typed != _STATUS_BY_OUTCOME[self.outcome]:
                labels = dict(
                    coverage._fields["eligibility_status"]._description_selection(self.env)
                )
                found.append(self.env._("Typed as %(typed)s.", typed=labels[typed]))
        if self.outcome == "rejected":
            return found
        found.extend(
            self.env._(
                "%(field)s: typed %(typed)s, the payer says %(answered)s.",
                field=coverage._fields[name]._description_string(self.env),
                typed=coverage[name],
                answered=self[f"plan_{name}"],
            )
            for name in self._get_contradicted_dates()
        )
        if self.member_id and normalized(self.member_id) != normalized(coverage.member_id or ""):
            # The numbers themselves stay behind the rights for patient data.
            found.append(self.env._("Member ID: the payer has another one."))
        return found

    def _get_contradicted_dates(self):
        """Names of the coverage's dates that the answer contradicts.

        Payers often name the beginning of the benefit year: an earlier typed day is no
        contradiction unless the plan had not begun on the day that was asked for.
        """
        self.ensure_one()
        coverage, begin, end = self.coverage_id, self.plan_date_from, self.plan_date_to
        asked = self.service_date or self.checked_on
        if begin and coverage.date_from and coverage.date_from <= asked < begin:
            yield "date_from"
        if end and coverage.date_to and coverage.date_to != end:
            yield "date_to"

    def _prepare_difference_vals(self, differences):
        return {
            "kind": "eligibility_difference",
            "severity": "warning",
            "queue_code": "patient_access",
            "dedup_key": f"eligibility_difference:{self.coverage_id.id}",
            "name": self.env._(
                "%(payer)s says otherwise than the coverage", payer=self.payer_id.name
            ),
            "description": "\n".join(
                [*differences, self.env._("Ask the patient, then correct the coverage or keep it.")]
            ),
            "company_id": self.company_id.id,
            "res_model": "hc.coverage",
            "res_id": self.coverage_id.id,
        }

    def _open_rejected(self):
        """A rejection says why and what to do; somebody has to do it."""
        items = [
            answer.inquiry_id._prepare_item_vals(
                "eligibility_rejected",
                self.env._("%(inquiry)s was rejected", inquiry=answer.inquiry_id.name),
                "\n".join(filter(None, [answer.reject_text, answer.advice]))
                or self.env._("The payer says neither active nor inactive. Ask it by phone."),
            )
            for answer in self
            if answer.inquiry_id.state == "rejected"
        ]
        self.env["hc.work.item"]._open(items)

    def action_open_document(self):
        """Open the document that the answer came in."""
        self.ensure_one()
        return self.exchange_id._get_form_action()

    def action_open_inquiry(self):
        """Open the question."""
        self.ensure_one()
        return self.inquiry_id._open_inquiries(self.inquiry_id)
