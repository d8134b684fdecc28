# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcEventEntryLine(models.TransientModel):
    """One field of an event that is entered by hand."""

    _name = "hc.event.entry.line"
    _description = "Field of an Event"
    _order = "sequence, id"
    _rec_name = "label"

    entry_id = fields.Many2one("hc.event.entry", required=True, ondelete="cascade")
    sequence = fields.Integer(aggregator=None)
    path = fields.Char(required=True, readonly=True)
    label = fields.Char("Field", readonly=True)
    hint = fields.Char("How to Write It", readonly=True)
    is_required = fields.Boolean("Needed", readonly=True)
    value = fields.Char()

    def _to_json(self, described):
        """What was typed, as the event writes it."""
        self.ensure_one()
        text = self.value.strip()
        if described["type"] == "integer":
            return int(text) if text.isascii() and text.isdecimal() else text
        return text.split() if described["type"] == "array" else text
