# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import HcCommon

ROLES = ("collector", "finance_manager", "cfo", "executive", "operations", "administrator")


@tagged("post_install", "-at_install")
class TestSecurityClinical(HcCommon):
    """Diagnoses and clinical notes are for those who code, bill and appeal."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.encounter = cls._create_encounter("CLIN-1")
        cls.patient.facility_ids = cls.facility
        cls.encounter.action_complete()
        cls.encounter._prepare_billing()
        cls.case = cls.encounter.case_ids
        cls.consent = cls.encounter.document_ids
        cls.note = cls.consent.copy({"document_type": "clinical_note", "name": "Note"})
        cls.users = [cls._create_user(f"clin.{role}", role) for role in ROLES]

    def test_diagnoses_are_read_by_clinical_roles_only(self):
        for role in ("clerk", "coder", "claims_specialist", "compliance"):
            user = self._create_user(f"clin.yes.{role}", role)
            self.assertTrue(self.encounter.with_user(user).diagnosis_ids, role)
            self.assertTrue(self.note.with_user(user).name, role)
        for user in self.users:
            for record in (self.encounter, self.encounter.service_line_ids, self.case):
                with self.assertRaises(AccessError, msg=f"{user.login} {record}"):
                    record.with_user(user).read(["diagnosis_ids"])
            with self.assertRaises(AccessError):
                self.encounter.diagnosis_ids.with_user(user).read(["code_id"])

    def test_diagnoses_are_not_found_grouped_or_exported(self):
        code_id = self.diagnosis.id
        for user in self.users:
            encounters = self.env["hc.encounter"].with_user(user)
            cases = self.env["hc.billing.case"].with_user(user)
            for model, method, args in (
                (encounters, "search", ([("diagnosis_ids.code_id", "=", code_id)],)),
                (encounters, "search", ([("service_line_ids.diagnosis_ids", "!=", False)],)),
                (cases, "search", ([("encounter_id.diagnosis_ids", "!=", False)],)),
                (cases, "web_search_read", ([], {"diagnosis_ids": {}})),
                (self.env["hc.encounter.diagnosis"].with_user(user), "search", ([],)),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {method} {args}"):
                    getattr(model, method)(*args)

    def test_who_sees_patients_sees_consents_but_no_notes(self):
        collector = self.users[0]
        documents = self.env["hc.document"].with_user(collector)
        found = documents.search([("patient_id", "=", self.patient.id)])
        self.assertIn(self.consent, found)
        self.assertNotIn(self.note, found)
        with self.assertRaises(AccessError):
            self.note.with_user(collector).read(["name"])

    def test_a_document_for_all_visits_is_seen_by_the_treating_facility(self):
        general = self.consent.copy({"encounter_id": False})
        clerk = self._create_user("clin.front", "clerk")
        self.assertTrue(general.with_user(clerk).name)

    def test_a_patient_without_facility_is_nobodys_but_the_whole_groups(self):
        stray = self._create_patient("7700001")
        self.assertFalse(stray.facility_ids)
        clerk = self._create_user("clin.clerk", "clerk")
        with self.assertRaises(AccessError):
            stray.with_user(clerk).read(["mrn"])
        manager = self._create_user("clin.manager", "manager")
        self.assertEqual(stray.with_user(manager).mrn, "7700001")

    def test_numbers_of_any_length_get_one_clear_answer(self):
        for records, create in (
            (self.patient, self._create_patient),
            (self.encounter, self._create_encounter),
        ):
            with self.assertRaises(CheckViolation) as caught, mute_logger("odoo.sql_db"):
                create("9" * 100_000)
            # What a request answers instead of the database's words.
            message = records._sql_error_to_message(caught.exception)
            self.assertIn("64 characters", message)

    def test_who_registers_a_patient_sees_the_patient(self):
        clerk = self._create_user("clin.desk", "clerk")
        patient = self.env["hc.patient"].with_user(clerk).create({"mrn": "7700002"})
        self.assertEqual(patient.facility_ids, clerk.hc_facility_ids)
