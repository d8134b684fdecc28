# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcCollectionAccount(models.Model):
    """The way from an account to an agency and back."""

    _inherit = "hc.collection.account"

    placement_ids = fields.One2many("hc.placement", "account_id", "Placements", readonly=True)

    def action_open_placement(self):
        """Ask which agency gets these accounts, and why."""
        return self._open_desk_wizard(
            "hc.placement.wizard", self.env._("Place with an Agency"), account_ids=self.ids
        )

    def _refresh(self):
        """What the ledger shows as paid is no longer with an agency."""
        result = super()._refresh()
        self.sudo().placement_ids._follow_ledger()
        return result

    def _on_state_active(self, previous):
        self.sudo().placement_ids._follow_ledger()
