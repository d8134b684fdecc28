# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..hc_core.kpi import GROUPINGS, KpiDefinition
from .hc_kpi_charges import REVENUE_DAYS

_YEAR_DAYS = 365
_OLD_AFTER_DAYS = 90


class HcKpiProvider(models.AbstractModel):
    """Open receivables of billing cases, from the dated items of the general ledger."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "direction": "lower",
            "owner_role": "finance_manager",
            "model": "hc.billing.case",
            "groupings": GROUPINGS,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="days_in_ar_net",
                name=self.env._("Net days in A/R"),
                formula=self.env._(
                    "Open receivables net of credits ÷ average daily net revenue of the last "
                    "90 days. By responsibility: its part of the total."
                ),
                unit="days",
                default_target=Decimal(40),
                source="HFMA MAP FM-1",
                rows_method="_kpi_rows_receivables_net",
                base_method="_kpi_rows_daily_net_revenue",
                base_model="hc.billing.case",
                **common,
            ),
            KpiDefinition(
                code="days_in_ar_gross",
                name=self.env._("Gross days in A/R"),
                formula=self.env._(
                    "Open receivables without credit balances ÷ average daily gross charges of "
                    "the last 365 days. By responsibility: its part of the total."
                ),
                unit="days",
                default_target=Decimal(45),
                source="HFMA, MGMA",
                rows_method="_kpi_rows_receivables_gross",
                base_method="_kpi_rows_yearly_gross_charges",
                base_model="hc.charge",
                **common,
            ),
            self._define_aged(common),
        ]

    @api.model
    def _define_aged(self, common):
        return KpiDefinition(
            code="ar_over_90_share",
            name=self.env._("A/R over 90 days"),
            formula=self.env._(
                "Open receivables billed more than 90 days ago ÷ open receivables, both "
                "without credit balances. Age counts from the day of the bill."
            ),
            unit="percent",
            default_target=Decimal(10),
            source="HFMA AR-1",
            rows_method="_kpi_rows_receivables_aged",
            is_ratio=True,
            **common,
        )

    @api.model
    def _kpi_rows_receivables_net(self, scope):
        return self._select_receivables(SQL("item.residual"), SQL("NULL::numeric"))

    @api.model
    def _kpi_rows_receivables_gross(self, scope):
        return self._select_receivables(
            SQL("item.residual"), SQL("NULL::numeric"), SQL("item.residual > 0")
        )

    @api.model
    def _kpi_rows_receivables_aged(self, scope):
        return self._select_receivables_over(_OLD_AFTER_DAYS, SQL("item.residual > 0"))

    @api.model
    def _select_receivables_over(self, days, condition):
        """Of the items that meet a condition: what is older than some days, beside all."""
        return self._select_receivables(
            SQL(
                "CASE WHEN moments.as_of - item.billed_on > %s THEN item.residual ELSE 0 END", days
            ),
            SQL("item.residual"),
            condition,
        )

    @api.model
    def _kpi_rows_yearly_gross_charges(self, scope):
        return self._select_daily_charges(_YEAR_DAYS)

    @api.model
    def _select_receivables(self, numerator, denominator, condition=None):
        """Receivable items that were open: posted by then, less what was reconciled by then.

        A reconciliation counts from the later date of the two items that it joins, as in Odoo's
        aged receivable report.
        """
        return SQL(
            """SELECT moments.as_of, hc_case.id AS res_id, %(numerator)s AS numerator,
                      %(denominator)s AS denominator, hc_case.facility_id, hc_case.payer_id,
                      hc_case.department_id, item.responsibility
                 FROM (SELECT day.as_of, item.id, item.case_id, item.responsibility,
                              min(item.billed_on) AS billed_on, sum(item.amount) AS residual
                         FROM (SELECT DISTINCT as_of FROM moments) AS day
                         JOIN (%(events)s) AS item ON item.day <= day.as_of
                     GROUP BY day.as_of, item.id, item.case_id, item.responsibility
                       HAVING sum(item.amount) != 0) AS item
                 JOIN hc_billing_case hc_case ON hc_case.id = item.case_id
                 JOIN moments
                   ON moments.as_of = item.as_of AND moments.facility_id = hc_case.facility_id
                WHERE %(condition)s""",
            numerator=numerator,
            denominator=denominator,
            condition=condition or SQL("TRUE"),
            events=self._select_receivable_events(),
        )

    @api.model
    def _select_receivable_events(self):
        """What made each receivable item of a case and what settled it, with day and amount."""
        return SQL(
            """WITH receivable AS (
                   SELECT line.id, line.hc_case_id AS case_id, line.date AS billed_on,
                          line.hc_responsibility AS responsibility, line.balance
                     FROM account_move_line line
                     JOIN account_account account ON account.id = line.account_id
                    WHERE line.hc_case_id IS NOT NULL AND line.parent_state = 'posted'
                      AND account.account_type = 'asset_receivable')
               SELECT id, case_id, responsibility, billed_on, billed_on AS day, balance AS amount
                 FROM receivable
                UNION ALL
               SELECT receivable.id, case_id, responsibility, billed_on, part.max_date,
                      -part.amount
                 FROM receivable
                 JOIN account_partial_reconcile part ON part.debit_move_id = receivable.id
                UNION ALL
               SELECT receivable.id, case_id, responsibility, billed_on, part.max_date, part.amount
                 FROM receivable
                 JOIN account_partial_reconcile part ON part.credit_move_id = receivable.id"""
        )

    @api.model
    def _kpi_rows_daily_net_revenue(self, scope):
        """Revenue of cases after all that lowered it, on average each of the last days."""
        return SQL(
            """SELECT moments.as_of, hc_case.id AS res_id,
                      -line.balance / %(days)s AS numerator, NULL::numeric AS denominator,
                      hc_case.facility_id, hc_case.payer_id, hc_case.department_id,
                      line.hc_responsibility AS responsibility
                 FROM moments
                 JOIN hc_billing_case hc_case ON hc_case.facility_id = moments.facility_id
                 JOIN account_move_line line
                   ON line.hc_case_id = hc_case.id AND line.parent_state = 'posted'
                  AND line.date > moments.as_of - %(days)s AND line.date <= moments.as_of
                 JOIN account_account account
                   ON account.id = line.account_id AND account.account_type LIKE 'income%%'""",
            days=REVENUE_DAYS,
        )
