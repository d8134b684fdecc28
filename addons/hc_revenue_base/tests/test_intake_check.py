# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import mute_logger, tagged

from .common import HcCommon


@tagged("post_install", "-at_install")
class TestIntakeCheck(HcCommon):
    """What is missing at registration is somebody's work before the visit, not after the bill."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.cr.precommit.clear()
        cls.today = fields.Date.context_today(cls.env["hc.patient"])
        cls.clerk = cls._create_user("intake.clerk", "clerk")
        cls.payer.eligibility_required = True

    def _register(self, mrn="5000001", coverage=None, **vals):
        patient = self._create_patient(mrn, **vals)
        self._create_coverage(
            patient,
            **{"eligibility_checked_on": self.today, "date_from": "2020-01-01", **(coverage or {})},
        )
        return patient

    def _plan(self, patient, days=3, **vals):
        start = self.env.cr.now().replace(microsecond=0) + timedelta(days=days)
        return self.env["hc.encounter"].create(
            {
                "number": f"PLAN-{patient.mrn}",
                "facility_id": self.facility.id,
                "patient_id": patient.id,
                "primary_coverage_id": patient.coverage_ids[:1].id,
                "started_at": start,
                **vals,
            }
        )

    def _end_transaction(self):
        self.env.cr.flush()

    def _get_items(self, patients, state="open"):
        return self.env["hc.work.item"].search(
            [
                ("kind", "=", "registration"),
                ("res_model", "=", "hc.patient"),
                ("res_id", "in", patients.ids),
                ("state", "=", state),
            ]
        )

    def _get_codes(self, patients):
        return sorted(item.name.split()[0] for item in self._get_items(patients))

    def test_a_complete_registration_is_nobodys_work(self):
        patient = self._register()
        self._plan(patient)
        self._end_transaction()
        self.assertFalse(self._get_items(patient))

    def test_each_gap_goes_to_the_queue_that_owns_it_and_is_resolved_when_mended(self):
        patient = self._register(zip=False, coverage={"member_id": False})
        self._plan(patient)
        self._end_transaction()
        self.assertEqual(self._get_codes(patient), ["COV-01", "DEM-01"])
        items = self._get_items(patient)
        self.assertEqual(set(items.queue_id.mapped("code")), {"patient_access"})
        self.assertEqual(items.facility_id, self.facility)
        patient.zip = "62701"
        self._end_transaction()
        self.assertEqual(self._get_codes(patient), ["COV-01"])
        patient.coverage_ids.member_id = "W123456789"
        self._end_transaction()
        self.assertFalse(self._get_items(patient))
        self.assertEqual(items.mapped("resolution_code"), ["fixed", "fixed"])

    def test_the_same_gap_is_one_item(self):
        patient = self._register(zip=False)
        for city in ("Salem", "Dover", "Salem"):
            patient.city = city
            self._end_transaction()
        self.assertEqual(len(self._get_items(patient)), 1)

    def test_a_missing_authorization_shows_before_the_visit(self):
        self.env["hc.authorization.requirement"].create(
            {"payer_id": self.payer.id, "code_id": self.visit_code.id, "date_from": "2020-01-01"}
        )
        patient = self._register()
        visit = self._plan(patient)
        self.env["hc.service.line"].create(
            {
                "encounter_id": visit.id,
                "service_date": visit.started_at.date(),
                "code_id": self.visit_code.id,
                "units": 1,
            }
        )
        visit._queue_intake_check()
        self._end_transaction()
        self.assertEqual(self._get_codes(patient), ["AUT-01"])
        approval = self.env["hc.authorization"].create(
            {
                "number": "A-1",
                "patient_id": patient.id,
                "payer_id": self.payer.id,
                "date_from": "2020-01-01",
                "date_to": "2099-01-01",
            }
        )
        visit.authorization_id = approval
        self._end_transaction()
        self.assertFalse(self._get_items(patient))
        approval.date_to = "2020-02-01"
        self._end_transaction()
        self.assertEqual(self._get_codes(patient), ["AUT-02"])

    def test_eligibility_ages_until_today_while_the_visit_is_ahead(self):
        patient = self._register()
        self._plan(patient, days=60)
        self._end_transaction()
        self.assertFalse(self._get_items(patient))
        patient.coverage_ids.eligibility_checked_on = self.today - timedelta(days=90)
        self._end_transaction()
        self.assertIn("ELG-01", " ".join(self._get_codes(patient)))

    def test_a_coverage_without_a_visit_is_checked_too(self):
        patient = self._register(coverage={"member_id": False})
        self._end_transaction()
        self.assertEqual(self._get_codes(patient), ["COV-01"])

    def test_a_patient_without_coverage_or_visit_is_not(self):
        patient = self._create_patient("5000009", zip=False)
        self._end_transaction()
        self.assertFalse(self._get_items(patient))

    def test_what_is_over_is_left_to_the_bill(self):
        patient = self._register(zip=False)
        visit = self._plan(patient, days=-1)
        self._end_transaction()
        item = self._get_items(patient)
        patient.coverage_ids.active = False
        visit.action_cancel()
        self._end_transaction()
        self.assertEqual(item.resolution_code, "superseded")

    def test_work_items_hold_no_patient_data(self):
        patient = self._register(
            zip="BADZIP", last_name="Secretname", coverage={"member_id": False}
        )
        self._plan(patient)
        self._end_transaction()
        text = str(self._get_items(patient).read(["name", "description"]))
        for secret in ("BADZIP", "Secretname"):
            self.assertNotIn(secret, text)

    def test_a_clerk_of_another_facility_does_not_see_the_item(self):
        patient = self._register(zip=False)
        self._plan(patient)
        self._end_transaction()
        stranger = self._create_user("intake.other", "clerk", facilities=self.other_facility)
        item = self._get_items(patient)
        self.assertTrue(item.with_user(self.clerk).has_access("read"))
        self.assertFalse(item.with_user(stranger).has_access("read"))

    def test_an_import_is_evaluated_as_one_set(self):
        def create(count, start):
            patients = self.env["hc.patient"].create(
                [
                    {"mrn": f"6{start + n:06}", "last_name": "L", "first_name": "F"}
                    for n in range(count)
                ]
            )
            self.env["hc.coverage"].create(
                [{"patient_id": p.id, "payer_id": self.payer.id} for p in patients]
            )
            self.env.flush_all()
            return patients

        checks = type(self.env["hc.patient"])
        queries = []
        for count, start in ((10, 0), (200, 1000)):
            patients = create(count, start)
            queued = self.env.cr.precommit.data["hc_queued_intake"]
            self.assertEqual(queued & set(patients.ids), set(patients.ids))
            with patch.object(checks, "_check_intake", autospec=True) as check:
                self._end_transaction()
            self.assertEqual(check.call_count, 1)
            # Items are as many as gaps; how they are found takes the same queries for any number.
            with patch.object(type(self.env["hc.work.item"]), "_open"):
                patients._check_intake()
                before = self.env.cr.sql_log_count
                patients._check_intake()
                queries.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*queries)
        self.assertLess(queries[0], 30)

    def test_a_failing_check_fails_no_registration(self):
        patient = self._register(zip=False)
        checks = type(self.env["hc.patient"])
        with (
            mute_logger("odoo.addons.hc_revenue_base.models.hc_intake_check"),
            patch.object(checks, "_check_intake", side_effect=ValueError),
        ):
            self._end_transaction()
        self.assertTrue(patient.exists())
        self.assertFalse(self._get_items(patient))
        self._plan(patient)
        self.env.cr.precommit.clear()
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_check_intake").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self._get_codes(patient), ["DEM-01"])

    def test_a_rule_that_errs_is_one_item_for_operations(self):
        published = self.env.ref("hc_revenue_base.readiness_rule_set_initial")
        draft = published.copy({"name": "Next", "version": 99, "effective_from": self.today})
        rule = draft.rule_ids.filtered(lambda each: each.code == "CHG-01")
        rule.phase = "pre_service"
        self._agree(self.env["hc.config.change"].browse(draft.action_publish()["res_id"]))
        patients = self._register("5000021") + self._register("5000022")
        self._end_transaction()
        item = self.env["hc.work.item"].search([("dedup_key", "=", "intake_rule:CHG-01")])
        self.assertEqual(item.queue_id.code, "operations")
        self.assertFalse(self._get_items(patients))

    def test_only_rules_of_the_phase_are_asked(self):
        rules = self.env.ref("hc_revenue_base.readiness_rule_set_initial").rule_ids
        early = rules.filtered(lambda rule: rule.phase == "pre_service")
        self.assertEqual(
            set(early.mapped("category")),
            {"demographics", "coverage", "eligibility", "authorization", "self_pay"},
        )
        self.assertTrue(rules - early)

    def test_a_visit_of_a_feed_waits_for_its_file(self):
        exchange, _verdict = self.env["hc.exchange"]._receive("charge_csv", "s", "1", b"a", "a.csv")
        patient = self._register(zip=False)
        visit = self._plan(patient)
        visit._write_guarded({"feed_exchange_id": exchange.id})
        self._end_transaction()
        self.assertFalse(self._get_items(patient))
