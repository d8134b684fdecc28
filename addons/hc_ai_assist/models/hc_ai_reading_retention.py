# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

RETENTION_PARAMETER = "hc_ai_assist.reading_days"
RETENTION_DAYS = 90


class HcAiReading(models.Model):
    """Texts of files are dropped by age, and where the file is gone; their hashes stay."""

    _inherit = "hc.ai.reading"

    @api.model
    def _get_retention_days(self):
        """For how many days texts are kept."""
        parameter = self.env["ir.config_parameter"].sudo().get_param(RETENTION_PARAMETER)
        days = int(parameter) if str(parameter or "").isdecimal() else RETENTION_DAYS
        return max(days, 1)

    @api.model
    def _cron_purge_texts(self):
        """Scheduled Action: drop texts that are old, or whose file is gone."""
        before = self.env.cr.now() - timedelta(days=self._get_retention_days())
        is_over = Domain("read_at", "<", before) | Domain("attachment_id", "=", False)
        self._run_in_batches(
            Domain("state", "in", ("done", "unreadable")) & is_over, "_purge_texts"
        )

    def _purge_texts(self):
        """Drop the texts of these readings; a later question has the file read anew."""
        self.sudo()._write_guarded({"page_texts": False})
        self.sudo()._transition("purged")
