# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """Amounts that a person found worth looking at, and advice that changes for the worse."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("anomaly", "Amount to Check"),
            ("ai_drift", "AI: Facts Have Changed"),
            ("ai_fallback", "AI: Often Wrong"),
            ("ai_failed", "AI: Work Failed"),
        ],
        ondelete={
            "anomaly": "set default",
            "ai_drift": "set default",
            "ai_fallback": "set default",
            "ai_failed": "set default",
        },
    )
