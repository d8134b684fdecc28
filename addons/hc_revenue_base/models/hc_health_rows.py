# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models
from odoo.tools import SQL


class HcHealth(models.AbstractModel):
    """How base's checks are counted; only rows that an index finds, for they are asked often."""

    _inherit = "hc.health"

    @api.model
    def _health_rows_cron_failures(self):
        return SQL(
            """SELECT server.name ->> 'en_US', cron.failure_count
                 FROM ir_cron cron
                 JOIN ir_act_server server ON server.id = cron.ir_actions_server_id
                WHERE cron.failure_count > 0"""
        )

    @api.model
    def _health_rows_cron_lag(self):
        return SQL(
            """SELECT NULL, extract(epoch FROM %s - min(cron.nextcall)) FROM ir_cron cron
                WHERE cron.active AND cron.nextcall < %s""",
            self._get_moment(),
            self._get_moment(),
        )

    @api.model
    def _health_rows_automation_failures(self):
        return SQL(
            """SELECT automation.code, count(*) FROM hc_automation_run run
                 JOIN hc_automation automation ON automation.id = run.automation_id
                WHERE run.result = 'failed' AND run.started_at > %s - interval '1 day'
             GROUP BY automation.code""",
            self._get_moment(),
        )

    @api.model
    def _health_rows_jobs_dead(self):
        return SQL("SELECT NULL, count(*) FROM hc_job WHERE state = 'dead'")

    @api.model
    def _health_rows_jobs_lag(self):
        return SQL(
            """SELECT NULL, extract(epoch FROM %s - min(not_before)) FROM hc_job
                WHERE state = 'pending' AND not_before <= %s""",
            self._get_moment(),
            self._get_moment(),
        )

    @api.model
    def _health_rows_exchanges_failed(self):
        return SQL("SELECT NULL, count(*) FROM hc_exchange WHERE state = 'failed'")

    @api.model
    def _health_rows_exchanges_lag(self):
        return SQL(
            """SELECT NULL, extract(epoch FROM %s - min(create_date)) FROM hc_exchange
                WHERE state IN ('received', 'processing')""",
            self._get_moment(),
        )

    @api.model
    def _health_rows_hosts(self):
        return SQL("SELECT host, 1 FROM hc_http_host WHERE state <> 'closed'")

    @api.model
    def _health_rows_work(self):
        return SQL(
            """SELECT queue.code, extract(epoch FROM %s - min(item.due_at)) FROM hc_work_item item
                 JOIN hc_work_queue queue ON queue.id = item.queue_id
                WHERE item.state IN ('open', 'in_progress') AND item.due_at < %s
             GROUP BY queue.code""",
            self._get_moment(),
            self._get_moment(),
        )

    @api.model
    def _health_rows_refused(self):
        return SQL(
            """SELECT NULL, count(*) FROM hc_refused_attempt
                WHERE occurred_at > %s - interval '1 hour'""",
            self._get_moment(),
        )

    @api.model
    def _health_rows_unsealed(self):
        # Entries are sealed in the order of their numbers.
        return SQL(
            """SELECT NULL, extract(epoch FROM %s - min(entry.occurred_at))
                 FROM (SELECT later.occurred_at FROM hc_transition later
                        WHERE later.id > COALESCE((SELECT transition_id FROM hc_transition_seal
                                                 ORDER BY position DESC LIMIT 1), 0)
                     ORDER BY later.id LIMIT 1) AS entry""",
            self._get_moment(),
        )

    @api.model
    def _health_rows_chain_breaks(self):
        return SQL(
            """SELECT NULL, count(*) FROM hc_work_item
                WHERE kind = 'chain_break' AND state IN ('open', 'in_progress')"""
        )

    @api.model
    def _get_moment(self):
        """The moment of the question, as the database knows it."""
        return SQL("%s::timestamp", self.env.cr.now())
