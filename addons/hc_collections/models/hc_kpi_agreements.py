# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition

from .hc_kpi_disputes import TOPIC
from .hc_payment_promise import JUDGED_STATES


class HcKpiProvider(models.AbstractModel):
    """Whether parties pay as they promised and agreed."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "unit": "percent",
            "owner_role": "supervisor",
            "source": "own",
            "is_ratio": True,
            "topic": TOPIC,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="promises_kept_rate",
                name=self.env._("Promises kept"),
                formula=self.env._(
                    "Promises kept in full ÷ promises judged in the last 30 days. Withdrawn ones "
                    "do not count; one that was judged again counts as it stands."
                ),
                direction="higher",
                model="hc.payment.promise",
                default_target=Decimal(70),
                rows_method="_kpi_rows_promises_kept",
                **common,
            ),
            KpiDefinition(
                code="plan_default_rate",
                name=self.env._("Payment plans failed"),
                formula=self.env._(
                    "Payment plans with too many missed instalments ÷ plans that were paid or "
                    "failed in the last 30 days. Plans ended by agreement do not count."
                ),
                direction="lower",
                model="hc.payment.plan",
                default_target=Decimal(20),
                rows_method="_kpi_rows_plans_failed",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_promises_kept(self, scope):
        return self._select_decided("hc.payment.promise", JUDGED_STATES, self._is_in(("kept",)))

    @api.model
    def _kpi_rows_plans_failed(self, scope):
        return self._select_decided(
            "hc.payment.plan", ("completed", "defaulted"), self._is_in(("defaulted",))
        )
