# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import time

from odoo import SUPERUSER_ID, api, models
from odoo.tools import config

CHANNEL = "root.revenue"
# How many drains run side by side where the channel's capacity allows it.
DRAINS = 2
# A drain makes room for other jobs of the queue after so long, and enters itself again.
DRAIN_SECONDS = 60


class HcJob(models.Model):
    """A second engine for the same rows.

    What waits in ``queue_job`` is never the work itself but "drain shard k". State, attempts and
    dead letters stay in ``hc.job``, so that the two engines can run side by side and either may be
    switched off. The Scheduled Actions keep looking every minute: they run what became due by
    time, and everything where no runner is alive.
    """

    _inherit = "hc.job"

    @api.model
    def _wake_drains(self):
        """Enter a drain per shard, unless one waits; without a runner, wake Scheduled Actions."""
        if not self._is_queue_loaded():
            super()._wake_drains()
            return
        self.env.cr.precommit.data.pop("hc_job_wake", None)
        for shard in range(DRAINS):
            self.with_user(SUPERUSER_ID).with_delay(
                identity_key=f"hc_job drain {shard}/{DRAINS}",
                channel=CHANNEL,
                description=f"Revenue: run jobs ({shard + 1} of {DRAINS})",
            )._drain_in_queue(shard, DRAINS)

    @api.model
    def _is_queue_loaded(self):
        """Whether the queue may run jobs.

        It does only where this server loads ``queue_job`` server-wide. In a neutralized copy of a
        database it must not, as the Scheduled Actions do not.
        """
        parameters_sudo = self.env["ir.config_parameter"].sudo()
        return "queue_job" in config["server_wide_modules"] and not parameters_sudo.get_param(
            "database.is_neutralized"
        )

    @api.model
    def _drain_in_queue(self, shard, shards):
        """Job of ``queue_job``: run due jobs for a while. Its function allows commits."""
        if not self._is_queue_loaded():
            return
        deadline = time.monotonic() + DRAIN_SECONDS
        commit = self.env["ir.cron"]._commit_progress

        def commit_progress(_done=0):
            commit()
            return max(deadline - time.monotonic(), 0)

        self._drain(commit_progress, shard, shards)
