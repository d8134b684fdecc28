# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.tools import SQL

from ..hc_core import kpi
from .hc_kpi_provider import KpiScope
from .hc_kpi_query import GROUP_COLUMNS


class HcKpiProvider(models.AbstractModel):
    """From a number to exactly the records behind it."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _select_behind(self, question):
        """SELECT of the ids of the records behind the number that a question asks for."""
        definition = self._get_definition(question.code)
        try:
            definition.check_grouping(question.grouping)
        except kpi.KpiError as error:
            self._raise_readable(error)
        company = self.env["res.company"].browse(question.company_id)
        scope = KpiScope((question.as_of,), company, question.facility_ids, question.payer_ids)
        condition = self._get_reader_condition(definition.model, scope)
        if question.grouping:
            condition = SQL(
                "%s AND %s IS NOT DISTINCT FROM %s",
                condition,
                SQL.identifier("counted", GROUP_COLUMNS[question.grouping]),
                question.group_key,
            )
        self.env.flush_all()
        return SQL(
            """(WITH moments AS MATERIALIZED (%s)
                SELECT counted.res_id FROM (%s) AS counted WHERE %s)""",
            self._select_moments(scope),
            getattr(self, definition.rows_method)(scope),
            condition,
        )

    @api.model
    def _get_drill_down(self, question):
        """Window action on exactly the records behind a number."""
        definition = self._get_definition(question.code)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "%(indicator)s, %(day)s",
                indicator=definition.name,
                day=fields.Date.to_string(question.as_of),
            ),
            "res_model": definition.model,
            "views": [(False, "list"), (False, "form")],
            "domain": [("kpi_figure", "=", question.to_text())],
            "context": {"active_test": False, "create": False},
        }
