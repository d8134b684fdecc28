# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """What disputes and applications leave to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("dispute", "Dispute"),
            ("assistance", "Financial Assistance"),
            ("assistance_refund", "Refund After Assistance"),
        ],
        ondelete={
            "dispute": "cascade",
            "assistance": "cascade",
            "assistance_refund": "cascade",
        },
    )
