# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class ResCompany(models.Model):
    """The day at the office, whoever or whatever asks: Scheduled Actions have no time zone."""

    _inherit = "res.company"

    def _get_office_timezone(self):
        """Name of the time zone of the office: its address's, its facility's, its calendar's."""
        self.ensure_one()
        company_sudo = self.sudo()
        if company_sudo.partner_id.tz:
            return company_sudo.partner_id.tz
        facility = self.env["hc.facility"].sudo().search(
            [("company_id", "=", self.id)], order="id", limit=1
        )  # fmt: skip
        return facility.timezone or company_sudo.resource_calendar_id.tz or "UTC"

    def _at_office(self, records):
        """The same records, for which today is the day at the company's office."""
        return records.with_context(tz=self._get_office_timezone())

    def _get_office_day(self):
        """The date at the office now."""
        return fields.Date.context_today(self._at_office(self))
