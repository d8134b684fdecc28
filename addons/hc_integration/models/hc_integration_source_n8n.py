# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models


class HcIntegrationSource(models.Model):
    """An orchestrator is connected in one step."""

    _inherit = "hc.integration.source"

    def action_connect_n8n(self):
        """Open the dialog that connects an n8n."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect n8n"),
            "res_model": "hc.n8n.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_source_id": self.id},
        }
