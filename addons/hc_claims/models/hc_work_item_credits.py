# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """What credits and takebacks leave to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("credit_balance", "Credit Balance"),
            ("credit_deadline", "Credit to Return"),
            ("takeback", "Takeback Not Explained"),
        ],
        ondelete={
            "credit_balance": "cascade",
            "credit_deadline": "cascade",
            "takeback": "cascade",
        },
    )
