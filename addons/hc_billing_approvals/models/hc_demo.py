# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.demo_data.office import Office

from ..demo_data.approval_story import ApprovalStory


class HcDemo(models.AbstractModel):
    _inherit = "hc.demo"

    @api.model
    def _tell_approvals(self, as_of=None):
        """Let the demonstration users ask for acts and decide about them.

        :param date as_of: the day from which all dates are counted; default: today
        """
        ApprovalStory(Office(self.env), as_of or self._get_office_day()).run()
