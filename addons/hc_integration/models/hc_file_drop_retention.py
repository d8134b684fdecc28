# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models

_PARAMETER = "hc_integration.dropped_file_days"
_DAYS = 400
_BATCH_ROWS = 5000


class HcFileDropFile(models.Model):
    """Which files came and went is kept for some time; the documents themselves stay."""

    _inherit = "hc.file.drop.file"

    @api.model
    def _cron_forget(self):
        """Scheduled Action: forget files that were finished longer ago than the office wants."""
        commit_progress = self.env["ir.cron"]._commit_progress
        parameter = self.env["ir.config_parameter"].sudo().get_param(_PARAMETER)
        days = int(parameter) if str(parameter or "").isdecimal() else _DAYS
        before = self.env.cr.now() - timedelta(days=max(days, 1))
        old = [("finished_at", "<", before)]
        commit_progress(remaining=self.sudo().search_count(old))
        while batch := self.sudo().search(old, order="id", limit=_BATCH_ROWS):
            count = len(batch)
            batch.unlink()
            if not commit_progress(count):
                return
