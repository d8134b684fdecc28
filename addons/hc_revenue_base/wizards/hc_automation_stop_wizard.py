# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcAutomationStopWizard(models.TransientModel):
    """The reason for stopping automations."""

    _name = "hc.automation.stop.wizard"
    _description = "Stop Automations"

    automation_ids = fields.Many2many("hc.automation", required=True)
    reason = fields.Text(required=True)

    def action_stop(self):
        """Stop the automations at once."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why, so that others know when it can run again."))
        self.automation_ids._stop(self.reason)
