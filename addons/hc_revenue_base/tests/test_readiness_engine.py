# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date, timedelta
from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hc_core import readiness
from .readiness_common import ReadinessCommon


@tagged("post_install", "-at_install")
class TestReadinessEngine(ReadinessCommon):
    def test_a_clean_case_is_ready(self):
        case = self._create_case()
        self.assertEqual(self._run(case), "ready")
        self.assertFalse(case.finding_ids)
        self.assertEqual(case.evaluation_id.outcome, "ready")
        self.assertEqual(case.blocking_finding_count, 0)

    def test_a_blocking_finding_makes_an_exception_with_one_work_item(self):
        self.patient.birth_date = False
        case = self._create_case()
        self.assertEqual(self._run(case), "exception")
        finding = case.open_finding_ids
        self.assertEqual(finding.rule_code, "DEM-01")
        self.assertEqual(case.blocking_finding_count, 1)
        item = finding.work_item_id
        self.assertEqual(item.queue_id.code, "patient_access")
        self.assertEqual((item.state, item.case_id, item.finding_id), ("open", case, finding))
        self.assertTrue(item.due_at)

    def test_a_work_item_is_one_row_inserted_once(self):
        self.patient.birth_date = False
        case = self._create_case().with_env(self.env(context={}))
        before = self._count_changed_rows()
        self.assertEqual(self._run(case), "exception")
        self.env.flush_all()
        after = self._count_changed_rows()
        changed = {table: after[table] - before[table] for table in after}
        self.assertEqual(case.work_item_ids.finding_category, "demographics")
        self.assertEqual(changed, {"hc_work_item": 0, "mail_message": 0})

    def _count_changed_rows(self):
        """Rows of work items updated, and of messages inserted, in this transaction."""
        self.env.cr.execute(
            """SELECT relname, CASE relname WHEN 'hc_work_item' THEN n_tup_upd ELSE n_tup_ins END
                 FROM pg_stat_xact_user_tables
                WHERE relname IN ('hc_work_item', 'mail_message')"""
        )
        return dict(self.env.cr.fetchall())

    def test_checking_again_opens_nothing_twice(self):
        self.patient.birth_date = False
        case = self._create_case()
        self._run(case)
        self._run(case)
        self.assertEqual(len(case.finding_ids), 1)
        self.assertEqual(len(case.work_item_ids), 1)
        self.assertEqual(len(case.evaluation_ids), 2)

    def test_a_fix_resolves_finding_and_work_item(self):
        self.patient.birth_date = False
        case = self._create_case()
        self._run(case)
        self.patient.birth_date = "1980-05-17"
        self.assertEqual(self._run(case), "ready")
        self.assertEqual(case.finding_ids.state, "resolved")
        self.assertEqual(case.work_item_ids.state, "resolved")
        self.assertEqual(case.work_item_ids.resolution_code, "fixed")
        self.assertEqual(case.blocking_finding_count, 0)

    def test_a_ready_case_whose_facts_changed_falls_back(self):
        case = self._create_case()
        self._run(case)
        self.coverage.date_to = date(2026, 2, 1)
        self.assertEqual(self._run(case), "exception")
        self.assertEqual(self._open_codes(case), ["COV-03"])

    def test_a_warning_neither_blocks_nor_opens_work(self):
        case = self._create_case()
        self.payer.timely_filing_days = 20
        self.assertEqual(self._run(case), "ready")
        self.assertEqual(self._open_codes(case), ["TIM-01"])
        self.assertFalse(case.work_item_ids)

    def test_an_item_resolved_by_hand_opens_again_while_the_cause_remains(self):
        self.patient.birth_date = False
        case = self._create_case()
        self._run(case)
        case.work_item_ids.action_resolve()
        self._run(case)
        self.assertEqual(case.work_item_ids.mapped("state").count("open"), 1)

    def test_only_an_evaluation_makes_ready(self):
        case = self._create_case()
        with self.assertRaisesRegex(UserError, "run the readiness check"):
            case._transition("ready")
        self.patient.birth_date = False
        self._run(case)
        case._transition("readiness_check")
        with self.assertRaisesRegex(UserError, "run the readiness check"):
            case._transition("ready")

    def test_an_evaluation_of_an_earlier_transaction_does_not_count(self):
        case = self._create_case()
        self._run(case)
        case._transition("readiness_check")
        evaluations = type(self.env["hc.readiness.evaluation"])
        with (
            patch.object(evaluations, "_get_transaction_identifier", lambda self: "1"),
            self.assertRaisesRegex(UserError, "run the readiness check"),
        ):
            case._transition("ready")

    def test_other_stages_are_left_alone(self):
        encounter = self._create_encounter()
        case = self.env["hc.billing.case"]._create_guarded(
            [{"name": "BC/draft", "encounter_id": encounter.id}]
        )
        self.assertFalse(case._run_readiness(self.AS_OF))
        self.assertEqual(case.stage, "draft")
        self.assertFalse(case.evaluation_ids)

    def test_a_bill_hold_waits_without_an_exception(self):
        self.facility.bill_hold_days = 3
        case = self._create_case()
        self.assertEqual(self._run(case), "readiness_check")
        self.assertEqual(case.evaluation_id.outcome, "held")
        self.assertEqual(case.evaluation_id.hold_until, self.AS_OF + timedelta(days=3))
        self.assertFalse(case.finding_ids)
        self.assertEqual(self._run(case, self.AS_OF + timedelta(days=3)), "ready")

    def test_the_payers_bill_hold_comes_first(self):
        self.facility.bill_hold_days = 3
        self.payer.bill_hold_days = 5
        case = self._create_case()
        self._run(case)
        self.assertEqual(case.evaluation_id.hold_until, self.AS_OF + timedelta(days=5))

    def test_safe_fixes_are_made_logged_and_evaluated_again(self):
        self.payer.member_id_pattern = r"W\d{9}"
        self.coverage.member_id = "w 123-456-789"
        self.patient.zip = " 62701 1234"
        case = self._create_case()
        self.assertEqual(self._run(case), "ready")
        self.assertEqual(self.coverage.member_id, "W123456789")
        self.assertEqual(self.patient.zip, "62701-1234")
        fixes = self.env["hc.transition"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id), ("kind", "=", "event")]
        )
        self.assertEqual(
            {entry.facts["auto_fix"] for entry in fixes},
            {"normalize_member_id", "normalize_address"},
        )

    def test_a_fix_that_does_not_help_is_not_made(self):
        self.payer.member_id_pattern = r"W\d{9}"
        self.coverage.member_id = "W 12"
        case = self._create_case()
        self.assertEqual(self._run(case), "exception")
        self.assertEqual(self.coverage.member_id, "W 12")

    def test_a_rule_that_errs_holds_the_case_for_operations(self):
        case = self._create_case()

        def fail(sheet):
            raise ZeroDivisionError("name of the patient")

        with (
            patch.object(readiness.documents, "derive", fail),
            mute_logger("odoo.addons.hc_revenue_base.models.hc_billing_case_facts"),
        ):
            self.assertEqual(self._run(case), "exception")
        consent = case.open_finding_ids.filtered(lambda f: f.rule_code == "DOC-01")
        self.assertIn("could not be evaluated", consent.message)
        self.assertNotIn("name of the patient", consent.message)
        self.assertEqual(consent.work_item_id.queue_id.code, "operations")
        self.assertEqual(self._run(case), "ready")

    def test_a_malformed_member_id_pattern_holds_the_case(self):
        self.payer.member_id_pattern = "(["
        case = self._create_case()
        self.assertEqual(self._run(case), "exception")
        self.assertEqual(self._open_codes(case), ["COV-02"])

    def test_the_trace_names_every_active_rule_and_no_patient_data(self):
        self.patient.zip = "nowhere"
        case = self._create_case()
        self._run(case)
        evaluation = case.evaluation_id
        rules = evaluation.rule_set_id.rule_ids.filtered("active")
        self.assertEqual(set(evaluation.results), set(rules.mapped("code")))
        self.assertEqual(evaluation.results["DEM-01"][0], "F")
        self.assertEqual(evaluation.results["PRV-04"], "N")
        texts = [str(evaluation.results), evaluation.trace_html, case.finding_ids.message]
        for value in ("nowhere", "Doe", "W123456789", "1980"):
            for text in texts:
                self.assertNotIn(value, text)

    def test_evaluations_cannot_be_changed(self):
        case = self._create_case()
        self._run(case)
        evaluation = case.evaluation_id.sudo()
        for change in (
            lambda: evaluation.write({"outcome": "ready"}),
            evaluation.unlink,
            lambda: evaluation.create({"case_id": case.id}),
        ):
            with self.assertRaises(AccessError):
                change()
        with (
            self.assertRaises(psycopg2.errors.InsufficientPrivilege),
            mute_logger("odoo.sql_db"),
            self.cr.savepoint(),
        ):
            self.cr.execute("UPDATE hc_readiness_evaluation SET outcome = 'exception'")

    def test_findings_cannot_be_changed_directly(self):
        self.patient.birth_date = False
        case = self._create_case()
        self._run(case)
        for values in ({"state": "resolved"}, {"is_blocking": False}):
            with self.assertRaises(AccessError):
                case.finding_ids.with_context(force=True).sudo().write(values)
        with self.assertRaises(AccessError):
            case.sudo().write({"blocking_finding_count": 0})

    def test_a_clerk_may_check_and_a_reader_may_not(self):
        case = self._create_case()
        reader = self._create_user("reader.readiness", "executive")
        with self.assertRaises(AccessError):
            case.with_user(reader)._run_readiness(self.AS_OF)
        clerk = self._create_user("clerk.readiness", "clerk")
        self.assertEqual(case.with_user(clerk)._run_readiness(self.AS_OF), case)
        self.assertEqual(case.evaluation_id.actor_id, clerk)

    def test_a_batch_is_decided_case_by_case(self):
        clean = self._create_case("R-1")
        patient = self._create_patient("2000001", sex=False, last_name="Roe")
        coverage = self._create_coverage(patient)
        wrong = self._create_case("R-2", patient=patient, coverage=coverage)
        ready = (clean | wrong)._run_readiness(self.AS_OF)
        self.assertEqual(ready, clean)
        self.assertEqual(wrong.stage, "exception")

    def test_fix_opens_the_record_and_field(self):
        self.patient.birth_date = False
        case = self._create_case()
        self._run(case)
        action = case.finding_ids.action_fix()
        self.assertEqual((action["res_model"], action["res_id"]), ("hc.patient", self.patient.id))
        self.assertEqual(action["context"]["hc_focus_field"], "zip")

    def test_fixing_a_missing_document_opens_a_new_one(self):
        case = self._create_case()
        case.encounter_id.document_ids.active = False
        self._run(case)
        action = case.open_finding_ids.action_fix()
        self.assertEqual((action["res_model"], action["res_id"]), ("hc.document", False))
        self.assertEqual(action["context"]["default_encounter_id"], case.encounter_id.id)


