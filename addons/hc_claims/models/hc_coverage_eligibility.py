# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..hc_claim_core.eligibility import check_status, first_fresh_day, key_benefits

CHECK_STATUSES = [
    ("never", "Never Checked"),
    ("fresh", "Active, Fresh"),
    ("stale", "Active, Stale"),
    ("inactive", "Inactive"),
    ("rejected", "Not Confirmed"),
]
_TONES = {"fresh": "success", "stale": "warning", "never": "secondary"}


class HcCoverage(models.Model):
    """What the payer says of a coverage, and how much that is worth on a day.

    The base's fields of the last check are what readiness reads; the answer in force writes them.
    """

    _inherit = "hc.coverage"

    eligibility_answer_id = fields.Many2one(
        "hc.eligibility.answer",
        "Answer in Force",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    eligibility_answer_ids = fields.One2many(
        "hc.eligibility.answer", "coverage_id", "Answers", readonly=True
    )
    eligibility_inquiry_ids = fields.One2many(
        "hc.eligibility.inquiry", "coverage_id", "Questions", readonly=True
    )
    eligibility_answer_count = fields.Integer(compute="_compute_eligibility_counts")
    eligibility_inquiry_count = fields.Integer(compute="_compute_eligibility_counts")
    eligibility_check = fields.Selection(
        CHECK_STATUSES,
        "Check",
        compute="_compute_eligibility_check",
        search="_search_eligibility_check",
        help="What the last check is worth today.",
    )
    is_eligibility_asked = fields.Boolean(
        "Being Asked",
        compute="_compute_eligibility_counts",
        help="A question waits for its answer.",
    )
    plan_date_from = fields.Date(
        "Plan From, as Answered", related="eligibility_answer_id.plan_date_from"
    )
    plan_date_to = fields.Date("Plan To, as Answered", related="eligibility_answer_id.plan_date_to")
    benefit_ids = fields.One2many(
        "hc.coverage.benefit",
        "coverage_id",
        "Benefits in Force",
        domain=[("is_in_force", "=", True)],
        readonly=True,
        groups=PHI_GROUP,
    )
    eligibility_card = fields.Html(
        "Eligibility", compute="_compute_eligibility_card", sanitize=False, groups=PHI_GROUP
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"eligibility_answer_id"}

    def _compute_eligibility_counts(self):
        def counted(model, domain=()):
            rows = self.env[model]._read_group(
                [("coverage_id", "in", self.ids), *domain], ["coverage_id"], ["__count"]
            )
            return {coverage.id: count for coverage, count in rows}

        answers = counted("hc.eligibility.answer")
        inquiries = counted("hc.eligibility.inquiry")
        waiting = counted("hc.eligibility.inquiry", [("state", "in", ("draft", "sent"))])
        for coverage in self:
            coverage.eligibility_answer_count = answers.get(coverage.id, 0)
            coverage.eligibility_inquiry_count = inquiries.get(coverage.id, 0)
            coverage.is_eligibility_asked = coverage.id in waiting

    @api.depends(
        "eligibility_status",
        "eligibility_checked_on",
        "payer_id.eligibility_fresh_days",
        "payer_id.eligibility_same_month",
    )
    def _compute_eligibility_check(self):
        today = fields.Date.context_today(self)
        for coverage in self:
            coverage.eligibility_check = coverage._get_eligibility_check(today)

    def _get_eligibility_check(self, as_of):
        """What the last check is worth on a day: a key of ``CHECK_STATUSES``."""
        self.ensure_one()
        payer = self.payer_id
        return check_status(
            self.eligibility_status,
            self.eligibility_checked_on or None,
            as_of,
            payer.eligibility_fresh_days,
            payer.eligibility_same_month,
        )

    @api.model
    def _search_eligibility_check(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        month = today.replace(day=1)
        self.flush_model(["eligibility_status", "eligibility_checked_on", "payer_id"])
        self.env["hc.payer"].flush_model(["eligibility_fresh_days", "eligibility_same_month"])
        query = SQL(
            """(SELECT coverage.id FROM hc_coverage coverage
                  JOIN hc_payer payer ON payer.id = coverage.payer_id
                 WHERE CASE
                       WHEN coverage.eligibility_checked_on IS NULL
                         OR coverage.eligibility_status = 'unknown' THEN 'never'
                       WHEN coverage.eligibility_status = 'inactive' THEN 'inactive'
                       WHEN coverage.eligibility_status = 'not_found' THEN 'rejected'
                       WHEN coverage.eligibility_checked_on
                         >= %(today)s::date - COALESCE(payer.eligibility_fresh_days, 0)
                        AND (NOT COALESCE(payer.eligibility_same_month, FALSE)
                             OR coverage.eligibility_checked_on >= %(month)s) THEN 'fresh'
                       ELSE 'stale' END = ANY(%(wanted)s))""",
            today=today,
            month=month,
            wanted=[each for each in value if each],
        )
        return [("id", "in", query)]

    def _is_status_typed(self):
        """Whether the status of the last check was typed, and not found out by an answer."""
        self.ensure_one()
        answer = self.eligibility_answer_id
        if self.eligibility_status == "unknown":
            return False
        return not answer or (
            answer._prepare_coverage_vals()["eligibility_status"],
            answer.checked_on,
        ) != (self.eligibility_status, self.eligibility_checked_on)

    def _is_checked_after(self, answer):
        """Whether what the coverage says is newer than an answer, however late that came."""
        self.ensure_one()
        current = self.eligibility_answer_id
        if current and (current.checked_on, current.id) > (answer.checked_on, answer.id):
            return True
        return bool(
            self._is_status_typed()
            and self.eligibility_checked_on
            and self.eligibility_checked_on > answer.checked_on
        )

    def action_check_eligibility(self):
        """Ask the payer now: one question, written into a file at once."""
        return self._ask_now({})

    def _ask_now(self, vals):
        """Ask about the coverage for today, or what ``vals`` say; open the question."""
        self.ensure_one()
        self.check_access("read")
        inquiries = self.env["hc.eligibility.inquiry"]
        inquiries.check_access("write")
        if not self.payer_id:
            raise UserError(self.env._("Without a payer there is nobody to ask."))
        question = {
            "coverage_id": self.id,
            "service_date_from": fields.Date.context_today(self),
            **vals,
        }
        inquiry = inquiries._request([question])
        inquiry.sudo().filtered(lambda each: each.state in ("draft", "held"))._submit()
        return inquiries._open_inquiries(inquiry)

    def action_open_manual_check(self):
        """Record what was found out by portal or phone."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Record Manual Check"),
            "res_model": "hc.eligibility.manual.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_coverage_id": self.id},
        }

    def action_open_eligibility_answers(self):
        """Open all answers about the coverage."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_eligibility_answer_action"
        )
        return action | {"domain": [("coverage_id", "=", self.id)], "context": {}}

    def action_open_eligibility_inquiries(self):
        """Open all questions about the coverage."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_eligibility_inquiry_action"
        )
        return action | {"domain": [("coverage_id", "=", self.id)], "context": {}}

    def action_open_benefits(self):
        """Open what the answers say, the statements in force first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_claims.hc_coverage_benefit_action"
        )
        return action | {
            "domain": [("coverage_id", "=", self.id)],
            "context": {"search_default_in_force": 1},
        }

    @api.depends("eligibility_answer_id", "eligibility_status", "eligibility_checked_on")
    def _compute_eligibility_card(self):
        today = fields.Date.context_today(self)
        for coverage in self:
            coverage.eligibility_card = coverage._render_eligibility_card(today)

    def _render_eligibility_card(self, as_of):
        """The card of one or several coverages: what the desk needs to know on a day."""
        if not self:
            return False
        return self.env["ir.qweb"]._render(
            "hc_claims.hc_eligibility_card",
            {"cards": [coverage._prepare_eligibility_card(as_of) for coverage in self]},
        )

    def _prepare_eligibility_card(self, as_of):
        """Values of the card; a module adds to ``super()``."""
        self.ensure_one()
        answer = self.eligibility_answer_id
        check = self._get_eligibility_check(as_of)
        currency = self.company_id.currency_id
        found = key_benefits(answer.benefit_ids._to_rows())

        def money(amount):
            return currency.format(float(amount)) if amount is not None else "–"

        percent = found.coinsurance_percent
        return {
            "title": self.display_name,
            "check": check,
            "tone": _TONES.get(check, "danger"),
            "label": dict(self._fields["eligibility_check"]._description_selection(self.env))[
                check
            ],
            "is_asked": self.is_eligibility_asked,
            "checked_on": self.eligibility_checked_on,
            "age_days": (as_of - self.eligibility_checked_on).days
            if self.eligibility_checked_on
            else None,
            "as_of": as_of,
            "note": self.eligibility_note or "",
            "plan": answer.plan_name or self.plan_name or "",
            "plan_date_from": answer.plan_date_from,
            "plan_date_to": answer.plan_date_to,
            "covers_day": answer._covers(as_of, as_of) if answer else None,
            "has_answer": bool(answer),
            "deductible_left": money(found.deductible_left),
            "out_of_pocket_left": money(found.out_of_pocket_left),
            "copay": money(found.copay),
            "coinsurance": f"{float(percent):g}%" if percent is not None else "–",
            "other_payer": answer.other_payer or "" if found.has_other_payer else "",
            "limit_used_up": found.limit_used_up,
            "why": answer.reject_text or "",
            "advice": answer.advice or "",
        }

    def _get_first_fresh_day(self, day):
        """The earliest day of an answer that counts on a day."""
        payer = self.payer_id
        return first_fresh_day(day, payer.eligibility_fresh_days, payer.eligibility_same_month)


class HcEligibilityAnswer(models.Model):
    _inherit = "hc.eligibility.answer"

    def _covers(self, first_day, last_day):
        """Whether the answer says that the coverage was active on all of these days."""
        self.ensure_one()
        return (
            self.outcome == "active"
            and not (self.plan_date_from and first_day < self.plan_date_from)
            and not (self.plan_date_to and last_day > self.plan_date_to)
        )
