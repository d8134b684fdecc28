# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, models

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

BATCH_ROWS = 200
LIVE_STATES = ("pending", "running")


class HcCadenceRun(models.Model):
    """From proposals to contacts, batch by batch.

    One job records a batch and enters the next one in the same transaction: a killed process
    leaves either both or neither, so that nobody is contacted twice and nobody forgotten.
    """

    _inherit = "hc.cadence.run"

    def action_execute(self):
        """Let what was proposed go out."""
        self._check_reach("execute")
        self.sudo()._execute()

    def _execute(self):
        self._transition("executing")
        for run in self:
            run._enqueue_batch(0)

    def _enqueue_batch(self, after, attempt=""):
        self.ensure_one()
        self._enqueue_job(
            "_job_record",
            {"after": after},
            key=f"cadence_run:{self.id}:{after}{attempt}",
            batch=f"cadence_run:{self.id}",
            name=self.env._("Reminders of %(run)s", run=self.name),
        )

    @api.model
    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_record": JobPolicy(max_attempts=25)}

    def _continue(self, day):
        """Take up a run that no job works on any more, as after a dead letter.

        What was recorded stays; the rest is decided again as of the day on which it is done.
        """
        for run in self:
            domain = [("batch", "=", f"cadence_run:{run.id}"), ("state", "in", LIVE_STATES)]
            if not self.env["hc.job"].sudo().search_count(domain, limit=1):
                run._log_decision(self.env._("taken up again"), {"day": day.isoformat()})
                run._enqueue_batch(0, attempt=f":{day}")

    def _job_record(self, after):
        """Record the contacts of the next rows, decided again as of today; then the rest."""
        self.ensure_one()
        if self.state != "executing":
            return
        rows = self.company_id._at_office(self.env["hc.cadence.proposal"]).search(
            [("run_id", "=", self.id), ("state", "=", "proposed"), ("id", ">", after)],
            order="id",
            limit=BATCH_ROWS,
        )
        if not rows:
            self._transition("done")
            return
        # One account that cannot be recorded keeps no other from being reminded.
        rows.with_context(tracking_disable=True)._run_isolated("_record_contacts")
        self._enqueue_batch(rows[-1].id)
