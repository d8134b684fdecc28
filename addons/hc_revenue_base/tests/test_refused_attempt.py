# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from psycopg2 import OperationalError
from psycopg2.errors import InsufficientPrivilege

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import mute_logger, tagged

from ..models.hc_refused_attempt import DETAILED_ATTEMPTS_PER_MINUTE
from .trail_common import ORIGIN, TrailCommon


@tagged("post_install", "-at_install")
class TestRefusedAttempt(TrailCommon):
    """Whoever is refused something leaves a row that the refusal's rollback does not erase."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = cls._create_user("refused.clerk", "clerk")
        cls.executive = cls._create_user("refused.executive", "executive")
        cls.compliance = cls._create_user("refused.compliance", "compliance")
        cls.attempts = cls.env["hc.refused.attempt"]
        cls.encounter = cls._create_encounter("REF-1")

    def _refused(self, call, *, commits=False):
        """The one row that a refused call leaves."""
        before = self.attempts.search([])
        with self._request(commits=commits), self.assertRaises(AccessError):
            call()
        return self.attempts.search([]) - before

    def test_a_forged_write_of_a_state(self):
        attempt = self._refused(
            lambda: self.encounter.with_user(self.clerk).write({"state": "completed"})
        )
        self.assertRecordValues(
            attempt,
            [
                {
                    "user_id": self.clerk.id,
                    "res_model": "hc.encounter",
                    "res_id": self.encounter.id,
                    "operation": "write",
                    "refusal": "guarded_field",
                    "reason": "state",
                    "remote_address": ORIGIN["remote_address"],
                    "route": ORIGIN["route"],
                    "company_id": self.company.id,
                }
            ],
        )

    def test_a_refusal_that_the_caller_swallows_is_recorded_too(self):
        attempt = self._refused(
            lambda: self.encounter.with_user(self.clerk).write({"state": "completed"}),
            commits=True,
        )
        self.assertEqual(attempt.refusal, "guarded_field")

    def test_a_refusal_within_an_observed_run_is_recorded_too(self):
        sweep = self.env.ref("hc_revenue_base.hc_automation_sweep_stalled")
        sweep._set_mode("observe", "for this story")
        encounter = self.encounter.with_user(self.clerk)
        for commits in (False, True):
            attempt = self._refused(
                lambda: sweep._execute(lambda: encounter.write({"state": "completed"})),
                commits=commits,
            )
            self.assertEqual(attempt.user_id, self.clerk)

    def test_each_control_says_which_it_is(self):
        entry = self.env["hc.transition"].search([], limit=1)
        hidden = self._create_patient("9000002")
        hidden.facility_ids = [Command.set(self.other_facility.ids)]
        refusals = {
            "append_only": lambda: entry.with_user(self.clerk).unlink(),
            "access_right": lambda: self.patient.with_user(self.executive).write({"mrn": "1"}),
            "record_rule": lambda: hidden.with_user(self.clerk).read(["mrn"]),
            "field_access": lambda: self.patient.with_user(self.executive).read(["last_name"]),
            "control": lambda: self.env["hc.controlled.action"].with_user(self.clerk).create([{}]),
        }
        for refusal, call in refusals.items():
            with self.subTest(refusal), mute_logger("odoo.orm.models"):
                self.assertEqual(self._refused(call).mapped("refusal"), [refusal])

    def test_rows_hold_no_values(self):
        attempt = self._refused(
            lambda: self.patient.with_user(self.executive).search([("last_name", "=", "Doe")])
        )
        self.assertTrue(attempt)
        self.assertNotIn("Doe", str(attempt.read()))

    def test_opening_screens_is_no_attempt(self):
        """Odoo tries fields to describe them, and the chatter looks for recipients."""
        before = self.attempts.search_count([])
        kinds = ("list", "form", "search", "pivot", "graph")
        self.env.registry.clear_all_caches()
        with self._request():
            for name in ("hc.patient", "hc.encounter", "hc.billing.case"):
                screens = self.env[name].with_user(self.executive)
                self.assertTrue(screens.get_views([(False, kind) for kind in kinds])["models"])
                self.assertTrue(screens.fields_get())
            self.patient.with_user(self.executive)._message_get_suggested_recipients()
        self.assertEqual(self.attempts.search_count([]), before)

    def test_work_of_the_system_leaves_no_row(self):
        before = self.attempts.search_count([])
        with self.assertRaises(AccessError):
            self.encounter.write({"state": "completed"})
        self.env.cr.postrollback.run()
        self.assertEqual(self.attempts.search_count([]), before)

    def test_nobody_changes_a_row_or_shrinks_a_count(self):
        attempt = self._refused(
            lambda: self.encounter.with_user(self.clerk).write({"state": "completed"})
        )
        for call in (attempt.unlink, lambda: attempt.write({"reason": "x"})):
            with self.assertRaises(AccessError):
                call()
        for statement in (
            "DELETE FROM hc_refused_attempt",
            "UPDATE hc_refused_attempt SET reason = 'x'",
            "TRUNCATE hc_refused_attempt",
            "DELETE FROM hc_refused_attempt_count",
            "UPDATE hc_refused_attempt_count SET attempt_count = 0",
            "UPDATE hc_refused_attempt_count SET attempt_count = 99, minute = now()",
        ):
            with (
                self.subTest(statement),
                mute_logger("odoo.sql_db"),
                self.assertRaises(InsufficientPrivilege),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_a_flood_is_counted_in_full_and_described_in_part(self):
        before = self.attempts.search_count([])
        encounter = self.encounter.with_user(self.clerk)
        for _request in range(4):
            with self._request(commits=False):
                for _attempt in range(25):
                    with self.assertRaises(AccessError):
                        encounter.write({"state": "completed"})
        counted = self.env["hc.refused.attempt.count"].search([("user_id", "=", self.clerk.id)])
        self.assertEqual(sum(counted.mapped("attempt_count")), 100)
        described = self.attempts.search_count([]) - before
        # The hundred may straddle the turn of a minute.
        self.assertLessEqual(described, DETAILED_ATTEMPTS_PER_MINUTE * len(counted))
        self.assertGreaterEqual(described, DETAILED_ATTEMPTS_PER_MINUTE)

    def test_many_refusals_open_one_work_item(self):
        encounter = self.encounter.with_user(self.clerk)
        key = f"refused_attempts:{self.clerk.id}"
        items = self.env["hc.work.item"]
        for count, expected in ((9, 0), (1, 1), (5, 1)):
            with self._request(commits=False):
                for _attempt in range(count):
                    with self.assertRaises(AccessError):
                        encounter.write({"state": "completed"})
            found = items.search([("dedup_key", "=", key)])
            self.assertEqual(len(found), expected)
        self.assertEqual(found.queue_id.code, "compliance")
        self.assertEqual(found.kind, "refused_attempts")

    def test_a_database_error_does_not_hide_the_refusal(self):
        before = self.attempts.search_count([])
        with (
            patch.object(type(self.attempts), "_write_entries", side_effect=OperationalError),
            self.assertLogs("odoo.addons.hc_revenue_base.models.hc_trail_mixin", "ERROR") as log,
            self._request(commits=False),
            self.assertRaises(AccessError),
        ):
            self.encounter.with_user(self.clerk).write({"state": "completed"})
        # The server's log still says what could not be written.
        self.assertIn("'refusal': 'guarded_field'", log.output[0])
        self.assertEqual(self.attempts.search_count([]), before)

    def test_only_compliance_and_system_read_the_rows(self):
        self._refused(lambda: self.encounter.with_user(self.clerk).write({"state": "completed"}))
        self.assertTrue(self.attempts.with_user(self.compliance).search([]).read(["reason"]))
        self.assertTrue(self.attempts.with_user(self.env.ref("base.user_admin")).search([]))
        for model in ("hc.refused.attempt", "hc.refused.attempt.count"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.clerk).search([])
