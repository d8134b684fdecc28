# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

_KINDS = {
    "promise_broken": "Promise Not Kept",
    "plan_defaulted": "Payment Plan Defaulted",
    "payment_unmatched": "Payment Not Matched",
    "payment_failed": "Payment Failed",
    "payment_link": "Payment Link Not Sent",
    "payment_charged_back": "Payment Charged Back",
    "credit_unapplied": "Patient Credit",
}


class HcWorkItem(models.Model):
    """What payments of patients leave to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=list(_KINDS.items()), ondelete=dict.fromkeys(_KINDS, "cascade")
    )
