# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class ResPartner(models.Model):
    """The patient behind an account in the ledger; record rules of payments ask for it."""

    _inherit = "res.partner"

    hc_patient_ids = fields.One2many(
        "hc.patient", "partner_id", "Patients", groups="hc_revenue_base.group_hc_user"
    )

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals and self.sudo().with_context(active_test=False).user_ids:
            # The log of readers compares users' names with patients'.
            self.env.registry.clear_cache()
        return result
