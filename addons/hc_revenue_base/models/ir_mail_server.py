# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from .hc_automation_observation import get_observing


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _connect__(self, *args, **kwargs):
        # No connection while an automation is observed: nothing may leave.
        return None if get_observing() else super()._connect__(*args, **kwargs)

    @api.model
    def send_email(self, message, *args, **kwargs):
        """Send a message, unless an observed run sends it: then it is only counted."""
        observing = get_observing()
        if observing:
            observing.mails_held += 1
            return message["Message-Id"]
        return super().send_email(message, *args, **kwargs)
