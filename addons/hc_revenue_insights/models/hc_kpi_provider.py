# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiResult


class HcKpiProvider(models.AbstractModel):
    """Figures of many days in cells, as the snapshots keep them."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _compute_all_series(self, days, *, company=None, facilities=None, payers=None, topic=None):
        """As in base, but a day that was written down is read and not computed again.

        Only for readers whose view of the records differs by facility alone; all others have
        their figures computed.
        """
        company = company or self.env.company
        written = self._get_written_days(days, company)
        if not written:
            return super()._compute_all_series(
                days, company=company, facilities=facilities, payers=payers, topic=topic
            )
        codes = [
            code
            for code, definition in self._get_registry().items()
            if (not topic or definition.topic == topic) and self._is_readable(definition)
        ]
        kept = self.env["hc.kpi.snapshot"]._read_figures(
            codes,
            days,
            company,
            None if facilities is None else facilities.ids,
            None if payers is None else payers.ids,
        )
        read, series = {}, {}
        for code in codes:
            missing = tuple(day for day in days if day not in written.get(code, ()))
            computed = {}
            if missing:
                scope = self._make_scope(missing, company, facilities, payers)
                computed = self._compute_scope(code, scope, None, read.setdefault(missing, {}))
            series[code] = [
                computed.get(day) or KpiResult(code, day, kept[code][day]) for day in days
            ]
        return series

    @api.model
    def _get_written_days(self, days, company):
        """``{code: days}`` that this reader may take from the snapshots."""
        if not self.env["hc.kpi.snapshot"].has_access("read"):
            return {}
        rows = self.env["hc.kpi.snapshot.day"]._read_group(
            [("company_id", "=", company.id), ("as_of", "in", list(days))],
            ["code"],
            ["as_of:array_agg"],
        )
        return {code: set(found) for code, found in rows}

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
