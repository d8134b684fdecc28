# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition


class HcKpiProvider(models.AbstractModel):
    """An indicator of this module."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        return super()._get_definitions() + [
            KpiDefinition(
                code="transports_requested",
                name=self.env._("Requested transports"),
                formula=self.env._("Transport requests entered until the end of the day."),
                unit="count",
                direction="lower",
                owner_role="supervisor",
                default_target=Decimal(10),
                source="own",
                model="hc.transport.request",
                rows_method="_kpi_rows_transports",
            )
        ]

    @api.model
    def _kpi_rows_transports(self, scope):
        return SQL(
            """SELECT moments.as_of, request.id AS res_id, 1::numeric AS numerator,
                      NULL::numeric AS denominator, request.facility_id, hc_case.payer_id,
                      hc_case.department_id, NULL::varchar AS responsibility
                 FROM hc_transport_request request
                 JOIN hc_billing_case hc_case ON hc_case.id = request.case_id
                 JOIN moments
                   ON moments.facility_id = request.facility_id
                  AND request.create_date <= moments.until_at
                WHERE request.company_id = %s""",
            scope.company.id,
        )
