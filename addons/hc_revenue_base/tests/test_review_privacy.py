# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .import_common import HcImportCommon, charge_file


@tagged("post_install", "-at_install")
class TestReviewPrivacy(HcImportCommon):
    """Ways around the walls between roles and facilities."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign_clerk = cls._create_user("hill_clerk", "clerk", facilities=cls.other_facility)
        cls.administrator = cls._create_user("review_admin", "administrator")
        cls.patient.facility_ids = cls.facility
        cls.coverage.eligibility_status = "unknown"
        encounter = cls._create_encounter("PRIV-1")
        encounter.action_complete()
        encounter.with_user(cls._create_user("priv_coder", "coder")).action_approve_coding()
        encounter._prepare_billing()
        cls.case = encounter.case_ids
        cls.finding = cls.case.finding_ids.filtered("is_blocking")[:1]

    def test_files_and_rows_of_an_import_are_seen_by_their_sender_only(self):
        wizard = (
            self.env["hc.charge.import.wizard"]
            .with_user(self.clerk)
            .create({"file": base64.b64encode(charge_file({})), "source": "ehr"})
        )
        row = (
            self.env["hc.charge.import.row"]
            .with_user(self.clerk)
            .create(
                {
                    "external_id": "R-1",
                    "facility_code": "RIV",
                    "encounter_number": "R-1",
                    "encounter_start": "2026-03-02T09:00",
                    "patient_mrn": "3000001",
                    "patient_last_name": "Rivers",
                    "patient_first_name": "Kim",
                    "patient_birth_date": "1975-02-03",
                    "service_date": "2026-03-02",
                    "procedure_code": "V1001",
                }
            )
        )
        for user in (self.administrator, self.foreign_clerk, self.feed):
            for record in (wizard, row):
                self.assertFalse(record.with_user(user).has_access("read"), user.login)
                self.assertFalse(record.with_user(user).search([("id", "=", record.id)]))
        self.assertEqual(row.with_user(self.clerk).patient_last_name, "Rivers")

    def test_a_wizard_does_not_open_records_of_other_facilities(self):
        self.assertTrue(self.finding)
        reason = self.env["hc.reason.code"].search([("usage", "=", "override")], limit=1)
        with self.assertRaises(AccessError):
            self.env["hc.finding.override.wizard"].with_user(self.foreign_clerk).create(
                {
                    "finding_id": self.finding.id,
                    "reason_code_id": reason.id,
                    "justification": "x" * 30,
                    "expires_on": "2099-01-01",
                }
            )

    def test_names_are_not_read_through_the_defaults_of_a_form(self):
        spec = {"display_name": {}}
        for model_name, field_name, record in (
            ("hc.encounter", "patient_id", self.patient),
            ("hc.coverage", "patient_id", self.patient),
            ("hc.finding.override.wizard", "finding_id", self.finding),
        ):
            model = self.env[model_name].with_user(self.foreign_clerk)
            by_default = model.with_context(**{f"default_{field_name}": record.id})
            fields_spec = {field_name: {"fields": spec}, "display_name": {}}
            for target, values, changed in (
                (by_default, {}, []),
                (model, {field_name: record.id}, [field_name]),
            ):
                with self.subTest(model_name):
                    try:
                        answer = str(target.onchange(values, changed, fields_spec))
                    except AccessError:
                        continue
                    self.assertNotIn(record.display_name, answer)

    def test_names_are_not_read_through_the_lines_of_a_form(self):
        model = self.env["hc.patient"].with_user(self.foreign_clerk)
        with self.assertRaises(AccessError):
            model.onchange(
                {"coverage_ids": [(0, "virtual_1", {"subscriber_id": self.patient.id})]},
                ["coverage_ids"],
                {"coverage_ids": {"fields": {"subscriber_id": {"fields": {"display_name": {}}}}}},
            )

    def test_references_are_not_slipped_in_through_defaults(self):
        with self.assertRaises(AccessError):
            self.env["hc.coverage"].with_user(self.foreign_clerk).with_context(
                default_patient_id=self.patient.id
            ).create({"payer_id": self.payer.id})

    def test_the_message_of_a_foreign_finding_is_not_read_by_a_form(self):
        model = self.env["hc.finding.override.wizard"].with_user(self.foreign_clerk)
        try:
            answer = str(
                model.with_context(default_finding_id=self.finding.id).onchange(
                    {}, [], {"finding_id": {"fields": {}}, "message": {}}
                )
            )
        except AccessError:
            return
        self.assertNotIn(self.finding.message, answer)

    def test_the_ledger_partner_of_a_patient_is_not_exchanged(self):
        with self.assertRaises(AccessError):
            self.patient.with_user(self.clerk).write({"partner_id": self.payer.partner_id.id})

    def test_a_patient_is_not_opened_to_or_hidden_from_facilities(self):
        self.patient.facility_ids = self.facility | self.other_facility
        patient = self.patient.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, "treated patient"):
            patient.write({"facility_ids": [(5, 0, 0)]})

    def test_the_received_file_stays_as_it_came(self):
        exchange = self._import(charge_file({}), self.clerk)
        payload = exchange.payload_attachment_id.with_user(self.clerk)
        self.assertIn(b"Rivers", payload.raw)
        with self.assertRaises(AccessError):
            payload.write({"raw": b"forged"})
        with self.assertRaises(AccessError):
            payload.unlink()

    def test_a_feed_that_completes_its_encounters_bills_them(self):
        exchange = self._import(
            charge_file({"encounter_status": "completed", "coding_approved": "yes"}), self.feed
        )
        self.env.cr.precommit.run()
        encounter = self._service("C-1").encounter_id
        self.assertEqual((exchange.state, encounter.state), ("done", "completed"))
        self.assertTrue(encounter.case_ids)
        self.assertFalse(
            self.env["hc.work.item"].search(
                [("kind", "=", "billing_failed"), ("res_id", "=", encounter.id)]
            )
        )

    def test_work_is_taken_or_reassigned_never_pushed(self):
        item = self.case.work_item_ids[:1].with_user(self.clerk)
        self.assertTrue(item)
        other_queue = self.env["hc.work.queue"].search([("id", "!=", item.queue_id.id)], limit=1)
        for vals in (
            {"assignee_id": self.administrator.id},
            {"queue_id": other_queue.id},
            {"facility_id": False},
            {"finding_id": False},
        ):
            with self.subTest(vals), self.assertRaises(AccessError):
                item.write(vals)
        item.action_take()
        self.assertEqual(item.assignee_id, self.clerk)

    def test_a_file_that_is_none_is_refused_in_words(self):
        wizard = (
            self.env["hc.charge.import.wizard"]
            .with_user(self.clerk)
            .create({"file": b"x", "source": "ehr"})
        )
        with self.assertRaisesRegex(UserError, "did not arrive whole"):
            wizard.action_check()
        wizard.file = base64.b64encode(charge_file({}))
        wizard.with_context(bin_size=True).action_check()
        self.assertEqual(wizard.row_count, 1)
