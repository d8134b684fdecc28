# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """What remittances leave to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("remittance_held", "Remittance Held"),
            ("remittance_claim", "Remittance Answer Waiting"),
        ],
        ondelete={"remittance_held": "cascade", "remittance_claim": "cascade"},
    )
