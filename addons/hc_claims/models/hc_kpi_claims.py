# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import PERIOD_DAYS

from ..lifecycles import ADJUDICATED_STATES

TOPIC = "claims"


class HcKpiProvider(models.AbstractModel):
    """How claims go out and come back: clean, rejected, paid at once, how fast."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            self._define_claim_kpi(
                "clean_claim_rate",
                self.env._("Clean claim rate"),
                self.env._(
                    "Original claims that no edit held and nobody rejected ÷ original claims "
                    "submitted in the last 30 days."
                ),
                "higher",
                95,
                "HFMA CL-1",
            ),
            self._define_claim_kpi(
                "first_pass_yield",
                self.env._("First-pass yield"),
                self.env._(
                    "Original claims paid without rejection, denial or replacement ÷ claims first "
                    "adjudicated in the last 30 days."
                ),
                "higher",
                90,
                "industry practice",
            ),
            self._define_claim_kpi(
                "claim_rejection_rate",
                self.env._("Rejection rate"),
                self.env._(
                    "Claims rejected by TA1, 999 or 277CA ÷ claims submitted in the last 30 days. "
                    "A rejection is no denial."
                ),
                "lower",
                3,
                "industry practice",
            ),
            self._define_claim_kpi(
                "claim_turnaround_days",
                self.env._("Claim turnaround"),
                self.env._(
                    "Mean days from submission to the first posted answer, of claims first "
                    "answered in the last 30 days."
                ),
                "lower",
                30,
                "own",
                unit="days",
            ),
        ]

    @api.model
    def _define_claim_kpi(self, code, name, formula, direction, target, source, unit="percent"):
        return KpiDefinition(
            code=code,
            name=name,
            formula=formula,
            unit=unit,
            direction=direction,
            owner_role="manager",
            default_target=Decimal(target),
            source=source,
            model="hc.claim",
            rows_method=f"_kpi_rows_{code}",
            is_ratio=True,
            topic=TOPIC,
        )

    @api.model
    def _kpi_rows_clean_claim_rate(self, scope):
        return self._select_submitted(
            SQL("CASE WHEN %s OR %s THEN 0 ELSE 1 END", self._was("held"), self._was("rejected")),
            SQL("claim.version = 1 AND claim.frequency = '1'"),
        )

    @api.model
    def _kpi_rows_claim_rejection_rate(self, scope):
        return self._select_submitted(
            SQL("CASE WHEN %s THEN 1 ELSE 0 END", self._was("rejected")), SQL("TRUE")
        )

    @api.model
    def _was(self, state):
        """Whether a claim had been in a state by the end of the day."""
        return SQL(
            """EXISTS (SELECT FROM hc_transition entry
                        WHERE entry.res_model = 'hc.claim' AND entry.res_id = claim.id
                          AND entry.to_state = %s
                          AND entry.occurred_at <= moments.until_at)""",
            state,
        )

    @api.model
    def _select_submitted(self, numerator, condition):
        """Claims that were sent in the days before; not what a primary payer sent on."""
        return SQL(
            """SELECT moments.as_of, claim.id AS res_id, (%(numerator)s)::numeric AS numerator,
                      1::numeric AS denominator, claim.facility_id, claim.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_claim claim
                   ON claim.facility_id = moments.facility_id
                  AND claim.submitted_on > moments.as_of - %(days)s
                  AND claim.submitted_on <= moments.as_of
                  AND claim.batch_id IS NOT NULL
                 JOIN hc_billing_case hc_case ON hc_case.id = claim.case_id
                WHERE %(condition)s""",
            numerator=numerator,
            days=PERIOD_DAYS,
            condition=condition,
        )

    @api.model
    def _kpi_rows_first_pass_yield(self, scope):
        return SQL(
            """SELECT moments.as_of, claim.id AS res_id,
                      CASE WHEN decided.outcome = 'paid' AND claim.version = 1
                                AND NOT EXISTS (
                                    SELECT FROM hc_transition rejection
                                     WHERE rejection.res_model = 'hc.claim'
                                       AND rejection.res_id = claim.id
                                       AND rejection.to_state = 'rejected'
                                       AND rejection.occurred_at <= decided.occurred_at)
                           THEN 1 ELSE 0 END::numeric AS numerator,
                      1::numeric AS denominator, claim.facility_id, claim.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM (SELECT res_id, min(occurred_at) AS occurred_at,
                              (array_agg(to_state ORDER BY sequence))[1] AS outcome
                         FROM hc_transition
                        WHERE res_model = 'hc.claim' AND to_state IN %(outcomes)s
                     GROUP BY res_id) AS decided
                 JOIN hc_claim claim ON claim.id = decided.res_id
                 JOIN moments
                   ON moments.facility_id = claim.facility_id
                  AND decided.occurred_at <= moments.until_at
                  AND decided.occurred_at > moments.until_at - %(days)s * interval '1 day'
                 JOIN hc_billing_case hc_case ON hc_case.id = claim.case_id""",
            outcomes=ADJUDICATED_STATES,
            days=PERIOD_DAYS,
        )

    @api.model
    def _kpi_rows_claim_turnaround_days(self, scope):
        return SQL(
            """SELECT moments.as_of, claim.id AS res_id,
                      GREATEST(0, answered.posted_at::date - claim.submitted_on)::numeric
                      AS numerator,
                      1::numeric AS denominator, claim.facility_id, claim.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM (SELECT answer.claim_id, min(entry.occurred_at) AS posted_at
                         FROM hc_transition entry
                         JOIN hc_remittance_claim answer ON answer.id = entry.res_id
                        WHERE entry.res_model = 'hc.remittance.claim'
                          AND entry.to_state = 'posted'
                     GROUP BY answer.claim_id) AS answered
                 JOIN hc_claim claim ON claim.id = answered.claim_id
                 JOIN moments
                   ON moments.facility_id = claim.facility_id
                  AND answered.posted_at <= moments.until_at
                  AND answered.posted_at
                      > moments.until_at - %s * interval '1 day'
                 JOIN hc_billing_case hc_case ON hc_case.id = claim.case_id
                WHERE claim.submitted_on IS NOT NULL AND claim.batch_id IS NOT NULL""",
            PERIOD_DAYS,
        )


class HcClaim(models.Model):
    _name = "hc.claim"
    _inherit = ["hc.claim", "hc.kpi.subject.mixin"]


class HcRemittanceClaim(models.Model):
    _name = "hc.remittance.claim"
    _inherit = ["hc.remittance.claim", "hc.kpi.subject.mixin"]


class HcPaymentVariance(models.Model):
    _name = "hc.payment.variance"
    _inherit = ["hc.payment.variance", "hc.kpi.subject.mixin"]
