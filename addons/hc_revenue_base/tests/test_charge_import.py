# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .import_common import HcImportCommon, charge_file


@tagged("post_install", "-at_install")
class TestChargeImport(HcImportCommon):
    def test_rows_become_patient_coverage_encounter_and_services(self):
        exchange = self._import(
            charge_file(
                {},
                {
                    "external_id": "C-2",
                    "procedure_code": "L2002",
                    "modifiers": "25",
                    "units": "2",
                    "unit_price": "12.50",
                },
            )
        )
        self.assertEqual(exchange.state, "done", self._messages(exchange))
        self.assertEqual((exchange.imported_count, exchange.failed_count), (2, 0))
        first, second = self._service("C-1"), self._service("C-2")
        encounter = first.encounter_id
        self.assertEqual(encounter, second.encounter_id)
        self.assertEqual(encounter.number, "V-1")
        # 09:00 in New York in winter.
        self.assertEqual(encounter.started_at, datetime(2026, 3, 2, 14))
        self.assertEqual(encounter.patient_id.mrn, "2000001")
        self.assertEqual(encounter.patient_id.last_name, "Rivers")
        self.assertEqual(encounter.patient_id.facility_ids, self.facility)
        self.assertEqual(encounter.payer_id, self.payer)
        self.assertEqual(encounter.primary_coverage_id.member_id, "W777")
        self.assertEqual(second.units, 2)
        self.assertEqual(second.unit_price, 12.5)
        self.assertEqual(second.modifier_ids, self.modifier)
        self.assertEqual(second.diagnosis_ids, encounter.diagnosis_ids)
        self.assertEqual(encounter.diagnosis_ids.code_id, self.diagnosis)
        self.assertEqual((encounter.state, encounter.coding_state), ("completed", "approved"))
        self.assertFalse(encounter.feed_exchange_id)

    def test_log_names_the_exchange_and_the_sender(self):
        exchange = self._import(charge_file({}))
        entry = self.env["hc.transition"].search(
            [
                ("res_model", "=", "hc.encounter"),
                ("to_state", "=", "approved"),
                ("res_id", "=", self._service("C-1").encounter_id.id),
            ]
        )
        self.assertEqual(entry.actor_id, self.feed)
        self.assertEqual(entry.facts, {"exchange": exchange.id, "source": "ehr"})

    def test_same_rows_in_another_file_change_nothing(self):
        content = charge_file({}, {"external_id": "C-2", "procedure_code": "L2002"})
        self._import(content)
        before = self._counts()
        # A blank line more: another file with the same rows.
        again = self._import(content + b"\r\n")
        self.assertEqual(again.state, "done")
        self.assertEqual((again.repeated_count, again.imported_count), (2, 0))
        after = self._counts()
        # The exchange's own log is all that grew.
        exchange_entries = self.env["hc.transition"].search_count(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", again.id)]
        )
        after["hc.transition"] -= exchange_entries
        self.assertEqual(after, before)

    def test_same_file_is_answered_not_processed(self):
        content = charge_file({})
        first = self._import(content)
        second, verdict = self._receive(content)
        self.assertEqual((second.id, verdict), (first.id, "duplicate"))

    def test_same_number_with_other_content_opens_a_work_item(self):
        first, _verdict = self._receive(charge_file({}), external_id="FILE-7")
        second, verdict = self._receive(charge_file({"units": "3"}), external_id="FILE-7")
        self.assertEqual((second, verdict), (first, "conflict"))
        item = self.env["hc.work.item"].search(
            [("res_model", "=", "hc.exchange"), ("res_id", "=", first.id)]
        )
        self.assertEqual(item.kind, "import_conflict")

    def test_contradicting_row_is_refused_and_the_first_one_stands(self):
        self._import(charge_file({}))
        exchange = self._import(charge_file({"units": "3"}, {"external_id": "C-3"}))
        self.assertEqual((exchange.failed_count, exchange.imported_count), (1, 1))
        self.assertEqual(exchange.row_ids.codes, "conflict")
        self.assertEqual(self._service("C-1").units, 1)
        item = self.env["hc.work.item"].search(
            [("res_id", "=", exchange.id), ("res_model", "=", "hc.exchange")]
        )
        self.assertEqual(item.mapped("kind"), ["import_conflict"])

    def test_repeat_that_tells_progress_moves_the_encounter(self):
        self._import(charge_file({"encounter_status": "in_progress", "coding_approved": "no"}))
        encounter = self._service("C-1").encounter_id
        self.assertEqual((encounter.state, encounter.coding_state), ("in_progress", "open"))
        exchange = self._import(charge_file({}))
        self.assertEqual((exchange.failed_count, exchange.repeated_count), (0, 1))
        self.assertEqual((encounter.state, encounter.coding_state), ("completed", "approved"))

    def test_encounter_completes_only_when_every_row_says_so(self):
        self._import(charge_file({}, {"external_id": "C-2", "encounter_status": "in_progress"}))
        self.assertEqual(self._service("C-1").encounter_id.state, "in_progress")

    def test_encounter_with_a_refused_row_waits_for_it(self):
        exchange = self._import(charge_file({}, {"external_id": "C-2", "procedure_code": "NOPE"}))
        encounter = self._service("C-1").encounter_id
        self.assertEqual(encounter.state, "planned")
        corrected = exchange.result_attachment_id.raw.replace(b"NOPE", b"L2002")
        again = self._import(corrected)
        self.assertEqual((again.imported_count, again.failed_count), (1, 0))
        self.assertEqual((encounter.state, encounter.coding_state), ("completed", "approved"))

    def test_missing_end_is_the_last_service_day(self):
        self._import(charge_file({"encounter_end": ""}))
        encounter = self._service("C-1").encounter_id
        self.assertEqual(encounter.ended_at, datetime(2026, 3, 3, 4, 59, 59))

    def test_known_patient_is_completed_never_changed(self):
        known = self._create_patient(
            "2000001", last_name="Waters", zip=False, facility_ids=self.facility.ids
        )
        exchange = self._import(charge_file({"patient_zip": "60601"}))
        self.assertEqual((known.last_name, known.zip), ("Waters", "60601"))
        self.assertEqual(exchange.warning_count, 1)
        self.assertIn("patient_last_name", exchange.row_ids.columns)
        self.assertNotIn("Rivers", self._messages(exchange))

    def test_encounter_of_another_patient_is_not_touched(self):
        self._import(charge_file({}))
        exchange = self._import(charge_file({"external_id": "C-9", "patient_mrn": "2000002"}))
        self.assertEqual(exchange.row_ids.codes, "patient_conflict")
        self.assertFalse(self._service("C-9"))

    def test_clerk_brings_charges_in_but_coders_approve_codes(self):
        self._import(charge_file({}), self.clerk)
        encounter = self._service("C-1").encounter_id
        self.assertEqual((encounter.state, encounter.coding_state), ("completed", "open"))

    def test_clerk_imports_only_for_own_facilities(self):
        exchange = self._import(
            charge_file({}, {"external_id": "C-2", "facility_code": "HIL", "department_code": ""}),
            self.clerk,
        )
        self.assertEqual((exchange.imported_count, exchange.failed_count), (1, 1))
        self.assertEqual(exchange.row_ids.codes, "facility_unknown")
        self.assertFalse(self._service("C-2"))

    def test_patient_of_another_facility_is_found_not_doubled(self):
        elsewhere = self._create_patient(
            "2000001",
            last_name="RIVERS",
            birth_date="1975-02-03",
            facility_ids=self.other_facility.ids,
        )
        exchange = self._import(charge_file({}), self.clerk)
        self.assertEqual(exchange.imported_count, 1, self._messages(exchange))
        self.assertEqual(self._service("C-1").patient_id, elsewhere)
        self.assertEqual(elsewhere.facility_ids, self.facility | self.other_facility)

    def test_a_record_number_alone_opens_no_patient_of_another_facility(self):
        elsewhere = self._create_patient("2000001", facility_ids=self.other_facility.ids)
        for told in ({}, {"patient_last_name": "Doe"}, {"patient_birth_date": "1980-05-17"}):
            exchange = self._import(charge_file(told | {"external_id": f"C-{len(told)}{told}"[:9]}))
            self.assertEqual(exchange.row_ids.codes, "patient_unproven")
            self.assertNotIn("Doe", self._messages(exchange))
        self.assertEqual(elsewhere.facility_ids, self.other_facility)
        self.assertFalse(elsewhere.encounter_ids)

    def test_a_feed_may_code_what_it_may_not_read(self):
        self._import(charge_file({}), self.feed)
        service = self._service("C-1")
        self.assertEqual(service.diagnosis_ids.code_id.code, "Z00.00")
        self.assertEqual(service.create_uid, self.feed)
        with self.assertRaises(AccessError):
            service.with_user(self.feed).read(["diagnosis_ids"])

    def test_coder_may_not_import(self):
        coder = self._create_user("import_coder", "coder")
        with self.assertRaises(AccessError):
            self._receive(charge_file({}), coder)

    def test_documents_are_closed_to_users_without_patient_data(self):
        exchange = self._import(charge_file({"procedure_code": "NOPE"}), self.clerk)
        operations = self._create_user("import_operations", "operations")
        seen = exchange.with_user(operations)
        self.assertEqual(seen.failed_count, 1)
        with self.assertRaises(AccessError):
            seen.payload_attachment_id.raw
        for attachment in (exchange.payload_attachment_id, exchange.result_attachment_id):
            with self.assertRaises(AccessError):
                attachment.with_user(operations).raw
        self.assertIn(b"NOPE", exchange.with_user(self.clerk).result_attachment_id.raw)
        other_clerk = self._create_user("other_clerk", "clerk", facilities=self.other_facility)
        with self.assertRaises(AccessError):
            exchange.payload_attachment_id.with_user(other_clerk).raw

    def test_feed_flags_cannot_be_set_by_hand(self):
        self._import(charge_file({"coding_approved": "no"}))
        encounter = self._service("C-1").encounter_id.with_user(self.clerk)
        with self.assertRaises(AccessError):
            encounter.write({"feed_coding_approved": True})
