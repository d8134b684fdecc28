# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import time

from odoo import api, fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class HcAutomation(models.Model):
    """What happens when an automation fails: a row, a work item, a mark on the list."""

    _inherit = "hc.automation"

    failure_count = fields.Integer("Failures, 30 Days", compute="_compute_failure_count")
    is_failing = fields.Boolean(
        "Failing", compute="_compute_is_failing", search="_search_is_failing"
    )

    def _compute_failure_count(self):
        rows = (
            self.env["hc.automation.run"]
            .sudo()
            ._read_group(
                [("automation_id", "in", self.ids), ("result", "=", "failed")],
                ["automation_id"],
                ["__count"],
            )
        )
        counts = {automation.id: count for automation, count in rows}
        for automation in self:
            automation.failure_count = counts.get(automation.id, 0)

    def _compute_is_failing(self):
        failing = set(self._get_open_items("automation_failed").mapped("res_id"))
        for automation in self:
            automation.is_failing = automation.id in failing

    @api.model
    def _search_is_failing(self, operator, value):
        if operator != "in":
            return NotImplemented
        automations = self.sudo().search_fetch([("code", "!=", False)], ["id"])
        return [("id", "in", automations._get_open_items("automation_failed").mapped("res_id"))]

    def _report_failure(self, error, tally):
        """Put a failure on record on a cursor of its own: the error undoes this transaction.

        Reported when the transaction ends, one way or the other, so that nothing it locked is
        waited for.
        """
        # A message to the user who pressed the button is an answer, not a failure.
        result = (
            "refused" if self.kind == "server_action" and isinstance(error, UserError) else "failed"
        )
        seconds = time.monotonic() - tally.started
        registry, uid, automation_id = self.env.registry, self.env.uid, self.id
        error_class = type(error).__name__
        tally.entries.clear()
        tally.changed.clear()

        def report():
            try:
                with registry.cursor() as cr:
                    automation = api.Environment(cr, uid, {})[self._name].sudo()
                    automation.browse(automation_id)._write_failure(
                        result, error_class, tally, seconds
                    )
            except Exception:
                _logger.exception("failure of automation %s could not be recorded", automation_id)

        self.env.cr.postrollback.add(report)
        self.env.cr.postcommit.add(report)

    def _write_failure(self, result, error_class, tally, seconds):
        if not self.exists():
            return
        runs = self.env["hc.automation.run"]
        runs._create_guarded(
            [runs._prepare_run_vals(self, result, tally, seconds, error_class=error_class)]
        )
        if result == "failed":
            self._open_failure_item(error_class)

    def _open_failure_item(self, error_class):
        self.env["hc.work.item"]._open(
            [
                {
                    "kind": "automation_failed",
                    "queue_code": "operations",
                    "dedup_key": f"automation_failed:{self.code}",
                    "name": self.env._("Automation fails: %(name)s", name=self.name),
                    "description": self.env._(
                        "%(error)s; the server log has the details. While it is not mended: "
                        "%(fallback)s",
                        error=error_class,
                        fallback=self.fallback_procedure,
                    ),
                    "res_model": self._name,
                    "res_id": self.id,
                }
            ]
        )
