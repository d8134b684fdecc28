# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HcCommon

_MUTED = ("odoo.addons.base.models.ir_cron", "odoo.sql_db")


@tagged("post_install", "-at_install")
class TestAutomationExecution(HcCommon):
    """What a mode does to Odoo's own engines."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env.ref("hc_revenue_base.hc_automation_encounter_completed_and_coded")
        cls.billing = cls.env.ref("hc_revenue_base.hc_automation_prepare_billing")
        cls.sweep = cls.env.ref("hc_revenue_base.hc_automation_sweep_stalled")

    def _set_mode(self, automation, mode):
        automation._set_mode(mode, "for this story")

    def _run_cron(self, automation):
        with self.enter_registry_test_mode(), mute_logger(*_MUTED):
            automation.cron_id.with_env(self.env).method_direct_trigger()
        self.env.invalidate_all()

    def _roll_back(self, function, expected):
        """Call a function that fails in a transaction of its own, as a request does."""
        # assertRaises would set a savepoint on the cursor of the test, below this one.
        raised = None
        with self.enter_registry_test_mode(), self.env.registry.cursor() as cr:
            try:
                function(self.env(cr=cr))
            except Exception as error:  # noqa: BLE001 - checked below
                raised = error
            cr.rollback()  # tidy: allow commit - a cursor of its own, as a request has
        self.assertIsInstance(raised, expected)
        self.env.invalidate_all()

    def _get_last_run(self, automation):
        return automation.run_ids.sorted("id")[-1:]

    def _complete(self, encounter):
        encounter.action_complete()
        encounter.action_approve_coding()
        self.env.cr.precommit.run()

    def _create_completed(self, *numbers):
        """Completed and coded encounters that the rule has left alone."""
        encounters = self.env["hc.encounter"]
        for number in numbers:
            encounters |= self._create_encounter(number)
        self._set_mode(self.rule, "off")
        self._complete(encounters)
        self.assertFalse(encounters.case_ids)
        return encounters

    def test_a_rule_that_is_on_acts_and_is_counted_once_per_transaction(self):
        encounters = self._create_encounter("ON-1") | self._create_encounter("ON-2")
        self._complete(encounters)
        self.assertEqual(set(encounters.case_ids.mapped("stage")), {"invoiced"})
        run = self._get_last_run(self.rule)
        self.assertEqual((run.result, run.execution_count, run.seen_count), ("done", 1, 2))

    def test_a_rule_runs_once_for_a_set_whatever_its_size(self):
        register = type(self.env["hc.patient"])
        sets = []

        def queue(patients):
            sets.append(patients.ids)

        with patch.object(register, "_queue_intake_check", queue):
            patients = self.env["hc.patient"].create(
                [{"mrn": f"SET-{number}", "last_name": "Set"} for number in range(5)]
            )
            patients.write({"last_name": "Sets"})
            self.env.cr.precommit.run()
        self.assertEqual(sets, [patients.ids, patients.ids])

    def test_an_action_of_others_runs_record_by_record_as_ever(self):
        model = self.env["ir.model"]._get("hc.facility")
        rule = self.env["base.automation"].create(
            {"name": "Note facilities", "model_id": model.id, "trigger": "on_create"}
        )
        self.env["ir.actions.server"].create(
            {
                "name": "Note a facility",
                "model_id": model.id,
                "base_automation_id": rule.id,
                "usage": "base_automation",
                "state": "code",
                "code": "record.write({'name': 'Noted ' + record.code})",
            }
        )
        facilities = self.env["hc.facility"].create(
            [{"name": code, "code": code} for code in ("NOTE-1", "NOTE-2")]
        )
        self.assertEqual(facilities.mapped("name"), ["Noted NOTE-1", "Noted NOTE-2"])

    def test_a_rule_that_is_off_does_nothing_and_says_so(self):
        self._create_completed("OFF-1")
        run = self._get_last_run(self.rule)
        self.assertEqual((run.result, run.seen_count), ("skipped", 1))

    def test_an_observed_rule_bills_for_real_and_keeps_nothing(self):
        self._set_mode(self.rule, "observe")
        encounter = self._create_encounter("OBS-1")
        self._complete(encounter)
        self.assertEqual((encounter.state, encounter.coding_state), ("completed", "approved"))
        self.assertFalse(encounter.case_ids)
        run = self._get_last_run(self.rule)
        self.assertEqual(run.result, "observed")
        moves = {(entry["model"], entry["to"]): entry["count"] for entry in run.details["entries"]}
        self.assertEqual(moves["hc.billing.case", "invoiced"], 1)
        self.assertGreaterEqual(run.details["rows"]["account_move"]["inserted"], 1)
        self.assertIn("Ready to Bill → Invoiced", run.details_html)
        self.assertIn("Billing Case", run.details_html)

    def test_an_observed_rule_that_fails_does_not_stop_its_user(self):
        self._set_mode(self.rule, "observe")
        encounter = self._create_encounter("OBS-2")
        encounter.action_complete()
        self.env.cr.precommit.run()
        model = type(self.env["hc.encounter"])
        with self.enter_registry_test_mode():
            with patch.object(model, "_queue_billing", side_effect=KeyError("x")):
                encounter.action_approve_coding()
            self.env.cr.postcommit.run()
        self.env.invalidate_all()
        self.assertEqual(encounter.coding_state, "approved")
        run = self._get_last_run(self.rule)
        self.assertEqual((run.result, run.error_class), ("failed", "KeyError"))
        self.assertTrue(self.rule.is_failing)

    def test_a_rule_goes_on_after_an_observed_run_has_switched_it_off(self):
        self._set_mode(self.sweep, "observe")
        model = self.env.registry["hc.encounter"]
        rules = self.env["base.automation"].search([("model_id.model", "=", "hc.encounter")])

        def engine():
            for rule in rules:
                rule._config_write({"active": False})
            self.assertFalse(hasattr(model.write, "origin"))

        self.sweep._execute(engine)
        self.assertEqual(set(rules.mapped("active")), {True})
        self.assertTrue(hasattr(model.write, "origin"))
        self.assertFalse(self.env.registry.registry_invalidated)

    def test_no_push_service_is_called_from_an_observed_run(self):
        user = self._create_user("pushed.clerk", "clerk")
        for name in ("private", "public"):
            key = f"mail.web_push_vapid_{name}_key"
            self.env["ir.config_parameter"].sudo().set_param(key, "x")
        self.env["mail.push.device"].sudo().create(
            {"endpoint": "https://push.example/1", "keys": "{}", "partner_id": user.partner_id.id}
        )

        def engine():
            self.patient.message_post(
                body="x", message_type="comment", partner_ids=user.partner_id.ids
            )

        with patch("odoo.addons.mail.models.mail_thread.push_to_end_point") as push:
            self._set_mode(self.sweep, "observe")
            self.sweep._execute(engine)
            push.assert_not_called()
            engine()
            push.assert_called_once()

    def test_a_rule_acts_only_within_its_scope(self):
        self.rule._config_write({"facility_ids": [Command.set(self.other_facility.ids)]})
        outside = self._create_encounter("OUT-1")
        inside = self._create_encounter(
            "IN-1", facility_id=self.other_facility.id, department_id=False
        )
        self._complete(outside | inside)
        self.assertFalse(outside.case_ids)
        self.assertTrue(inside.case_ids)

    def test_a_cron_that_is_off_does_nothing(self):
        encounter = self._create_completed("CRON-1")
        self._set_mode(self.billing, "off")
        self._run_cron(self.billing)
        self.assertFalse(encounter.case_ids)
        self.assertEqual(self._get_last_run(self.billing).result, "skipped")

    def test_an_observed_cron_runs_for_real_and_keeps_nothing(self):
        encounters = self._create_completed("CRON-2", "CRON-3")
        self._set_mode(self.billing, "observe")
        self._run_cron(self.billing)
        self.assertFalse(encounters.case_ids)
        run = self._get_last_run(self.billing)
        self.assertEqual((run.result, run.seen_count), ("observed", 2))
        moves = {(e["model"], e["to"]): e["count"] for e in run.details["entries"]}
        self.assertEqual(moves["hc.billing.case", "invoiced"], 2)
        # Switched on, the same run does what it announced.
        self._set_mode(self.billing, "on")
        self._run_cron(self.billing)
        self.assertEqual(encounters.case_ids.mapped("stage"), ["invoiced", "invoiced"])
        run = self._get_last_run(self.billing)
        self.assertEqual((run.result, run.seen_count), ("done", 2))

    def test_a_cron_acts_only_within_its_scope(self):
        encounters = self._create_completed("PILOT-1", "OTHER-1")
        self.billing._config_write({"segment_domain": "[('number', '=like', 'PILOT-%')]"})
        self._run_cron(self.billing)
        self.assertEqual(encounters.filtered("case_ids").mapped("number"), ["PILOT-1"])

    def test_nothing_leaves_an_observed_run(self):
        """No commit, no mail, nothing registered for after the commit."""
        cr = self.env.cr
        after = []
        self._set_mode(self.sweep, "observe")

        def engine():
            self.env["mail.mail"].create(
                {"email_from": "a@example.com", "email_to": "b@example.com", "body_html": "x"}
            ).send()
            cr.postcommit.add(lambda: after.append("sent"))
            self.env["ir.cron"]._commit_progress(1)
            cr.commit()  # pylint: disable=invalid-commit # tidy: allow commit - shown to do nothing
            self.assertTrue(self.env["hc.automation"]._is_observing())

        mails = self.env["mail.mail"].search_count([])
        with patch.object(type(self.env["ir.mail_server"]), "_disable_send", lambda self: False):
            self.assertFalse(self.sweep._execute(engine))
        cr.precommit.run()
        cr.postcommit.run()
        self.assertEqual(after, [])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        run = self._get_last_run(self.sweep)
        self.assertEqual(run.details["mails_held"], 1)
        self.assertFalse(self.env["hc.automation"]._is_observing())

    def test_an_observed_run_sees_a_bounded_number_of_records(self):
        self._set_mode(self.sweep, "observe")
        batches = []

        def engine():
            while self.env["ir.cron"]._commit_progress(200):
                batches.append(200)

        self.sweep._execute(engine)
        self.env.cr.precommit.run()
        run = self._get_last_run(self.sweep)
        self.assertEqual((run.seen_count, len(batches)), (600, 2))
        self.assertTrue(run.details["capped"])

    def test_an_observed_run_cannot_roll_back_its_caller(self):
        self._set_mode(self.sweep, "observe")
        patient = self._create_patient("KEPT")

        def roll_back():
            self.env.cr.rollback()  # tidy: allow commit - the test shows that it is refused

        with self.assertRaisesRegex(RuntimeError, "roll back"):
            self.sweep._execute(roll_back)
        self.assertTrue(patient.exists())

    def test_a_failing_cron_opens_one_work_item_until_it_succeeds(self):
        model = type(self.env["hc.billing.case"])
        self._create_completed("FAIL-1")
        with patch.object(model, "_cron_sweep_stalled", side_effect=ZeroDivisionError("Jane Doe")):
            self._run_cron(self.sweep)
            self._run_cron(self.sweep)
        self.assertEqual(self.sweep.run_ids.mapped("result"), ["failed", "failed"])
        self.assertEqual(self._get_last_run(self.sweep).error_class, "ZeroDivisionError")
        item = self.sweep._get_open_items("automation_failed")
        self.assertEqual((len(item), item.queue_id.code), (1, "operations"))
        self.assertNotIn("Jane", item.description)
        self.assertTrue(self.sweep.is_failing)
        self.assertIn(self.sweep, self.env["hc.automation"].search([("is_failing", "=", True)]))
        self._run_cron(self.sweep)
        self.assertEqual(item.state, "resolved")
        self.assertFalse(self.sweep.is_failing)

    def test_a_failing_rule_is_reported_although_the_change_is_undone(self):
        encounter = self._create_encounter("FAIL-2")
        encounter.action_complete()
        self.env.cr.precommit.run()

        def approve(env):
            model = type(env["hc.encounter"])
            with patch.object(model, "_queue_billing", side_effect=KeyError("x")):
                env["hc.encounter"].browse(encounter.id).action_approve_coding()

        self._roll_back(approve, ValueError)
        self.assertEqual(encounter.coding_state, "open")
        self.assertEqual(self._get_last_run(self.rule).error_class, "KeyError")
        self.assertTrue(self.rule.is_failing)

    def test_a_message_to_the_user_is_no_failure(self):
        take = self.env.ref("hc_revenue_base.hc_automation_action_take_work_items")
        clerk = self._create_user("busy.clerk", "clerk")
        item = self.env["hc.work.item"]._open(
            [{"kind": "stalled", "name": "Look", "dedup_key": "t", "queue_code": "billing"}]
        )
        item._write_guarded({"assignee_id": clerk.id})

        def run(env):
            env["ir.actions.server"].browse(take.action_id.id).with_context(
                active_model="hc.work.item", active_id=item.id, active_ids=item.ids
            ).run()

        self._roll_back(run, UserError)
        self.assertEqual(self._get_last_run(take).result, "refused")
        self.assertFalse(take.is_failing)

    def test_an_action_that_is_off_tells_its_user_what_to_do(self):
        check = self.env.ref("hc_revenue_base.hc_automation_action_check_readiness")
        encounter = self._create_encounter("ACT-1")
        self._complete(encounter)
        self._set_mode(check, "off")
        answer = check.action_id.with_context(
            active_model="hc.billing.case",
            active_id=encounter.case_ids.id,
            active_ids=encounter.case_ids.ids,
        ).run()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertIn(check.fallback_procedure, answer["params"]["message"])

    def test_old_runs_are_purged(self):
        self._create_completed("OLD-1")
        run = self._get_last_run(self.rule)
        old = fields.Datetime.now() - timedelta(days=40)
        run._write_guarded({"started_at": old})
        self.env["hc.automation.run"]._gc_runs()
        self.assertFalse(run.exists())
