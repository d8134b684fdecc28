# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.demo_data.office import Office

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
        office, day = Office(self.env), as_of or fields.Date.context_today(self)
        SelfPayStory(office, day).run()
        self.env["hc.collection.account"]._adopt_ledger()
        CaseworkStory(office, day).run()
        PaymentStory(office, day).run()
