# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcConfigRejectWizard(models.TransientModel):
    """The reason for refusing a configuration change."""

    _name = "hc.config.reject.wizard"
    _description = "Refuse a Configuration Change"

    change_id = fields.Many2one("hc.config.change", required=True)
    reason = fields.Text(required=True)

    def action_reject(self):
        """Refuse the change."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why, so that the requester can propose it better."))
        self.change_id._reject(self.reason)
