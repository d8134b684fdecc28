# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import time
from collections import namedtuple

from odoo import api, fields, models

from .hc_automation_observation import RunTally, get_observing, get_running, running, undone
from .hc_batch_mixin import CONCURRENCY_ERRORS

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

    def _compute_last_run(self):
        runs = self.env["hc.automation.run"]
        rows = runs._read_group([("automation_id", "in", self.ids)], ["automation_id"], ["id:max"])
        last = {automation.id: runs.browse(run_id) for automation, run_id in rows}
        for automation in self:
            run = last.get(automation.id, runs)
            automation.last_run_at = run.started_at
            automation.last_result = run.result

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
            if isinstance(cause, CONCURRENCY_ERRORS):
                raise
            self._report_failure(cause, tally)
            # A rule that is only watched never comes between its users and their work.
            if not tally.observes or self.kind != "automation_rule":
                raise
            return False
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

    def action_open_runs(self):
        """Open the runs of this automation."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "hc_revenue_base.hc_automation_run_action"
        )
        action["domain"] = [("automation_id", "=", self.id)]
        action["context"] = {}
        return action

    @api.model
    def _is_observing(self):
        """Whether an observed run is going on: whatever reaches outside of Odoo must not."""
        return get_observing() is not None

    def _get_notice(self):
        """What a user sees who starts an action that is off or observed."""
        message = (
            self.env._("It is switched off. %(fallback)s", fallback=self.fallback_procedure)
            if self.mode == "off"
            else self.env._("It is being observed: nothing was changed. See its runs.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"title": self.name, "message": message, "type": "warning"},
        }


class HcTransition(models.Model):
    _inherit = "hc.transition"

    @api.model
    def _append(self, entries):
        for tally in get_running():
            tally.note(entries)
        return super()._append(entries)
