# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

import psycopg2.errors

from odoo.exceptions import AccessError, UserError
from odoo.tests import mute_logger

from ..hc_core.job_policy import GiveUp, JobPolicy, RetryLater
from ..models import hc_job_drain
from .job_common import DRAIN_LOGGER, JobCase, keep_going


class TestJobDrain(JobCase):
    def test_low_numbers_come_first_then_the_oldest(self):
        for act, priority in (("c", 20), ("a", 1), ("b", 10), ("d", 20)):
            self._enter(act, priority=priority)
        self._drain()
        self.assertEqual([run[2]["act"] for run in self.runs], ["a", "b", "c", "d"])

    def test_a_job_waits_for_its_time(self):
        job = self._enter(not_before=self.env.cr.now() + timedelta(hours=1))
        self._drain()
        self.assertEqual((job.state, job.attempts, self.runs), ("pending", 0, []))

    def test_every_drain_helps_with_the_other_shards(self):
        jobs = [self._enter(key=f"shard {number}") for number in range(5)]
        self._drain(shard=1, shards=4)
        self.assertEqual({job.state for job in jobs}, {"done"})

    def test_a_shard_prefers_its_own(self):
        for number in range(6):
            self._enter(key=f"own {number}")
        for shard in (0, 1):
            picked = self.jobs._pick(shard, 2)
            self.assertEqual({job.id % 2 for job in picked}, {shard})

    def test_one_failing_job_stops_no_other_and_leaves_nothing(self):
        def half(_records):
            self.patient.mrn = "HALF"
            raise ValueError("secret of a patient")

        self.behaviour["half"] = half
        jobs = [self._enter(act) for act in (None, "half", None)]
        mrn = self.patient.mrn
        self._drain()
        self.assertEqual([job.state for job in jobs], ["done", "pending", "done"])
        self.assertEqual(self.patient.mrn, mrn)

    def test_a_failure_waits_longer_each_time_and_ends_as_a_dead_letter(self):
        self._fail("bad", ValueError("W123456789 of Jane Doe"))
        job = self._enter("bad", key="backoff")
        for attempt in (1, 2):
            self._drain()
            wait = (job.not_before - self.env.cr.now()).total_seconds()
            self.assertEqual((job.state, job.attempts), ("pending", attempt))
            self.assertTrue(29 * 2 ** (attempt - 1) <= wait <= 60 * 2 ** (attempt - 1), wait)
            self._make_due(job)
        self._drain()
        self.assertEqual((job.state, job.attempts), ("dead", 3))

    def test_errors_are_kept_without_patient_data(self):
        self._fail("value", ValueError("W123456789 of Jane Doe"))
        self._fail("user", UserError("Coverage W123456789 is not valid"))
        value, user = self._enter("value"), self._enter("user")
        self._drain()
        self.assertEqual((value.error, value.error_detail), ("ValueError", False))
        self.assertIn("job_common.py", value.error_place)
        self.assertEqual(user.error, "UserError")
        self.assertIn("W123456789", user.with_user(self.clerk).sudo().error_detail)
        with self.assertRaises(AccessError):
            user.with_user(self.operator).read(["error_detail"])

    def test_a_handler_says_when_to_come_back_or_that_it_never_will(self):
        self._fail("later", RetryLater("receiver_busy", delay_seconds=7000))
        self._fail("never", GiveUp("receiver_gone", receiver=5))
        later, never = self._enter("later"), self._enter("never")
        self._drain()
        wait = (later.not_before - self.env.cr.now()).total_seconds()
        self.assertAlmostEqual(wait, 7000, delta=2)
        self.assertEqual((never.state, never.attempts), ("dead", 1))
        self.assertEqual(never.error, "GiveUp: receiver_gone (receiver: 5)")

    def test_collisions_are_no_failures_but_not_for_ever(self):
        self._fail("clash", psycopg2.errors.SerializationFailure())
        job = self._enter("clash")
        self._drain()
        self.assertEqual((job.state, job.attempts, job.conflicts), ("pending", 0, 1))
        self.assertFalse(job.error)
        job._write_guarded({"conflicts": hc_job_drain.MAX_CONFLICTS - 1})
        self._make_due(job)
        self._drain()
        self.assertEqual((job.attempts, job.conflicts), (1, 0))
        self.assertEqual(job.error, "ConcurrencyError")

    def test_a_handler_does_not_end_the_transaction(self):
        for end in ("commit", "rollback"):
            self.behaviour[end] = lambda records, end=end: getattr(records.env.cr, end)()
        jobs = [self._enter(act) for act in ("commit", None, "rollback")]
        self._drain()
        self.assertEqual([job.state for job in jobs], ["dead", "done", "dead"])
        self.assertIn("commits or rolls back", jobs[0].error)

    def test_what_a_batch_does_not_start_is_handed_back(self):
        jobs = [self._enter(key=f"slow {number}") for number in range(3)]
        with patch.object(hc_job_drain, "BATCH_SECONDS", -1.0):
            batch, owner = self.jobs._lease_next(keep_going, 0, 1)
            self.assertEqual(batch._work(owner), 0)
        self.assertEqual({(job.state, job.attempts) for job in jobs}, {("pending", 0)})

    def test_a_job_that_runs_alone_is_leased_alone(self):
        type(self).policy = JobPolicy(max_attempts=1, alone=True)
        self.addCleanup(setattr, type(self), "policy", JobPolicy(max_attempts=3))
        self._enter(key="alone 1")
        self._enter(key="alone 2")
        self.assertEqual(len(self.jobs._pick(0, 1)), 1)

    def test_a_handler_that_is_no_longer_declared_is_not_run(self):
        job = self._enter()
        job._write_guarded({"method": "_drain"})
        self._drain()
        self.assertEqual((job.state, self.runs), ("dead", []))
        self.assertIn("not declared", job.error)

    def test_jobs_of_archived_users_and_deleted_records_are_dead_letters(self):
        gone = self.jobs.browse(10**9)._enqueue_job("_job_try")
        of_user = self._enter(user=self.clerk)
        self.clerk.active = False
        self._drain()
        self.assertEqual((gone.state, of_user.state, self.runs), ("dead", "dead", []))
        self.assertIn("archived", of_user.error)

    def test_the_scheduled_action_drains(self):
        jobs = [self._enter(key=f"cron {number}") for number in range(3)]
        self.env.cr.precommit.clear()
        with self.enter_registry_test_mode(), mute_logger(DRAIN_LOGGER):
            self.env.ref("hc_revenue_base.ir_cron_drain_jobs_1").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual({job.state for job in jobs}, {"done"})


