# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

from odoo.addons.hc_revenue_base.hc_core.job_policy import JobPolicy

BATCH_ROWS = 200


class HcCadenceRun(models.Model):
    """From proposals to contacts, batch by batch.

    One job records a batch and enters the next one in the same transaction: a killed process
    leaves either both or neither, so that nobody is contacted twice and nobody forgotten.
    """

    _inherit = "hc.cadence.run"

    def action_execute(self):
        """Let what was proposed go out."""
        self.check_access("write")
        self.sudo()._execute()

    def _execute(self):
        self._transition("executing")
        for run in self:
            run._enqueue_batch(0)

    def _enqueue_batch(self, after):
        self.ensure_one()
        self._enqueue_job(
            "_job_record",
            {"after": after},
            key=f"cadence_run:{self.id}:{after}",
            batch=f"cadence_run:{self.id}",
            name=self.env._("Reminders of %(run)s", run=self.name),
        )

    @api.model
    def _get_job_methods(self):
        return super()._get_job_methods() | {"_job_record": JobPolicy(max_attempts=25)}

    def _job_record(self, after):
        """Record the contacts of the next rows, decided again as of today; then the rest."""
        self.ensure_one()
        if self.state != "executing":
            return
        rows = self.env["hc.cadence.proposal"].search(
            [("run_id", "=", self.id), ("state", "=", "proposed"), ("id", ">", after)],
            order="id",
            limit=BATCH_ROWS,
        )
        if not rows:
            self._transition("done")
            return
        rows.with_context(tracking_disable=True)._record_contacts()
        self._enqueue_batch(rows[-1].id)

    @api.model
    def _cron_run(self):
        """Scheduled Action: propose and execute the day's reminders, unattended.

        A run that a person has left open for review is left to that person.
        """
        today = fields.Date.context_today(self)
        policies = self.env["hc.cadence.policy"]
        for company in self.env["res.company"].search(self._get_company_domain()):
            for party in ("patient", "payer"):
                domain = [("company_id", "=", company.id), ("party", "=", party)]
                is_taken = self.search_count(
                    [
                        *domain,
                        "|",
                        ("state", "in", ("proposed", "executing")),
                        "&",
                        "&",
                        ("as_of", ">=", today),
                        ("is_partial", "=", False),
                        ("state", "!=", "cancelled"),
                    ],
                    limit=1,
                )
                if not is_taken and policies._get_in_force(company, party, today):
                    self._propose(company, party, today)._execute()

    @api.model
    def _get_company_domain(self):
        """Companies with accounts, within the scope of the running automation."""
        rows = self.env["hc.collection.account"]._read_group(
            self.env["hc.automation"]._get_running_domain("hc.collection.account"), ["company_id"]
        )
        return [("id", "in", [company.id for (company,) in rows])]
