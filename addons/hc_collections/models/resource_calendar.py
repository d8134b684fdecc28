# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models

from ..hc_dunning_core.workdays import Workdays


class ResourceCalendar(models.Model):
    """Working days as the pure package counts them."""

    _inherit = "resource.calendar"

    @api.model
    def _hc_get_workdays(self, company):
        """The weekdays on which a company's office works, less its holidays.

        A day that a holiday touches is not worked: half a day less is no harm to a reminder.
        """
        calendar_sudo = company.sudo().resource_calendar_id
        worked = {int(each.dayofweek) for each in calendar_sudo.attendance_ids}
        holidays = set()
        for leave in calendar_sudo.global_leave_ids:
            first = leave.date_from.astimezone(self.env.tz).date()
            last = (leave.date_to - timedelta(seconds=1)).astimezone(self.env.tz).date()
            holidays.update(first + timedelta(days=step) for step in range((last - first).days + 1))
        weekend = frozenset(range(7)) - worked if worked else frozenset()
        return Workdays(frozenset(holidays), weekend)
