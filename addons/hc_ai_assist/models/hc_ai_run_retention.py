# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Trials of a provider belong to no policy.
TRIAL_DAYS = 730


class HcAiRun(models.Model):
    """What was told of a run is erased in time; that it was, its digests and its cost stay."""

    _name = "hc.ai.run"
    _inherit = ["hc.ai.run", "hc.batch.mixin"]

    purged_at = fields.Datetime("Contents Erased On", readonly=True, index="btree_not_null")

    @api.model
    def _get_run_purge_domain(self, as_of):
        """Runs that are old enough by their policy, and under no legal hold.

        :param datetime as_of: now
        """
        policies = self.env["hc.ai.policy"].sudo().search([("is_on_legal_hold", "=", False)])
        old = Domain("policy_id", "=", False) & Domain(
            "create_date", "<", as_of - timedelta(days=TRIAL_DAYS)
        )
        for days, same in policies.grouped("retention_days").items():
            before = as_of - timedelta(days=days)
            old |= Domain("policy_id", "in", same.ids) & Domain("create_date", "<", before)
        return old & Domain("purged_at", "=", False)

    def _purge(self):
        """Erase which record it was about and what was masked in it."""
        self._write_guarded(
            {
                "res_model": False,
                "res_id": False,
                "redaction": False,
                "purged_at": self.env.cr.now().replace(microsecond=0),
            }
        )


class HcAiSuggestion(models.Model):
    _inherit = "hc.ai.suggestion"

    @api.model
    def _cron_purge(self):
        """Scheduled Action: erase what is old enough, of suggestions and of runs."""
        runs_sudo = self.env["hc.ai.run"].sudo()
        now = self.env.cr.now()
        parts = [
            ("suggestions", self.sudo(), self._get_purge_domain(now), "_purge"),
            ("runs", runs_sudo, runs_sudo._get_run_purge_domain(now), "_purge"),
        ]
        self._run_in_parts(parts, batch_size=500)
