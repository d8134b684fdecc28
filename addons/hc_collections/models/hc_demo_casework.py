# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..demo_data.casework_story import CaseworkStory
from ..demo_data.payment_story import PaymentStory
from ..demo_data.self_pay_story import SelfPayStory


class HcDemo(models.AbstractModel):
    _inherit = "hc.demo"

    @api.model
    def _tell_casework(self, as_of=None):
        """Let the demonstration group follow up what patients owe.

        :param date as_of: the day from which all dates are counted; default: today
        """
        self._tell(SelfPayStory, as_of)
        self.env["hc.collection.account"]._adopt_ledger()
        self._tell(CaseworkStory, as_of)
        self._tell(PaymentStory, as_of)
