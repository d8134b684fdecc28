# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.health import HealthCheck

_DAY = 86400


class HcHealth(models.AbstractModel):
    """What is watched of claims and remittances."""

    _inherit = "hc.health"

    @api.model
    def _get_checks(self):
        return [
            *super()._get_checks(),
            HealthCheck(
                code="claim_files_unacknowledged",
                name=self.env._("Oldest claim file without acknowledgement"),
                advice=self.env._(
                    "Ask the clearing-house: the filing clock of its claims keeps running."
                ),
                unit="seconds",
                rows_method="_health_rows_claim_files",
                warning_at=3 * _DAY,
                failing_at=14 * _DAY,
                action="hc_claims.hc_claim_batch_action",
            ),
        ]

    @api.model
    def _health_rows_claim_files(self):
        return SQL(
            """SELECT NULL, extract(epoch FROM %s - min(sent_at)) FROM hc_claim_batch
                WHERE state = 'sent'""",
            self._get_moment(),
        )
