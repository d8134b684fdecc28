# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..demo_data.advice_story import AdviceStory


class HcDemo(models.AbstractModel):
    _inherit = "hc.demo"

    @api.model
    def _tell_advice(self):
        """Let the demonstration's people try advice in shadow, let it go live and decide on it."""
        self._tell(AdviceStory)
