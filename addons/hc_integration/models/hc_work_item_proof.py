# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

_KINDS = {
    "proof_difference": "Daily Proof Differs",
    "proof_not_told": "Daily Proof Not Told",
    "source_down": "Connected System in Trouble",
}


class HcWorkItem(models.Model):
    """What people are asked about connected systems and their proofs."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=list(_KINDS.items()), ondelete=dict.fromkeys(_KINDS, "set default")
    )
