# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ..models import hc_job


@tagged("post_install", "-at_install")
class TestQueueJob(TransactionCase):
    """Drains in the queue; the rows and their rules are tested where they live."""

    def setUp(self):
        super().setUp()
        if "queue.job" not in self.env:
            self.skipTest("queue_job is not installed")
        self._waiting().unlink()

    def _waiting(self):
        return self.env["queue.job"].search([("identity_key", "=like", "hc_job drain %")])

    def _enter(self, key):
        job = self.env["hc.job"]._enqueue_job("_job_ping", key=key)
        self.env.cr.precommit.run()
        return job

    def _load(self, *names):
        self.startPatcher(patch.dict(config.options, {"server_wide_modules": list(names)}))

    def test_a_drain_per_shard_waits_once(self):
        self._load("base", "web", "queue_job")
        for number in range(3):
            self._enter(f"queue {number}")
        waiting = self._waiting()
        self.assertEqual(len(waiting), hc_job.DRAINS)
        self.assertEqual(set(waiting.mapped("channel")), {hc_job.CHANNEL})
        self.assertEqual(waiting.user_id, self.env.ref("base.user_root"))

    def test_without_a_runner_the_scheduled_actions_are_woken(self):
        self._load("base", "web")
        crons = self.env["ir.cron"].search(self.env["hc.job"]._get_drain_cron_domain())
        triggers = [("cron_id", "in", crons.ids)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        self._enter("cron")
        self.assertFalse(self._waiting())
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before + len(crons))

    def _drain(self):
        with patch.object(self.env.registry["ir.cron"], "_commit_progress", lambda _self: 1.0):
            self.env["hc.job"]._drain_in_queue(0, 1)

    def test_the_drain_runs_the_jobs(self):
        self._load("base", "web", "queue_job")
        job = self._enter("drain")
        self._drain()
        self.assertEqual(job.state, "done")

    def test_a_neutralized_copy_runs_nothing(self):
        self._load("base", "web", "queue_job")
        self.env["ir.config_parameter"].set_param("database.is_neutralized", True)
        job = self._enter("copy")
        self._drain()
        self.assertEqual(job.state, "pending")
        self.assertFalse(self._waiting())

    def test_the_drain_may_commit(self):
        function = self.env.ref("hc_queue_job.queue_job_function_drain")
        self.assertTrue(function.allow_commit)
        self.assertEqual(function.name, "<hc.job>._drain_in_queue")
