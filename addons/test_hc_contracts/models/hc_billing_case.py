# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.facts import FactSpec

PENDING_TRANSPORT = FactSpec("pending_transport_count", "integer", "Rides not done", False)


class HcBillingCase(models.Model):
    """A fact that readiness rules may speak about."""

    _inherit = "hc.billing.case"

    @api.model
    def _get_readiness_facts(self):
        return (*super()._get_readiness_facts(), PENDING_TRANSPORT)

    def _load_readiness_facts(self, as_of):
        facts = super()._load_readiness_facts(as_of)
        rows = (
            self.env["hc.transport.request"]
            .sudo()
            ._read_group(
                [("case_id", "in", self.ids), ("state", "in", ("requested", "booked"))],
                ["case_id"],
                ["__count"],
            )
        )
        pending = {case.id: count for case, count in rows}
        for case_id, values in facts.items():
            values[PENDING_TRANSPORT.name] = pending.get(case_id, 0)
        return facts
