# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models
from odoo.fields import Domain


class ResUsers(models.Model):
    """Clerks see what other systems said about the visits and patients of their facilities."""

    _inherit = "res.users"

    def _hc_exchange_domain(self, prefix=""):
        domain = super()._hc_exchange_domain(prefix)
        # A system sees its own documents only, whatever its user may know of patients.
        if not self.has_group("hc_revenue_base.group_hc_clerk"):
            return domain
        own = self.hc_facility_ids.ids
        visits = Domain(f"{prefix}encounter_id.facility_id", "in", own)
        patients = Domain(f"{prefix}encounter_id", "=", False) & Domain(
            f"{prefix}patient_id.facility_ids", "in", own
        )
        return list(Domain(domain) | visits | patients)
