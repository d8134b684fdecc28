# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition
from odoo.addons.hc_revenue_base.models.hc_kpi_charges import REVENUE_DAYS

from .hc_kpi_disputes import TOPIC

# A balance has had a quarter to be paid; those of the quarter before that one are judged.
COHORT_FIRST_DAYS = 180
COHORT_LAST_DAYS = 90

_OWED_BY_PATIENTS = SQL("item.responsibility = 'patient' AND item.residual > 0")


class HcKpiProvider(models.AbstractModel):
    """What patients owe, how old it is, and how much of it they pay."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "owner_role": "manager",
            "model": "hc.billing.case",
            "topic": TOPIC,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="patient_ar_days",
                name=self.env._("Days in patient A/R"),
                formula=self.env._(
                    "Open patient balances ÷ the average amount a day for which patients became "
                    "responsible in the last 90 days."
                ),
                unit="days",
                direction="lower",
                default_target=Decimal(60),
                source="own",
                rows_method="_kpi_rows_patient_balances",
                base_method="_kpi_rows_daily_patient_amounts",
                base_model="hc.billing.case",
                **common,
            ),
            *self._define_aged_patient_balances(common),
            KpiDefinition(
                code="patient_collection_rate",
                name=self.env._("Patient collection rate"),
                formula=self.env._(
                    "Paid by now ÷ amounts for which patients became responsible 91 to 180 days "
                    "ago. Write-offs and discounts are no payment."
                ),
                unit="percent",
                direction="higher",
                default_target=Decimal(60),
                source="HFMA MAP Key FM-5, adapted",
                rows_method="_kpi_rows_patient_collections",
                is_ratio=True,
                **common,
            ),
        ]

    @api.model
    def _define_aged_patient_balances(self, common):
        return [
            KpiDefinition(
                code=f"patient_ar_over_{days}_share",
                name=self.env._("Patient A/R over %s days", days),
                formula=self.env._(
                    "Patient balances older than %s days ÷ patient balances, both without "
                    "credits. Age counts from the day the patient became responsible.",
                    days,
                ),
                unit="percent",
                direction="lower",
                default_target=target,
                source="HFMA AR-1, adapted",
                rows_method=f"_kpi_rows_patient_balances_over_{days}",
                is_ratio=True,
                **common,
            )
            for days, target in ((90, Decimal(30)), (120, Decimal(20)))
        ]

    @api.model
    def _kpi_rows_patient_balances(self, scope):
        return self._select_receivables(
            SQL("item.residual"), SQL("NULL::numeric"), _OWED_BY_PATIENTS
        )

    @api.model
    def _kpi_rows_patient_balances_over_90(self, scope):
        return self._select_receivables_over(90, _OWED_BY_PATIENTS)

    @api.model
    def _kpi_rows_patient_balances_over_120(self, scope):
        return self._select_receivables_over(120, _OWED_BY_PATIENTS)

    @api.model
    def _kpi_rows_daily_patient_amounts(self, scope):
        return self._select_patient_amounts(
            SQL("item.balance / %s", REVENUE_DAYS),
            SQL("NULL::numeric"),
            SQL("moments.as_of - %s", REVENUE_DAYS),
            SQL("moments.as_of"),
        )

    @api.model
    def _kpi_rows_patient_collections(self, scope):
        return self._select_patient_amounts(
            SQL("least(paid.amount, item.balance)"),
            SQL("item.balance"),
            SQL("moments.as_of - %s", COHORT_FIRST_DAYS),
            SQL("moments.as_of - %s", COHORT_LAST_DAYS),
        )

    @api.model
    def _select_patient_amounts(self, numerator, denominator, after, until):
        """Amounts for which patients became responsible in a time, with what they paid of them."""
        return SQL(
            """SELECT moments.as_of, hc_case.id AS res_id, %(numerator)s AS numerator,
                      %(denominator)s AS denominator, hc_case.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM moments
                 JOIN hc_billing_case hc_case ON hc_case.facility_id = moments.facility_id
                 JOIN account_move_line item
                   ON item.hc_case_id = hc_case.id AND item.hc_responsibility = 'patient'
                  AND item.parent_state = 'posted' AND item.balance > 0
                  AND item.date > %(after)s AND item.date <= %(until)s
                 JOIN account_account account
                   ON account.id = item.account_id AND account.account_type = 'asset_receivable'
           CROSS JOIN LATERAL (
                      SELECT coalesce(sum(part.amount), 0) AS amount
                        FROM account_partial_reconcile part
                        JOIN account_move_line other ON other.id = part.credit_move_id
                        JOIN account_move entry ON entry.id = other.move_id
                       WHERE part.debit_move_id = item.id AND part.max_date <= moments.as_of
                         AND (entry.origin_payment_id IS NOT NULL
                              OR entry.statement_line_id IS NOT NULL)) AS paid""",
            numerator=numerator,
            denominator=denominator,
            after=after,
            until=until,
        )
