# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import logging
import time
from collections import namedtuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from .hc_automation_observation import RunTally, running, undone
from .hc_batch_mixin import CONCURRENCY_ERRORS

_logger = logging.getLogger(__name__)

_PENDING_KEY = "hc_revenue_base.automation_runs"

_Pending = namedtuple("_Pending", "tally seconds executions")


def _get_cause(error):
    """The error that an engine raised: Odoo wraps those of a code action in a ValueError."""
    while type(error) is ValueError and error.__context__:
        error = error.__context__
    return error


class HcAutomation(models.Model):
    """How an automation runs, according to its mode, and what is put on record about it."""

    _inherit = "hc.automation"

    run_ids = fields.One2many("hc.automation.run", "automation_id", readonly=True)
    last_run_at = fields.Datetime("Last Run", compute="_compute_last_run", compute_sudo=True)
    last_result = fields.Selection(
        selection=lambda self: (
            self.env["hc.automation.run"]._fields["result"]._description_selection(self.env)
        ),
        compute="_compute_last_run",
        compute_sudo=True,
    )
    failure_count = fields.Integer("Failures, 30 Days", compute="_compute_failure_count")
    is_failing = fields.Boolean(
        "Failing", compute="_compute_is_failing", search="_search_is_failing"
    )

    def _compute_last_run(self):
        runs = self.env["hc.automation.run"]
        rows = runs._read_group([("automation_id", "in", self.ids)], ["automation_id"], ["id:max"])
        last = {automation.id: runs.browse(run_id) for automation, run_id in rows}
        for automation in self:
            run = last.get(automation.id, runs)
            automation.last_run_at = run.started_at
            automation.last_result = run.result

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

    def _execute(self, engine, seen=0):
        """Run an engine as the mode says.

        :param engine: what the native record does; called without arguments
        :param int seen: how many records it was called for
        :return: what the engine returned, or False where it did not run for real
        """
        self.ensure_one()
        if self.mode == "off":
            self._record_run("skipped", RunTally(self.id, seen=seen))
            return False
        tally = RunTally(self.id, observes=self.mode == "observe", seen=seen)
        try:
            with running(tally):
                result = self._observe(engine, tally) if tally.observes else engine()
        except Exception as error:
            cause = _get_cause(error)
            if not isinstance(cause, CONCURRENCY_ERRORS):
                self._report_failure(cause, tally)
            raise
        self._record_run("observed" if tally.observes else "done", tally)
        return result

    def _observe(self, engine, tally):
        """Run the real engine and undo all of it, keeping only what it would have done."""
        if self.env.context.get("onchange_self"):
            # A form that is being filled in: its values live in the cache, which is lost below.
            return False
        with undone(self.env, tally):
            engine()
        return False

    def _record_run(self, result, tally):
        """Put a run on record at the end of the transaction, together with its like.

        An Automation Rule runs once per record; one row per execution would cost more than the
        rule. What is rolled back leaves no row, failures apart.
        """
        precommit = self.env.cr.precommit
        pending = precommit.data.setdefault(_PENDING_KEY, {})
        if not pending:
            precommit.add(self.sudo().browse()._write_pending_runs)
        key = (self.id, result)
        seconds = time.monotonic() - tally.started
        known = pending.get(key)
        if known:
            known.tally.merge(tally)
            pending[key] = _Pending(known.tally, known.seconds + seconds, known.executions + 1)
        else:
            pending[key] = _Pending(tally, seconds, 1)

    def _write_pending_runs(self):
        pending = self.env.cr.precommit.data.pop(_PENDING_KEY, {})
        runs = self.env["hc.automation.run"]
        vals_list = []
        for (automation_id, result), (tally, seconds, executions) in pending.items():
            automation = self.browse(automation_id).exists()
            if not automation:
                continue
            vals_list.append(
                runs._prepare_run_vals(
                    automation, result, tally, seconds, execution_count=executions
                )
            )
            if result == "done" and automation.cron_id:
                automation._get_open_items("automation_failed")._resolve("fixed")
        runs._create_guarded(vals_list)

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

    def action_open_runs(self):
        """Open the runs of this automation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_automation_run_action"
        )
        action["domain"] = [("automation_id", "=", self.id)]
        action["context"] = {}
        return action
