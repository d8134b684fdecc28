# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision


class HcControlledAction(models.Model):
    """Waivers of transport fees: gated by the tariff's limit."""

    _inherit = "hc.controlled.action"

    kind = fields.Selection(
        selection_add=[("transport_waiver", "Transport Waiver")],
        ondelete={"transport_waiver": "cascade"},
    )

    def _gate(self):
        if self.kind != "transport_waiver":
            return super()._gate()
        limit = self._get_subject().tariff_id.waiver_limit
        if self.currency_id.compare_amounts(self.amount, limit) <= 0:
            return super()._gate()
        return GateDecision("wait", self.env._("above the limit of the tariff"))

    def _apply_transport_waiver(self):
        self._get_subject()._waive()
