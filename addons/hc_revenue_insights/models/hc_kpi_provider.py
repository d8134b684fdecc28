# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL


class HcKpiProvider(models.AbstractModel):
    """Figures of many days in cells, as the snapshots keep them."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _select_cells(self, definition, scope):
        """The sums of an indicator by day, facility, payer and department.

        Summed again they give the figure of any part or the whole, so that one row serves every
        filter. What has no facility, payer or department carries 0.

        :return: SELECT of ``as_of, facility_id, payer_id, department_id, numerator, denominator,
            record_count``
        """
        own = self._select_cell_sums(definition.rows_method, definition.model, scope)
        if not definition.base_method:
            return own
        base = self._select_cell_sums(definition.base_method, definition.base_model, scope)
        return SQL(
            """SELECT as_of, facility_id, payer_id, department_id,
                      COALESCE(own.numerator, 0) AS numerator, base.numerator AS denominator,
                      COALESCE(own.record_count, 0) AS record_count
                 FROM (%s) AS own
                 FULL JOIN (%s) AS base
                USING (as_of, facility_id, payer_id, department_id)""",
            own,
            base,
        )

    @api.model
    def _select_cell_sums(self, rows_method, model_name, scope):
        return SQL(
            """SELECT counted.as_of, COALESCE(counted.facility_id, 0) AS facility_id,
                      COALESCE(counted.payer_id, 0) AS payer_id,
                      COALESCE(counted.department_id, 0) AS department_id,
                      sum(counted.numerator) AS numerator,
                      sum(counted.denominator) AS denominator,
                      count(DISTINCT counted.res_id) AS record_count
                 FROM (%s) AS counted
                WHERE %s
             GROUP BY 1, 2, 3, 4""",
            getattr(self, rows_method)(scope),
            self._get_reader_condition(model_name, scope),
        )
