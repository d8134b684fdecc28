# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from .hc_automation_observation import get_observing


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    def _web_push_send_notification(self, *args, **kwargs):
        # Odoo calls the browsers' push services at once, not after the commit.
        if get_observing():
            return None
        return super()._web_push_send_notification(*args, **kwargs)
