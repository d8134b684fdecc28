# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.kpi import KpiDefinition

TOPIC = "collections"
_CONCEDED_STATES = ("upheld", "partly_upheld")
_ANSWERED_STATES = (*_CONCEDED_STATES, "denied")


class HcKpiProvider(models.AbstractModel):
    """How long parties wait for an answer to a dispute, and how often they are right."""

    _inherit = "hc.kpi.provider"

    @api.model
    def _get_definitions(self):
        common = {
            "owner_role": "supervisor",
            "source": "own",
            "model": "hc.billing.dispute",
            "is_ratio": True,
            "topic": TOPIC,
        }
        return super()._get_definitions() + [
            KpiDefinition(
                code="dispute_turnaround_days",
                name=self.env._("Dispute turnaround"),
                formula=self.env._(
                    "Mean days from taking a dispute in to its answer, over the disputes answered "
                    "in the last 30 days. Withdrawn ones do not count."
                ),
                unit="days",
                direction="lower",
                default_target=Decimal(30),
                rows_method="_kpi_rows_dispute_turnaround",
                **common,
            ),
            KpiDefinition(
                code="dispute_upheld_rate",
                name=self.env._("Disputes upheld"),
                formula=self.env._(
                    "Disputes upheld, in full or in part ÷ disputes answered in the last 30 days."
                ),
                unit="percent",
                direction="lower",
                default_target=Decimal(25),
                rows_method="_kpi_rows_disputes_upheld",
                **common,
            ),
        ]

    @api.model
    def _kpi_rows_dispute_turnaround(self, scope):
        model = "hc.billing.dispute"
        return self._select_decided(model, _ANSWERED_STATES, self._get_days_to_last(model))

    @api.model
    def _kpi_rows_disputes_upheld(self, scope):
        return self._select_decided(
            "hc.billing.dispute", _ANSWERED_STATES, self._is_in(_CONCEDED_STATES)
        )
