# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging

from odoo import fields, models

from .hc_work_item import OPEN_STATES

_logger = logging.getLogger(__name__)


class HcWorkItem(models.Model):
    _inherit = "hc.work.item"

    kind = fields.Selection(
        selection_add=[("job_failed", "Job Failed")], ondelete={"job_failed": "set default"}
    )


class HcJob(models.Model):
    """Dead letters ask for a person: one work item per method, for one outage kills many jobs."""

    _inherit = "hc.job"

    def _get_item_key(self):
        self.ensure_one()
        return f"job_dead:{self.res_model}.{self.method}"

    def _on_state_dead(self, previous):
        for company, jobs in self.grouped("company_id").items():
            for jobs_of_method in jobs.grouped(lambda job: job._get_item_key()).values():
                try:
                    with self.env.cr.savepoint():
                        jobs_of_method[0]._open_dead_item(company)
                except Exception as error:  # noqa: BLE001 - the dead letter itself must stay
                    _logger.warning(
                        "no work item for dead jobs %s: %s", jobs.ids, type(error).__name__
                    )

    def _open_dead_item(self, company):
        self.env["hc.work.item"].sudo().with_company(company)._open(
            [
                {
                    "kind": "job_failed",
                    "queue_code": "operations",
                    "dedup_key": self._get_item_key(),
                    "name": self.env._("Jobs fail: %(name)s", name=self.name),
                    "description": self.env._(
                        "Jobs of %(model)s.%(method)s were tried %(attempts)s times and given "
                        "up. Last error: %(error)s. Open Control, Jobs, filter Dead Letters: "
                        "mend the cause, then replay them, or cancel them.",
                        model=self.res_model,
                        method=self.method,
                        attempts=self.attempts,
                        error=self.error,
                    ),
                    "company_id": company.id,
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )

    def _on_state_pending(self, previous):
        self._resolve_dead_items(previous)

    def _on_state_cancelled(self, previous):
        self._resolve_dead_items(previous)

    def _resolve_dead_items(self, previous):
        """Resolve the items of methods that have no dead letter left."""
        left = self.filtered(lambda job: previous[job.id] == "dead")
        for company, jobs in left.grouped("company_id").items():
            for key, jobs_of_method in jobs.grouped(lambda job: job._get_item_key()).items():
                job = jobs_of_method[0]
                if not self.sudo().search_count(
                    [
                        ("company_id", "=", company.id),
                        ("state", "=", "dead"),
                        ("res_model", "=", job.res_model),
                        ("method", "=", job.method),
                    ],
                    limit=1,
                ):
                    self.env["hc.work.item"].sudo().search(
                        [
                            ("company_id", "=", company.id),
                            ("dedup_key", "=", key),
                            ("state", "in", OPEN_STATES),
                        ]
                    )._resolve("fixed")