class TestJobRecovery(JobCase):
    def test_the_jobs_of_a_killed_process_run_again_each_alone(self):
        jobs = self._enter(key="crash 1") | self._enter(key="crash 2")
        self._crash(jobs)
        with mute_logger(DRAIN_LOGGER):
            self.jobs._recover_expired()
        self.assertEqual(jobs.mapped("state"), ["pending", "pending"])
        self.assertEqual(jobs.mapped("alone"), [True, True])
        self._drain()
        self.assertEqual(jobs.mapped("state"), ["done", "done"])
        self.assertEqual(jobs.mapped("attempts"), [2, 2])

    def test_a_lease_that_is_not_over_is_respected(self):
        job = self._enter()
        job._lease("a process that lives")
        self._drain()
        self.assertEqual((job.state, self.runs), ("running", []))

    def test_a_job_that_kills_its_process_again_and_again_ends_dead(self):
        job = self._enter()
        for _crash in range(3):
            self._crash(job)
            with mute_logger(DRAIN_LOGGER):
                self.jobs._recover_expired()
        self.assertEqual((job.state, job.attempts, self.runs), ("dead", 3, []))
        self.assertIn("process", job.error)

    def test_who_lost_the_lease_does_not_run_the_job(self):
        job = self._enter()
        batch, owner = self.jobs._lease_next(keep_going, 0, 1)
        job._write_guarded({"lease_owner": "another process"})
        self.assertEqual(batch._work(owner), 0)
        self.assertEqual((job.state, self.runs), ("running", []))

    def test_finished_jobs_are_forgotten_dead_letters_are_kept(self):
        self._fail("bad", GiveUp("bad_code"))
        done, dead, recent = self._enter(), self._enter("bad"), self._enter()
        self._drain()
        long_ago = self.env.cr.now().replace(microsecond=0) - timedelta(days=31)
        (done | dead)._write_guarded({"finished_at": long_ago})
        self.env.flush_all()
        self.assertEqual(self.jobs._gc_finished(), (1, 0))
        self.assertEqual((done | dead | recent).exists(), dead | recent)
