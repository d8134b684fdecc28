# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """Amounts that stand out, which a person found worth looking at."""
    """What supervisors are told about advice that changes for the worse."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("anomaly", "Amount to Check")], ondelete={"anomaly": "cascade"}
        selection_add=[("ai_drift", "AI: Facts Have Changed"), ("ai_fallback", "AI: Often Wrong")],
        ondelete={"ai_drift": "set default", "ai_fallback": "set default"},
    )
