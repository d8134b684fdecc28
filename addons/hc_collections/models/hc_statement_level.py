# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcStatement(models.Model):
    """Statements that a level of a cadence asked for."""

    _inherit = "hc.statement"

    cadence_contact_id = fields.Many2one(
        "hc.contact",
        "Asked For By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model
    def _get_guarded_fields(self):
        return super()._get_guarded_fields() | {"cadence_contact_id"}

    def _prepare_contact(self):
        """The level's contact stands for the statement: it goes out once."""
        vals = super()._prepare_contact()
        contact = self.sudo().cadence_contact_id
        return vals | {"key": contact.key} if contact else vals
