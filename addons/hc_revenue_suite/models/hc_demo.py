# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.demo_data.office import Office

from ..demo_data.decision_story import DecisionStory


class HcDemo(models.AbstractModel):
    _inherit = "hc.demo"

    @api.model
    def _tell_decisions(self):
        """Let those who must agree decide about what the other modules' stories asked for."""
        DecisionStory(Office(self.env)).run()
