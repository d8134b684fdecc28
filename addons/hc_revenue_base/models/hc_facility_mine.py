# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models


class HcFacility(models.Model):
    _inherit = "hc.facility"

    is_mine = fields.Boolean(
        "My Facility",
        compute="_compute_is_mine",
        search="_search_is_mine",
        help="Whether the reading user works for the facility, for filters such as “My Facility”.",
    )

    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self._get_mine()
        for facility in self:
            facility.is_mine = facility in mine

    @api.model
    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("id", "in", self._get_mine().ids)]

    @api.model
    def _get_mine(self):
        """The facilities the user works for; all of them where none is named."""
        return self.env.user.hc_facility_ids or self.search(
            [("company_id", "in", self.env.companies.ids)]
        )
