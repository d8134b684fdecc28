# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import PERIOD_DAYS

from ..lifecycles import APPEAL_DECIDED_STATES, APPEAL_WON_STATES

TOPIC = "claims"
_SETTLED_STATES = ("closed", "written_off")


class HcKpiProvider(models.AbstractModel):
    """How much payers deny at first, how long that takes, and how often appeals win."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            *self._define_denial_rates(),
            self._define_denial_turnaround(),
            self._define_overturn_rate(),
        ]

    @api.model
    def _define_denial_rates(self):
        common = {
            "unit": "percent",
            "direction": "lower",
            "owner_role": "manager",
            "source": "HFMA MAP Key AR-5",
            "model": "hc.claim",
            "is_ratio": True,
            "topic": TOPIC,
        }
        return [
            KpiDefinition(
                code="initial_denial_rate",
                name=self.env._("Initial denial rate"),
                formula=self.env._(
                    "Claims with a denied line in their first answer ÷ claims first answered in "
                    "the last 30 days. Contractual and patient amounts, pended and reversed "
                    "answers, rejections and corrected claims do not count."
                ),
                default_target=Decimal(5),
                rows_method="_kpi_rows_denied_claims",
                **common,
            ),
            KpiDefinition(
                code="initial_denial_rate_amount",
                name=self.env._("Initial denial rate, in charges"),
                formula=self.env._(
                    "Charges of the denied lines of first answers ÷ charges of the claims first "
                    "answered in the last 30 days."
                ),
                default_target=Decimal(5),
                rows_method="_kpi_rows_denied_charges",
                **common,
            ),
        ]

    @api.model
    def _define_denial_turnaround(self):
        return KpiDefinition(
            code="denial_turnaround_days",
            name=self.env._("Denial turnaround"),
            formula=self.env._(
                "Mean days from posting to the end of a denial (paid, settled, written off, not "
                "pursued), over the denials that ended in the last 30 days."
            ),
            unit="days",
            direction="lower",
            owner_role="supervisor",
            default_target=Decimal(30),
            source="own",
            model="hc.denial",
            rows_method="_kpi_rows_denial_turnaround",
            is_ratio=True,
            topic=TOPIC,
        )

    @api.model
    def _define_overturn_rate(self):
        return KpiDefinition(
            code="denial_overturn_rate",
            name=self.env._("Appeals won"),
            formula=self.env._(
                "Appeals decided in favour, in full or in part ÷ appeals decided in the last 30 "
                "days. Appeals that wait or were withdrawn do not count."
            ),
            unit="percent",
            direction="higher",
            owner_role="manager",
            default_target=Decimal(45),
            source="own",
            model="hc.appeal",
            rows_method="_kpi_rows_overturned",
            is_ratio=True,
            topic=TOPIC,
        )

    @api.model
    def _kpi_rows_denied_claims(self, scope):
        return self._select_first_answers(
            SQL("CASE WHEN count(denied.line) > 0 THEN 1 ELSE 0 END::numeric"), SQL("1::numeric")
        )

    @api.model
    def _kpi_rows_denied_charges(self, scope):
        return self._select_first_answers(
            SQL("coalesce(sum(denied.amount_charged), 0)"), SQL("first.amount_charged")
        )

    @api.model
    def _select_first_answers(self, numerator, denominator):
        """The first answer to each original claim that stood at the moment, by the log."""
        return SQL(
            """SELECT first.as_of, first.claim_id AS res_id, %(numerator)s AS numerator,
                      %(denominator)s AS denominator, first.facility_id, first.payer_id,
                      first.department_id, NULL::varchar AS responsibility
                 FROM (SELECT DISTINCT ON (moments.as_of, claim.id)
                              moments.as_of, moments.until_at, claim.id AS claim_id,
                              answer.id AS answer_id, answer.amount_charged, claim.facility_id,
                              claim.payer_id, hc_case.department_id, life.posted_at
                         FROM moments
                         JOIN hc_claim claim ON claim.facility_id = moments.facility_id
                          AND claim.origin_claim_id IS NULL
                         JOIN hc_remittance_claim answer ON answer.claim_id = claim.id
                          AND answer.status_code NOT IN ('22', '25')
                         JOIN (SELECT res_id,
                                      min(occurred_at) FILTER (WHERE to_state = 'posted')
                                      AS posted_at,
                                      max(occurred_at) FILTER (WHERE to_state = 'undone')
                                      AS undone_at
                                 FROM hc_transition
                                WHERE res_model = 'hc.remittance.claim'
                                  AND to_state IN ('posted', 'undone')
                             GROUP BY res_id) AS life ON life.res_id = answer.id
                         JOIN hc_billing_case hc_case ON hc_case.id = claim.case_id
                        WHERE life.posted_at <= moments.until_at
                          AND (life.undone_at IS NULL OR life.undone_at > moments.until_at)
                     ORDER BY moments.as_of, claim.id, life.posted_at, answer.id) AS first
            LEFT JOIN (SELECT answer_id, coalesce(service_id, 0) AS line,
                              max(amount_charged) AS amount_charged
                         FROM hc_denial
                     GROUP BY answer_id, coalesce(service_id, 0)) AS denied
                   ON denied.answer_id = first.answer_id
                WHERE first.posted_at > first.until_at - %(days)s * interval '1 day'
             GROUP BY first.as_of, first.claim_id, first.amount_charged, first.facility_id,
                      first.payer_id, first.department_id""",
            numerator=numerator,
            denominator=denominator,
            days=PERIOD_DAYS,
        )

    @api.model
    def _kpi_rows_denial_turnaround(self, scope):
        return self._select_decided(
            "hc.denial", _SETTLED_STATES, self._get_days_to_last("hc.denial"), of_case=True
        )

    @api.model
    def _kpi_rows_overturned(self, scope):
        return self._select_decided(
            "hc.appeal", APPEAL_DECIDED_STATES, self._is_in(APPEAL_WON_STATES), of_case=True
        )
