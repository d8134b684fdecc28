# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What readiness rules may ask about eligibility and authorizations, loaded for a whole batch."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL, float_compare, float_repr

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec

from ..hc_claim_core.eligibility import NEVER, check_status, is_fresh, key_benefits
from .hc_authorization_use import Use

_SPECS = (
    FactSpec("eligibility_check", "text", "Eligibility: worth of the last check", False),
    FactSpec("eligibility_age_days", "integer", "Eligibility: age of the answer at service"),
    FactSpec("has_eligibility_answer", "boolean", "Eligibility: an answer is in force", False),
    FactSpec(
        "coverage_active_at_service", "boolean", "Eligibility: active at service, as answered"
    ),
    FactSpec("eligibility_names_other_payer", "boolean", "Eligibility: another payer is named"),
    FactSpec("benefit_limit_used_up", "boolean", "Eligibility: a benefit limit is used up"),
    FactSpec("authorization_units_left", "decimal", "Authorization: fewest units left"),
    FactSpec("authorization_visits_left", "integer", "Authorization: fewest visits left"),
    FactSpec("authorizations_expired", "text_list", "Authorization: not valid at service"),
    FactSpec("authorizations_used_up", "text_list", "Authorization: nothing left"),
    FactSpec("authorizations_exceeded", "text_list", "Authorization: more used than approved"),
)


class HcBillingCase(models.Model):
    _inherit = "hc.billing.case"

    @api.model
    def _get_readiness_facts(self):
        return super()._get_readiness_facts() + _SPECS

    def _load_readiness_facts(self, as_of):
        facts = super()._load_readiness_facts(as_of)
        self._load_eligibility_facts(facts)
        self._load_authorization_facts(facts)
        return facts

    def _load_eligibility_facts(self, facts):
        """Add what the last answers say, with one query and one reading of their benefits."""
        rows = self.env.execute_query(
            SQL(
                """SELECT hc_case.id,
                          COALESCE(hc_case.service_date_from, (encounter.started_at
                              AT TIME ZONE 'UTC' AT TIME ZONE facility.timezone)::date),
                          hc_case.service_date_to,
                          coverage.eligibility_status, coverage.eligibility_checked_on,
                          coverage.eligibility_answer_id,
                          COALESCE(payer.eligibility_fresh_days, 0),
                          COALESCE(payer.eligibility_same_month, FALSE)
                     FROM hc_billing_case hc_case
                     JOIN hc_encounter encounter ON encounter.id = hc_case.encounter_id
                     JOIN hc_facility facility ON facility.id = encounter.facility_id
                LEFT JOIN hc_coverage coverage ON coverage.id = encounter.primary_coverage_id
                LEFT JOIN hc_payer payer ON payer.id = coverage.payer_id
                    WHERE hc_case.id = ANY(%s)""",
                self.ids,
            )
        )
        answers = (
            self.env["hc.eligibility.answer"].sudo().browse({row[5] for row in rows if row[5]})
        )
        # One query for the statements of all answers.
        answers.benefit_ids.mapped("information")
        by_id = {answer.id: answer for answer in answers}
        for case_id, first_day, last_day, status, checked_on, answer_id, days, month in rows:
            case_facts = facts.get(case_id)
            if case_facts is None:
                continue
            answer = by_id.get(answer_id)
            found = key_benefits(answer.benefit_ids._to_rows()) if answer else None
            case_facts |= {
                "eligibility_check": check_status(status, checked_on, first_day, days, month)
                if status
                else NEVER,
                "eligibility_age_days": (first_day - checked_on).days if checked_on else None,
                "has_eligibility_answer": bool(answer),
                "coverage_active_at_service": answer._covers(first_day, last_day or first_day)
                if answer
                else None,
                "eligibility_names_other_payer": found.has_other_payer if found else None,
                "benefit_limit_used_up": found.limit_used_up if found else None,
            }
            # The base knows the days of a payer, not that answers end with their month.
            if checked_on:
                case_facts["eligibility_is_fresh"] = is_fresh(checked_on, first_day, days, month)

    def _load_authorization_facts(self, facts):
        """Add what is left of the authorizations behind the cases, with two queries."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT hc_case.id, approval.id, approval.number, approval.date_from,
                          approval.date_to, approval.approved_units,
                          COALESCE(approval.approved_visits, 0),
                          COALESCE(hc_case.service_date_from, approval.date_from),
                          COALESCE(hc_case.service_date_to, approval.date_from)
                     FROM hc_billing_case hc_case
                     JOIN hc_encounter encounter ON encounter.id = hc_case.encounter_id
                     JOIN hc_authorization approval
                       ON approval.id IN (encounter.authorization_id, encounter.referral_id)
                       OR approval.id IN (SELECT line.authorization_id FROM hc_service_line line
                                           WHERE line.encounter_id = encounter.id)
                    WHERE hc_case.id = ANY(%s)
                 ORDER BY hc_case.id, approval.number""",
                self.ids,
            )
        )
        uses = self.env["hc.authorization"]._load_uses({row[1] for row in rows})
        for case_facts in facts.values():
            case_facts |= {
                "authorization_units_left": None,
                "authorization_visits_left": None,
                "authorizations_expired": [],
                "authorizations_used_up": [],
                "authorizations_exceeded": [],
            }
        for case_id, approval_id, *approval in rows:
            if case_id in facts:
                _add_authorization(facts[case_id], uses.get(approval_id, Use()), *approval)


def _add_authorization(case_facts, use, number, valid_from, valid_to, units, visits, first, last):
    if first < valid_from or last > valid_to:
        case_facts["authorizations_expired"].append(number)
    rests = []
    if units:
        left = max(units - use.units, 0)
        rests.append(float_compare(units, use.units, 3))
        _keep_least(case_facts, "authorization_units_left", Decimal(float_repr(left, 3)))
    if visits:
        rests.append((visits > use.visits) - (visits < use.visits))
        _keep_least(case_facts, "authorization_visits_left", max(visits - use.visits, 0))
    if rests and min(rests) < 0:
        case_facts["authorizations_exceeded"].append(number)
    if rests and min(rests) <= 0:
        case_facts["authorizations_used_up"].append(number)


def _keep_least(case_facts, name, value):
    known = case_facts[name]
    case_facts[name] = value if known is None else min(known, value)
