# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    hc_facility_ids = fields.Many2many(
        "hc.facility",
        "hc_facility_user_rel",
        "user_id",
        "facility_id",
        string="Facilities",
        help="Facilities whose patients and cases the user may see. "
        "Users of the group “All Facilities” see all.",
    )

    def _get_invalidation_fields(self):
        # Record rules read the facilities; their domains are cached per user.
        return super()._get_invalidation_fields() | {"hc_facility_ids"}

    def _hc_facility_domain(self, field_name="facility_id"):
        """Domain of the records that the user's facilities allow, for record rules."""
        self.ensure_one()
        if self.has_group("hc_revenue_base.group_hc_all_facilities"):
            return [(1, "=", 1)]
        return ["|", (field_name, "=", False), (field_name, "in", self.hc_facility_ids.ids)]
