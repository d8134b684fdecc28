# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError

from ..models.hc_integration_difference import ENTERED_KINDS


class HcEventEntry(models.TransientModel):
    """An event that a daily proof misses, entered by hand."""

    _inherit = "hc.event.entry"

    difference_id = fields.Many2one("hc.integration.difference", "Missing In", readonly=True)

    def action_enter(self):
        """Enter the event, and take the difference that it makes good as done."""
        difference = self.difference_id
        if difference and not self._makes_good(difference):
            raise UserError(
                self.env._("The difference is not open any more, or about other events. Reload it.")
            )
        action = super().action_enter()
        if difference:
            difference.sudo()._note_entry(self.env["hc.exchange"].browse(action["res_id"]))
        return action

    def _makes_good(self, difference):
        """Whether the event is one that the difference misses."""
        definition = self._get_definition()
        return (
            difference.state == "open"
            and difference.kind in ENTERED_KINDS
            and difference.source_id == self.source_id
            and difference.event_type == definition.code
        )
