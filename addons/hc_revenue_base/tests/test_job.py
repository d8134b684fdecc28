# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import mute_logger

from ..hc_core.job_policy import GiveUp, JobPolicy
from .job_common import DRAIN_LOGGER, JobCase, keep_going


class TestJobEnqueue(JobCase):
    def test_a_job_runs_as_who_entered_it_and_never_as_superuser(self):
        job = self._enter(user=self.clerk)
        self.jobs.with_user(self.clerk).sudo()._enqueue_job("_job_try", {"act": "sudo"})
        self._drain()
        self.assertEqual([run[:2] for run in self.runs], [(self.clerk, False)] * 2)
        self.assertEqual((job.state, job.attempts), ("done", 1))
        self.assertTrue(job.finished_at)

    def test_the_superuser_stays_the_superuser(self):
        self._enter()
        self._drain()
        self.assertEqual([run[:2] for run in self.runs], [(self.env.user, True)])

    def test_the_context_of_the_drain_does_not_reach_the_handler(self):
        seen = []
        self.behaviour["look"] = lambda records: seen.append(dict(records.env.context))
        self._enter("look")
        with mute_logger(DRAIN_LOGGER):
            self.jobs.with_context(cron_id=1, ir_cron_progress_id=1)._drain(keep_going)
        self.assertEqual(set(seen[0]), {"allowed_company_ids", "lang", "tz"})
        self.assertEqual(seen[0]["allowed_company_ids"][0], self.company.id)

    def test_the_day_of_a_job_is_the_day_at_the_office(self):
        seen = []
        self.company.partner_id.tz = "America/Chicago"
        self.clerk.tz = "Asia/Tokyo"
        self.behaviour["look"] = lambda records: seen.append(str(records.env.tz))
        self._enter("look", user=self.clerk)
        self._enter("look", key="system")
        self._drain()
        self.assertEqual(seen, ["America/Chicago"] * 2)

    def test_one_key_is_one_job_until_it_is_done(self):
        first = self._enter(key="one")
        self.assertEqual(self._enter(key="one"), first)
        self._drain()
        second = self._enter(key="one")
        self.assertNotEqual(second, first)
        self.assertEqual(len(self.runs), 1)

    def test_one_key_twice_in_one_call_is_one_job(self):
        request = {"records": self.jobs, "method": "_job_try", "key": "twin"}
        jobs = self.jobs._enqueue([request, dict(request)])
        self.assertEqual(len(jobs), 2)
        self.assertEqual(len(set(jobs.ids)), 1)

    def test_one_key_with_other_work_is_a_conflict(self):
        self._enter(key="clash")
        with self.assertRaisesRegex(UserError, "stands for other work"):
            self._enter("other", key="clash")
        request = {"records": self.jobs, "method": "_job_try", "key": "twins"}
        with self.assertRaisesRegex(UserError, "stands for other work"):
            self.jobs._enqueue([request, {**request, "arguments": {"n": 1}}])

    def test_a_dead_letter_keeps_its_key(self):
        self._fail("bad", GiveUp("bad_code"))
        job = self._enter("bad", key="dead")
        self._drain()
        self.assertEqual(job.state, "dead")
        self.assertEqual(self._enter("bad", key="dead"), job)
        self.assertEqual(len(self.runs), 1)

    def test_without_a_key_the_same_work_waits_once(self):
        first = self.jobs._enqueue_job("_job_try", {"n": 1})
        self.assertEqual(self.jobs._enqueue_job("_job_try", {"n": 1}), first)
        self.assertNotEqual(self.jobs._enqueue_job("_job_try", {"n": 2}), first)

    def test_only_declared_methods_are_entered(self):
        for records, method in (
            (self.jobs, "_drain"),
            (self.jobs, "unlink"),
            (self.env["res.users"], "_job_try"),
            (self.patient, "_write"),
        ):
            with self.assertRaisesRegex(GiveUp, "not declared"):
                self.jobs._enqueue([{"records": records, "method": method}])

    def test_a_declared_method_with_a_public_name_is_not_run(self):
        methods = {"write": JobPolicy()}
        job_class = self.env.registry["hc.job"]
        with (
            patch.object(job_class, "_get_job_methods", lambda _model: methods),
            self.assertRaisesRegex(GiveUp, "not declared"),
        ):
            self.jobs._enqueue_job("write")

    def test_too_much_is_refused(self):
        with self.assertRaisesRegex(UserError, "bytes of arguments"):
            self.jobs._enqueue_job("_job_try", {"text": "x" * 5000})
        with self.assertRaisesRegex(UserError, "records"):
            self.jobs.browse(range(1, 1002))._enqueue_job("_job_try")
        with self.assertRaisesRegex(UserError, "characters of a key"):
            self._enter(key="k" * 200)

    def test_the_database_knows_one_key_once(self):
        job = self._enter(key="index")
        values = job.copy_data()[0] | {"key": "index", "not_before": job.not_before}
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.errors.UniqueViolation),
            self.env.cr.savepoint(),
        ):
            self.jobs._create_guarded([values])

    def test_entering_jobs_wakes_every_drain_once(self):
        crons = self.env["ir.cron"].search(self.jobs._get_drain_cron_domain())
        self.assertEqual(len(crons), 2)
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "in", crons.ids)])
        triggers.unlink()
        for number in range(3):
            self._enter(key=f"wake {number}")
        self.env.cr.precommit.run()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "in", crons.ids)])
        self.assertEqual(triggers.cron_id, crons)
        self.assertEqual(len(triggers), 2)


