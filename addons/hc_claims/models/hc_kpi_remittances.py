# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import PERIOD_DAYS

from .hc_kpi_claims import TOPIC
from .hc_payment_variance import UNSETTLED_STATES

# An answer that a person had to look at: it or its remittance was held, a person picked its
# claim, or at that time it was neither posted nor found to need no posting.
_NEEDED_A_PERSON = SQL(
    """(answer.match_method = 'picked'
        OR EXISTS (SELECT FROM hc_transition held
                    WHERE held.res_model = 'hc.remittance.claim' AND held.res_id = answer.id
                      AND held.to_state = 'held' AND held.occurred_at <= moments.until_at)
        OR EXISTS (SELECT FROM hc_transition held
                    WHERE held.res_model = 'hc.remittance'
                      AND held.res_id = answer.remittance_id
                      AND held.to_state = 'held' AND held.occurred_at <= moments.until_at)
        OR NOT EXISTS (SELECT FROM hc_transition done
                        WHERE done.res_model = 'hc.remittance.claim' AND done.res_id = answer.id
                          AND done.to_state IN ('posted', 'no_posting')
                          AND done.occurred_at <= moments.until_at))"""
)


class HcKpiProvider(models.AbstractModel):
    """How payments are taken in, and whether payers pay what they agreed to."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            *self._define_reconciliation_kpis(),
            *self._define_underpayment_kpis(),
        ]

    @api.model
    def _define_reconciliation_kpis(self):
        common = {
            "unit": "percent",
            "owner_role": "finance_manager",
            "source": "own",
            "model": "hc.remittance.claim",
            "is_ratio": True,
            "topic": TOPIC,
        }
        return [
            KpiDefinition(
                code="reconciliation_exception_rate",
                name=self.env._("Reconciliation exceptions"),
                formula=self.env._(
                    "Payers' answers that a person had to look at (held, claim picked, not posted) "
                    "÷ answers received in the last 30 days."
                ),
                direction="lower",
                default_target=Decimal(5),
                rows_method="_kpi_rows_reconciliation_exceptions",
                **common,
            ),
            KpiDefinition(
                code="cash_application_rate",
                name=self.env._("Cash application"),
                formula=self.env._(
                    "Amounts paid by answers posted without a person ÷ amounts paid by answers "
                    "received in the last 30 days."
                ),
                direction="higher",
                default_target=Decimal(95),
                rows_method="_kpi_rows_cash_application",
                **common,
            ),
        ]

    @api.model
    def _define_underpayment_kpis(self):
        common = {
            "direction": "lower",
            "owner_role": "manager",
            "source": "own",
            "topic": TOPIC,
        }
        return [
            KpiDefinition(
                code="underpayment_amount",
                name=self.env._("Open underpayments"),
                formula=self.env._(
                    "What payers paid less than their contracts, of variances that were neither "
                    "recovered, accepted nor closed."
                ),
                unit="money",
                default_target=None,
                model="hc.payment.variance",
                rows_method="_kpi_rows_open_underpayments",
                **common,
            ),
            KpiDefinition(
                code="underpayment_rate",
                name=self.env._("Underpayment rate"),
                formula=self.env._(
                    "Underpaid amounts above tolerance ÷ amounts expected by contract, of answers "
                    "posted in the last 30 days and not taken back."
                ),
                unit="percent",
                default_target=Decimal(3),
                model="hc.remittance.claim",
                rows_method="_kpi_rows_underpayment_rate",
                is_ratio=True,
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_reconciliation_exceptions(self, scope):
        return self._select_received(
            scope,
            SQL("CASE WHEN %s THEN 1 ELSE 0 END::numeric", _NEEDED_A_PERSON),
            SQL("1::numeric"),
            SQL("TRUE"),
        )

    @api.model
    def _kpi_rows_cash_application(self, scope):
        return self._select_received(
            scope,
            SQL("CASE WHEN %s THEN 0 ELSE answer.amount_paid END", _NEEDED_A_PERSON),
            SQL("answer.amount_paid"),
            SQL("answer.amount_paid > 0"),
        )

    @api.model
    def _select_received(self, scope, numerator, denominator, condition):
        """Answers by the time at which their remittance came in, ignored copies left out.

        An answer whose claim is not known belongs to no facility.
        """
        return SQL(
            """SELECT moments.as_of, answer.id AS res_id, %(numerator)s AS numerator,
                      %(denominator)s AS denominator, answer.facility_id,
                      COALESCE(claim.payer_id, remittance.payer_id) AS payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM hc_remittance remittance
                 JOIN hc_remittance_claim answer ON answer.remittance_id = remittance.id
                 JOIN moments
                   ON moments.facility_id = COALESCE(answer.facility_id, 0)
                  AND remittance.create_date <= moments.until_at
                  AND remittance.create_date
                      > moments.until_at - %(days)s * interval '1 day'
            LEFT JOIN hc_claim claim ON claim.id = answer.claim_id
            LEFT JOIN hc_billing_case hc_case ON hc_case.id = answer.case_id
                WHERE remittance.company_id = %(company)s AND remittance.state != 'ignored'
                  AND %(condition)s""",
            numerator=numerator,
            denominator=denominator,
            days=PERIOD_DAYS,
            company=scope.company.id,
            condition=condition,
        )

    @api.model
    def _kpi_rows_open_underpayments(self, scope):
        return SQL(
            """SELECT last.as_of, last.res_id, variance.amount_underpaid AS numerator,
                      NULL::numeric AS denominator, last.facility_id, last.payer_id,
                      last.department_id, NULL::varchar AS responsibility
                 FROM (%s) AS last
                 JOIN hc_payment_variance variance ON variance.id = last.res_id
                WHERE variance.kind = 'underpaid' AND last.to_state IN %s""",
            self._select_last_moves("hc.payment.variance", of_case=True),
            UNSETTLED_STATES,
        )

    @api.model
    def _kpi_rows_underpayment_rate(self, scope):
        return SQL(
            """SELECT last.as_of, last.res_id, answer.amount_underpaid AS numerator,
                      answer.amount_expected AS denominator, last.facility_id, claim.payer_id,
                      last.department_id, NULL::varchar AS responsibility
                 FROM (%s) AS last
                 JOIN hc_remittance_claim answer ON answer.id = last.res_id
                 JOIN hc_claim claim ON claim.id = answer.claim_id
                WHERE answer.amount_expected > 0 AND last.to_state = 'posted'
                  AND last.occurred_at > last.until_at - %s * interval '1 day'""",
            self._select_last_moves("hc.remittance.claim", of_case=True),
            PERIOD_DAYS,
        )
