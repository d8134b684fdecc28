# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcWorkItem(models.Model):
    """What eligibility and authorizations leave to people."""

    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[
            ("eligibility_held", "Eligibility Question Held"),
            ("eligibility_rejected", "Eligibility Question Rejected"),
            ("eligibility_no_answer", "Eligibility Without Answer"),
            ("eligibility_difference", "Payer Contradicts Coverage"),
            ("eligibility_unmatched", "Eligibility Answer Unmatched"),
            ("eligibility_file", "Eligibility File"),
            ("authorization_expiry", "Authorization Ends Soon"),
            ("authorization_use", "Authorization Used Up"),
        ],
        ondelete={
            "eligibility_held": "set default",
            "eligibility_rejected": "set default",
            "eligibility_no_answer": "set default",
            "eligibility_difference": "set default",
            "eligibility_unmatched": "set default",
            "eligibility_file": "set default",
            "authorization_expiry": "set default",
            "authorization_use": "set default",
        },
    )
