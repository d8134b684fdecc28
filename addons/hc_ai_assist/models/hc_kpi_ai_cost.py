# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition


class HcKpiProvider(models.AbstractModel):
    """What advice has cost over the 30 days before."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            KpiDefinition(
                code="ai_cost",
                name=self.env._("AI: cost"),
                formula=self.env._(
                    "What providers charged for second opinions in the last 30 days, by the "
                    "prices entered for them. Trials of a provider are not part of it."
                ),
                unit="money",
                direction="lower",
                owner_role="operations",
                default_target=None,
                source="own",
                model="hc.ai.run",
                rows_method="_kpi_rows_ai_cost",
                topic="ai",
            )
        ]

    @api.model
    def _kpi_rows_ai_cost(self, scope):
        """One row a run; facility and payer are those of the suggestion that it was asked for."""
        return SQL(
            """SELECT moments.as_of, run.id AS res_id,
                      run.cost_millionths::numeric / 1000000 AS numerator,
                      NULL::numeric AS denominator, suggestion.facility_id, suggestion.payer_id,
                      suggestion.department_id, NULL::varchar AS responsibility
                 FROM hc_ai_run run
                 JOIN hc_ai_suggestion suggestion ON suggestion.id = run.suggestion_id
                 JOIN moments
                   ON moments.facility_id = COALESCE(suggestion.facility_id, 0)
                  AND run.create_date <= moments.until_at
                  AND run.create_date > moments.until_at - interval '30 days'
                WHERE run.company_id = %s AND run.cost_millionths > 0""",
            scope.company.id,
        )
