# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.hc_core.health import HealthCheck

_DAY = 86400


class HcHealth(models.AbstractModel):
    """What is watched of approvals: requests that stand still."""

    _inherit = "hc.health"

    @api.model
    def _get_checks(self):
        return [
            *super()._get_checks(),
            HealthCheck(
                code="approvals_late",
                name=self.env._("Oldest approval past its time"),
                advice=self.env._(
                    "See who should decide: reassign the step, or let a delegate stand in."
                ),
                unit="seconds",
                rows_method="_health_rows_approvals_late",
                warning_at=1,
                failing_at=5 * _DAY,
                action="hc_billing_approvals.hc_approval_bottleneck_action",
            ),
            HealthCheck(
                code="break_glass_unreviewed",
                name=self.env._("Break-glass that nobody reviewed"),
                advice=self.env._("Compliance reviews each within the time of the policy."),
                unit="count",
                rows_method="_health_rows_break_glass",
                warning_at=1,
                action="hc_billing_approvals.hc_approval_break_glass_action",
                domain="[('state', '=', 'used')]",
            ),
        ]

    @api.model
    def _health_rows_approvals_late(self):
        return SQL(
            """SELECT NULL, extract(epoch FROM %s - min(due_at)) FROM hc_approval_step
                WHERE state = 'open' AND due_at < %s""",
            self._get_moment(),
            self._get_moment(),
        )

    @api.model
    def _health_rows_break_glass(self):
        return SQL("SELECT NULL, count(*) FROM hc_approval_break_glass WHERE state = 'used'")
