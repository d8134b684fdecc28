# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from odoo.addons.base.models.res_users import check_identity


class HcIntegrationKeyWizard(models.TransientModel):
    """Make a key for a connected system; it is shown once and stored nowhere in clear."""

    _name = "hc.integration.key.wizard"
    _description = "New Key"

    source_id = fields.Many2one(
        "hc.integration.source", "Connected System", required=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="source_id.user_id")
    name = fields.Char("What It Is For", required=True)
    days = fields.Integer("Valid for (Days)", required=True, default=90)

    @check_identity
    def action_make(self):
        """Make the key and show it, once; the person proves again who they are."""
        self.ensure_one()
        self.source_id.check_access("write")
        self.env["hc.integration.key"].check_access("create")
        key = self.env["hc.integration.key"]._issue(self.source_id, self.name, self.days)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Key of %(system)s", system=self.source_id.name),
            "res_model": "res.users.apikeys.show",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_key": key},
        }
