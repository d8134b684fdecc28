# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import models

from ..tools.json_logs import begin_trace


class IrCron(models.Model):
    """Each run of a Scheduled Action has a trace id of its own."""

    _inherit = "ir.cron"

    def _callback(self, cron_name, server_action_id):
        begin_trace()
        return super()._callback(cron_name, server_action_id)
