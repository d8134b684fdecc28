# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcFacility(models.Model):
    _inherit = "hc.facility"

    def _get_local_day(self, moment=None):
        """The day at the facility; where none is known, that of the user.

        :param datetime moment: in UTC; by default now
        """
        local = self.with_context(tz=self.timezone)
        return fields.Datetime.context_timestamp(local, moment or self.env.cr.now()).date()
