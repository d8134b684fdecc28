# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcEncounter(models.Model):
    """What other systems said about a visit."""

    _inherit = "hc.encounter"

    event_count = fields.Integer("Events", compute="_compute_event_count")

    def _compute_event_count(self):
        rows = self.env["hc.exchange"]._read_group(
            [("encounter_id", "in", self.ids)], ["encounter_id"], ["__count"]
        )
        counts = {encounter.id: count for encounter, count in rows}
        for encounter in self:
            encounter.event_count = counts.get(encounter.id, 0)

    def action_open_events(self):
        """Open what other systems said about this visit."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_exchange_event_action"
        )
        return action | {"domain": [("encounter_id", "=", self.id)], "context": {}}
