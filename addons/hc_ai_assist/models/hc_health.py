# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.health import HealthCheck


class HcHealth(models.AbstractModel):
    """What is watched of advice: readings that failed."""

    _inherit = "hc.health"

    @api.model
    def _get_checks(self):
        return [
            *super()._get_checks(),
            HealthCheck(
                code="ai_readings_failed",
                name=self.env._("Letters that could not be read"),
                advice=self.env._("Open the document and enter by hand what it says."),
                unit="count",
                rows_method="_health_rows_readings_failed",
                warning_at=10,
                action="hc_ai_assist.hc_ai_reading_action",
                domain="[('state', '=', 'unreadable')]",
            ),
        ]

    @api.model
    def _health_rows_readings_failed(self):
        return SQL("SELECT NULL, count(*) FROM hc_ai_reading WHERE state = 'unreadable'")
