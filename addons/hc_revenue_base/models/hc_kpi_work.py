# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from ..hc_core.kpi import KpiDefinition


class HcKpiProvider(models.AbstractModel):
    """The exceptions that wait for people: how many, how old, how many late."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "direction": "lower",
            "owner_role": "supervisor",
            "source": "own",
            "model": "hc.work.item",
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="exception_volume",
                name=self.env._("Open exceptions"),
                formula=self.env._("Work items opened and neither resolved nor cancelled."),
                unit="count",
                default_target=None,
                rows_method="_kpi_rows_exceptions",
                **common,
            ),
            KpiDefinition(
                code="exception_age_days",
                name=self.env._("Age of exceptions"),
                formula=self.env._("Mean age in days of the open work items."),
                unit="days",
                default_target=Decimal(2),
                rows_method="_kpi_rows_exception_age",
                is_ratio=True,
                **common,
            ),
            KpiDefinition(
                code="sla_breach_rate",
                name=self.env._("Work past its due time"),
                formula=self.env._("Open work items past due ÷ open work items."),
                unit="percent",
                default_target=Decimal(5),
                rows_method="_kpi_rows_sla_breaches",
                is_ratio=True,
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_exceptions(self, scope):
        return self._select_open_items(scope, SQL("1::numeric"))

    @api.model
    def _kpi_rows_exception_age(self, scope):
        return self._select_open_items(
            scope, SQL("extract(epoch FROM moments.until_at - life.opened_at) / 86400")
        )

    @api.model
    def _kpi_rows_sla_breaches(self, scope):
        return self._select_open_items(
            scope, SQL("CASE WHEN item.due_at < moments.until_at THEN 1 ELSE 0 END::numeric")
        )

    @api.model
    def _select_open_items(self, scope, numerator):
        """Work items that were open, by their log; their times on the record can be edited."""
        return SQL(
            """SELECT moments.as_of, item.id AS res_id, %(numerator)s AS numerator,
                      1::numeric AS denominator, item.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM (SELECT res_id, min(occurred_at) AS opened_at,
                              max(occurred_at) FILTER (
                                  WHERE to_state IN ('resolved', 'cancelled')) AS closed_at
                         FROM hc_transition
                        WHERE res_model = 'hc.work.item' AND field_name = 'state'
                     GROUP BY res_id) AS life
                 JOIN hc_work_item item ON item.id = life.res_id
                 JOIN moments
                   ON moments.facility_id = COALESCE(item.facility_id, 0)
                  AND life.opened_at <= moments.until_at
                  AND (life.closed_at IS NULL OR life.closed_at > moments.until_at)
            LEFT JOIN hc_billing_case hc_case ON hc_case.id = item.case_id
                WHERE item.company_id = %(company)s""",
            numerator=numerator,
            company=scope.company.id,
        )