class TestJobPeople(JobCase):
    def _dead(self, *keys):
        self._fail("bad", GiveUp("bad_code"))
        jobs = self.jobs.union(*(self._enter("bad", key=key) for key in keys))
        self._drain()
        return jobs

    def _items(self):
        key = "job_dead:hc.job._job_try"
        return self.env["hc.work.item"].search([("dedup_key", "=", key)])

    def _log(self, job):
        rows = self.env["hc.transition"].search(
            [("res_model", "=", "hc.job"), ("res_id", "=", job.id)], order="sequence"
        )
        return [(row.from_state, row.to_state, row.actor_id) for row in rows]

    def test_dead_letters_of_a_method_open_one_work_item(self):
        self._dead("d1", "d2")
        item = self._items()
        self.assertEqual((len(item), item.kind, item.state), (1, "job_failed", "open"))
        self.assertEqual(item.queue_id.code, "operations")
        self.assertIn("bad_code", item.description)

    def test_operations_replays_and_the_work_item_is_resolved_with_the_last(self):
        jobs = self._dead("r1", "r2")
        self.behaviour.clear()
        jobs[0].with_user(self.operator).action_replay()
        self.assertEqual(self._items().state, "open")
        jobs[1].with_user(self.operator).action_replay()
        self.assertEqual(self._items().state, "resolved")
        self.assertEqual(jobs.mapped("attempts"), [0, 0])
        self._drain()
        self.assertEqual(jobs.mapped("state"), ["done", "done"])
        self.assertEqual(jobs.mapped("error"), [False, False])

    def test_only_what_people_answer_for_is_logged(self):
        job = self._dead("log")
        job.with_user(self.operator).action_replay()
        self.behaviour.clear()
        self._drain()
        root = self.env.ref("base.user_root")
        self.assertEqual(
            self._log(job), [("running", "dead", root), ("dead", "pending", self.operator)]
        )
        waiting = self._enter()
        waiting.with_user(self.operator).action_cancel()
        self.assertEqual(self._log(waiting), [("pending", "cancelled", self.operator)])

    def test_a_running_job_is_not_cancelled_and_a_waiting_one_not_replayed(self):
        running, waiting = self._enter(), self._enter()
        running._lease("a process")
        with self.assertRaisesRegex(UserError, "cannot move"):
            running.with_user(self.operator).action_cancel()
        done = self._enter(key="done")
        done._lease("a process")
        done._transition("done")
        with self.assertRaisesRegex(UserError, "cannot move"):
            done.with_user(self.operator).action_replay()
        self.assertEqual(waiting.with_user(self.operator).action_replay(), None)
        self.assertEqual(self._log(waiting), [])

    def test_other_roles_neither_replay_nor_cancel(self):
        job = self._dead("roles")
        for role in ("clerk", "manager", "administrator", "compliance", "executive"):
            user = self._create_user(f"job.{role}.user", role)
            with self.assertRaises(AccessError):
                job.with_user(user).action_replay()
            with self.assertRaises(AccessError):
                job.with_user(user).action_cancel()

    def test_jobs_of_other_companies_are_not_seen(self):
        job = self._enter()
        company = self.env["res.company"].create({"name": "Elsewhere"})
        operator = self._create_user("job.elsewhere", "operations")
        operator.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        self.assertFalse(self.jobs.with_user(operator).search([("id", "=", job.id)]))

    def test_a_test_job_is_sent_by_who_watches_jobs(self):
        # As the button of the list calls it, which sends the selection, empty or not.
        call_kw(self.jobs.with_user(self.operator), "action_send_test_job", [[]], {})
        job = self.jobs.search([("method", "=", "_job_ping")], limit=1)
        self.assertEqual((job.state, job.user_id), ("pending", self.operator))
        self._drain()
        self.assertEqual(job.state, "done")
        with self.assertRaises(AccessError):
            self.jobs.with_user(self.clerk).action_send_test_job()

    def test_records_of_a_job_are_opened(self):
        job = self._enter()
        about = job._enqueue_job("_job_try")
        self.assertEqual(about.action_open_records()["res_model"], "hc.job")
        with self.assertRaisesRegex(UserError, "no record"):
            job.action_open_records()
