# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcIntegrationSource(models.Model):
    """What a connected system may ask: its keys and its rights."""

    _inherit = "hc.integration.source"

    key_ids = fields.One2many("hc.integration.key", "source_id", "Keys", readonly=True)
    active_key_count = fields.Integer(compute="_compute_active_key_count")

    def _compute_active_key_count(self):
        groups = self.env["hc.integration.key"]._read_group(
            [("source_id", "in", self.ids), ("state", "=", "active")], ["source_id"], ["__count"]
        )
        counts = {source.id: count for source, count in groups}
        for source in self:
            source.active_key_count = counts.get(source.id, 0)

    def action_open_keys(self):
        """Open the keys of this system."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_integration.hc_integration_key_action"
        )
        return action | {"domain": [("source_id", "=", self.id)], "context": {}}

    def action_make_key(self):
        """Open the dialog that makes a key for this system."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New Key"),
            "res_model": "hc.integration.key.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_source_id": self.id},
        }
