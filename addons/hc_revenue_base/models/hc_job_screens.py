# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import secrets
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

PURGE_ROWS = 20_000
DEFAULT_KEPT_DAYS = 30
KEPT_DAYS_PARAMETER = "hc_revenue_base.job_kept_days"


class HcJob(models.Model):
    """What people see of jobs and do with them, and how finished ones are forgotten."""

    _inherit = "hc.job"

    record_count = fields.Integer("Records", compute="_compute_record_count")

    arguments_text = fields.Char("Arguments", compute="_compute_arguments_text")

    @api.depends("arguments")
    def _compute_arguments_text(self):
        for job in self:
            job.arguments_text = json.dumps(job.arguments, sort_keys=True) if job.arguments else ""

    @api.depends("res_ids")
    def _compute_record_count(self):
        for job in self:
            job.record_count = len(job.res_ids or ())

    def action_replay(self):
        """Put dead letters back: they start over, each alone, as the user who entered them."""
        replayed = self._transition("pending", reason=self.env._("replayed"))
        replayed._write_guarded(
            {
                "attempts": 0,
                "conflicts": 0,
                "alone": True,
                "finished_at": False,
                "not_before": self.env.cr.now().replace(microsecond=0),
            }
        )
        self._wake_drains_on_commit()

    def action_cancel(self):
        """Give up jobs that wait or are dead letters; one that runs cannot be called back."""
        self._transition("cancelled", reason=self.env._("cancelled by hand"))

    def action_open_records(self):
        """Open the records that the job is about, as far as the user may see them."""
        self.ensure_one()
        if not self.res_ids:
            raise UserError(self.env._("This job is about no record."))
        records = self.env[self.res_model].browse(self.res_ids)
        return records._get_records_action(name=self.name)

    def action_send_test_job(self):
        """Enter a job that does nothing: it is done within a minute where jobs are run."""
        self._check_may_operate()
        self._enqueue(
            [
                {
                    "records": self.browse(),
                    "method": "_job_ping",
                    "name": self.env._("Test job"),
                    "key": f"test:{secrets.token_hex(8)}",
                }
            ]
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._("A test job waits. Reload: it is done within a minute."),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    @api.model
    def _check_may_operate(self):
        groups = ("hc_revenue_base.group_hc_operations", "hc_revenue_base.group_hc_administrator")
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            raise AccessError(
                self.env._("Test jobs are sent by the roles Operations and Administrator.")
            )

    @api.autovacuum
    def _gc_finished(self):
        """Forget done and cancelled jobs after some weeks; dead letters wait for a person.

        By SQL: records with a life cycle refuse to be deleted, and these are many.
        """
        days = int(
            self.env["ir.config_parameter"].sudo().get_param(KEPT_DAYS_PARAMETER)
            or DEFAULT_KEPT_DAYS
        )
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM hc_job WHERE id IN (
                    SELECT id FROM hc_job
                     WHERE state IN ('done', 'cancelled') AND finished_at < %s
                     LIMIT %s)
                """,
                self.env.cr.now() - timedelta(days=days),
                PURGE_ROWS,
            )
        )
        deleted = self.env.cr.rowcount
        return deleted, int(deleted == PURGE_ROWS)
