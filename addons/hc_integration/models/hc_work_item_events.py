# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

_KINDS = {
    "event": "Event to Look At",
    "event_waiting": "Event Waits in Vain",
    "data_conflict": "Conflicting Update",
}


class HcWorkItem(models.Model):
    """What people are asked about events of other systems."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=list(_KINDS.items()), ondelete=dict.fromkeys(_KINDS, "cascade")
    )
