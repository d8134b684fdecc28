# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from ..hc_core.health import HealthCheck

_MINUTE, _HOUR, _DAY = 60, 3600, 86400


class HcHealth(models.AbstractModel):
    """What base watches: Scheduled Actions, automations, jobs, exchanges, queues and the log."""

    _inherit = "hc.health"

    @api.model
    def _get_checks(self):
        return (
            super()._get_checks()
            + self._define_scheduled_actions()
            + self._define_jobs()
            + self._define_exchanges()
            + self._define_queues()
            + self._define_log()
        )

    @api.model
    def _define_scheduled_actions(self):
        return [
            HealthCheck(
                code="scheduled_action_failures",
                name=self.env._("Scheduled Actions that fail"),
                advice=self.env._(
                    "Open the Scheduled Action, read its last error in the server log, mend the "
                    "cause and run it by hand. After five failures in a row Odoo switches it off."
                ),
                unit="count",
                rows_method="_health_rows_cron_failures",
                warning_at=1,
                failing_at=3,
                label="scheduled_action",
                action="base.ir_cron_act",
                domain="[('failure_count', '>', 0)]",
            ),
            HealthCheck(
                code="scheduled_action_lag",
                name=self.env._("Scheduled Actions that are late"),
                advice=self.env._(
                    "The server's workers for Scheduled Actions are stopped or too busy: see that "
                    "the service runs and how many it may use (max_cron_threads)."
                ),
                unit="seconds",
                rows_method="_health_rows_cron_lag",
                warning_at=15 * _MINUTE,
                failing_at=2 * _HOUR,
                action="base.ir_cron_act",
            ),
            HealthCheck(
                code="automation_failures",
                name=self.env._("Automations that failed today"),
                advice=self.env._(
                    "Open the automation: its runs show the error and where it happened. Set it to "
                    "Off where it does harm, and follow its fallback procedure."
                ),
                unit="count",
                rows_method="_health_rows_automation_failures",
                warning_at=1,
                label="automation",
                action="hc_revenue_base.hc_automation_run_action",
                domain="[('result', '=', 'failed')]",
            ),
        ]

    @api.model
    def _define_jobs(self):
        return [
            HealthCheck(
                code="jobs_dead",
                name=self.env._("Jobs that gave up"),
                advice=self.env._("Read the error of the job, mend the cause and replay it."),
                unit="count",
                rows_method="_health_rows_jobs_dead",
                warning_at=1,
                action="hc_revenue_base.hc_job_action",
                domain="[('state', '=', 'dead')]",
            ),
            HealthCheck(
                code="jobs_lag",
                name=self.env._("Oldest job that is due"),
                advice=self.env._(
                    "Open the waiting jobs: is the Scheduled Action that runs them on?"
                ),
                unit="seconds",
                rows_method="_health_rows_jobs_lag",
                warning_at=15 * _MINUTE,
                failing_at=4 * _HOUR,
                action="hc_revenue_base.hc_job_action",
                domain="[('state', '=', 'pending')]",
            ),
        ]

    @api.model
    def _define_exchanges(self):
        return [
            HealthCheck(
                code="exchanges_failed",
                name=self.env._("Received documents that failed"),
                advice=self.env._(
                    "Open the document: its error tells what to correct. Process it again, or "
                    "enter by hand what it says."
                ),
                unit="count",
                rows_method="_health_rows_exchanges_failed",
                warning_at=1,
                action="hc_revenue_base.hc_exchange_action",
                domain="[('state', '=', 'failed')]",
            ),
            HealthCheck(
                code="exchanges_lag",
                name=self.env._("Oldest document that waits to be processed"),
                advice=self.env._("See that the Scheduled Action that processes documents is on."),
                unit="seconds",
                rows_method="_health_rows_exchanges_lag",
                warning_at=30 * _MINUTE,
                failing_at=6 * _HOUR,
                action="hc_revenue_base.hc_exchange_action",
                domain="[('state', 'in', ['received', 'processing'])]",
            ),
            HealthCheck(
                code="hosts_unreachable",
                name=self.env._("Partners that cannot be reached"),
                advice=self.env._(
                    "Calls are paused and tried again by themselves. Ask the partner; follow the "
                    "play-book of the system meanwhile."
                ),
                unit="count",
                rows_method="_health_rows_hosts",
                warning_at=1,
                label="host",
                action="hc_revenue_base.hc_http_host_action",
                domain="[('state', '!=', 'closed')]",
            ),
        ]

    @api.model
    def _define_queues(self):
        return [
            HealthCheck(
                code="work_oldest",
                name=self.env._("Oldest work past its due time"),
                advice=self.env._(
                    "Reassign the oldest items of the queue, or lend it a colleague."
                ),
                unit="seconds",
                rows_method="_health_rows_work",
                warning_at=2 * _DAY,
                label="queue",
                action="hc_revenue_base.hc_work_item_action",
                domain="[('state', 'in', ['open', 'in_progress'])]",
            ),
            HealthCheck(
                code="refused_attempts",
                name=self.env._("Refused attempts within an hour"),
                advice=self.env._(
                    "See who tried what. Many by one person: a missing right or a misuse; ask. "
                    "Many by an interface user: revoke its key."
                ),
                unit="count",
                rows_method="_health_rows_refused",
                warning_at=50,
                failing_at=1000,
                action="hc_revenue_base.hc_refused_attempt_action",
            ),
        ]

    @api.model
    def _define_log(self):
        return [
            HealthCheck(
                code="log_unsealed",
                name=self.env._("Oldest log entry without a seal"),
                advice=self.env._("Run the Scheduled Action that seals the audit log."),
                unit="seconds",
                rows_method="_health_rows_unsealed",
                warning_at=2 * _HOUR,
                failing_at=_DAY,
                action="hc_revenue_base.hc_transition_action",
            ),
            HealthCheck(
                code="log_broken",
                name=self.env._("Breaks found in the audit log"),
                advice=self.env._(
                    "Keep the database as it is, tell compliance, and compare it with the last "
                    "backup and with the exported log."
                ),
                unit="count",
                rows_method="_health_rows_chain_breaks",
                warning_at=1,
                failing_at=1,
                action="hc_revenue_base.hc_work_item_action",
                domain="[('kind', '=', 'chain_break')]",
            ),
        ]
