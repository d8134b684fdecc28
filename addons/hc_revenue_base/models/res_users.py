# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.fields import Domain


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

    def _hc_exchange_domain(self, prefix=""):
        """Domain of the exchanges that the user may see, for record rules: all, or their own.

        :param str prefix: path to the exchange, ending with a dot
        """
        self.ensure_one()
        if self.has_group("hc_revenue_base.group_hc_all_facilities"):
            return [(1, "=", 1)]
        return [(f"{prefix}create_uid", "=", self.id)]

    def _hc_facility_domain(self, field_name="facility_id", unassigned=True):
        """Domain of the records that the user's facilities allow, for record rules.

        :param str field_name: path to the facilities of a record
        :param bool unassigned: whether records without a facility are everybody's
        """
        self.ensure_one()
        if self.has_group("hc_revenue_base.group_hc_all_facilities"):
            return [(1, "=", 1)]
        own = Domain(field_name, "in", self.hc_facility_ids.ids)
        if not unassigned:
            return list(own)
        # A path through an empty relation is neither equal to False nor in a list.
        names = field_name.split(".")
        paths = [".".join(names[: end + 1]) for end in range(len(names))]
        return list(own | Domain.OR(Domain(path, "=", False) for path in paths))
