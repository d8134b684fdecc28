# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from .hc_automation_observation import get_observing, get_running


class IrCron(models.Model):
    _name = "ir.cron"
    _inherit = ["ir.cron", "hc.suite.config.mixin"]
    _config_fields = (
        "ir_actions_server_id",
        "active",
        "interval_number",
        "interval_type",
        "nextcall",
        "priority",
        "user_id",
    )
    # Odoo itself moves it on after every run, by SQL.
    _config_volatile_fields = frozenset({"nextcall"})

    @api.model
    def _commit_progress(self, processed=0, *, remaining=None, deactivate=False):
        for tally in get_running():
            tally.seen += processed
        observing = get_observing()
        if observing:
            self.env.cr.flush()
            return observing.get_seconds_left()
        return super()._commit_progress(processed, remaining=remaining, deactivate=deactivate)