@tagged("post_install", "-at_install")
class TestReadinessFollowUp(ReadinessCommon):
    def setUp(self):
        super().setUp()
        self.payer.timely_filing_days = 100_000
        self.patient.birth_date = False
        self.case = self._create_case()
        self.case._run_readiness()

    def test_the_scheduled_action_bills_what_has_become_ready(self):
        self.patient.birth_date = "1980-05-17"
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_recheck_held_cases").method_direct_trigger()
        self.assertEqual(self.case.stage, "invoiced")

    def test_who_declares_the_cause_gone_is_believed_only_by_the_rules(self):
        item = self.case.work_item_ids
        item.action_resolve()
        self.assertEqual(self.case.stage, "exception")
        self.patient.birth_date = "1980-05-17"
        (self.case.work_item_ids - item).action_resolve()
        self.assertEqual(self.case.stage, "invoiced")

    def test_a_cancelled_case_has_no_open_findings(self):
        self.case._transition("cancelled", reason="test")
        self.assertFalse(self.case.open_finding_ids)
        self.assertFalse(self.case.blocking_finding_count)
        self.assertEqual(self.case.work_item_ids.resolution_code, "superseded")

    def test_a_case_found_not_billable_has_none_either(self):
        self.case._transition("not_billable", reason="test")
        self.assertFalse(self.case.open_finding_ids)
        self.assertEqual(self.case.work_item_ids.resolution_code, "not_applicable")

    def test_findings_stay_inside_their_facility(self):
        clerk = self._create_user("findings.clerk", "clerk", facilities=self.other_facility)
        self.assertFalse(self.env["hc.readiness.finding"].with_user(clerk).search([]))
        self.assertFalse(self.env["hc.readiness.evaluation"].with_user(clerk).search([]))
        with self.assertRaises(AccessError):
            self.case.finding_ids.with_user(clerk).action_fix()
