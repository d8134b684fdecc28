# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import HcCommon

LAST_NAME, FIRST_NAME = "Quilfeather", "Marigold"
MEMBER_ID = "W777000777"
ROLES_WITHOUT_PHI = (
    "finance_manager",
    "director",
    "cfo",
    "executive",
    "operations",
    "administrator",
    "integration",
)


@tagged("post_install", "-at_install")
class TestSecurityPhi(HcCommon):
    """Who is not in the group for patient data gets it by no way the ORM offers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [cls._create_user(f"nophi.{role}", role) for role in ROLES_WITHOUT_PHI]
        cls.person = cls._create_patient(
            "7000001",
            last_name=LAST_NAME,
            first_name=FIRST_NAME,
            birth_date="1971-02-03",
            email="marigold@people.example",
            phone="207-555-0199",
            ssn_last4="4711",
        )
        cls.person.facility_ids = [Command.link(cls.facility.id)]
        cls.person_coverage = cls._create_coverage(cls.person, member_id=MEMBER_ID)
        cls.encounter = cls._create_encounter(
            "PHI-1", patient=cls.person, coverage=cls.person_coverage
        )
        cls.encounter.action_complete()
        cls.encounter._prepare_billing()
        cls.case = cls.encounter.case_ids
        cls.phi_fields = sorted(
            name
            for name, field in cls.env["hc.patient"]._fields.items()
            if "group_hc_phi" in (field.groups or "")
        )

    def _as(self, user, record):
        return record.with_env(self.env(user=user, context={}))

    def _assert_no_phi(self, value):
        text = json.dumps(value, default=str)
        for secret in (LAST_NAME, FIRST_NAME, "1971-02-03", MEMBER_ID, "4711", "207-555-0199"):
            self.assertNotIn(secret, text)

    def test_the_identifying_fields_are_behind_the_group(self):
        expected = {
            "last_name",
            "first_name",
            "birth_date",
            "death_date",
            "ssn_last4",
            "street",
            "street2",
            "city",
            "zip",
            "phone",
            "email",
            "guarantor_id",
            "coverage_ids",
        }
        self.assertLessEqual(expected, set(self.phi_fields))
        for name in ("member_id", "group_number", "subscriber_id"):
            self.assertIn("group_hc_phi", self.env["hc.coverage"]._fields[name].groups)

    def test_fields_are_not_read(self):
        for user in self.users:
            patient = self._as(user, self.person)
            for name in self.phi_fields:
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    patient.read([name])
                with self.assertRaises(AccessError, msg=f"{user.login} {name}"):
                    patient.invalidate_recordset()
                    patient[name]
            with self.assertRaises(AccessError):
                self._as(user, self.person_coverage).read(["member_id"])
            self._assert_no_phi(patient.read())
            self._assert_no_phi(self._as(user, self.person_coverage).read())
            self.assertFalse(set(patient.fields_get()) & set(self.phi_fields))

    def test_records_are_not_found_by_patient_data(self):
        paths = {
            "hc.patient": "last_name",
            "hc.encounter": "patient_id.last_name",
            "hc.billing.case": "patient_id.last_name",
            "hc.charge": "patient_id.last_name",
            "hc.balance": "patient_id.last_name",
            "hc.document": "patient_id.last_name",
            "hc.work.item": "case_id.patient_id.last_name",
            "account.move": "hc_case_id.patient_id.last_name",
            "hc.coverage": "member_id",
        }
        for user in self.users:
            for model_name, path in paths.items():
                model = self.env[model_name].with_user(user)
                if not model.has_access("read"):
                    continue
                for operator, value in (("=", LAST_NAME), ("ilike", LAST_NAME[:3]), ("!=", False)):
                    with self.assertRaises(AccessError, msg=f"{user.login} {model_name}"):
                        model.search([(path, operator, value)])
                    with self.assertRaises(AccessError, msg=f"{user.login} {model_name}"):
                        model.search_count([(path, operator, value)])

    def test_records_are_not_found_by_a_relation_that_hides_the_path(self):
        for user in self.users:
            cases = self.env["hc.billing.case"].with_user(user)
            with self.assertRaises(AccessError):
                cases.search([("patient_id", "any", [("last_name", "=", LAST_NAME)])])
            with self.assertRaises(AccessError):
                cases.search([("encounter_id.primary_coverage_id.member_id", "=", MEMBER_ID)])

    def test_names_do_not_match_in_name_search(self):
        for user in self.users:
            patients = self.env["hc.patient"].with_user(user)
            self.assertFalse(patients.name_search(LAST_NAME))
            self.assertFalse(patients.search([("display_name", "ilike", LAST_NAME)]))
            cases = self.env["hc.billing.case"].with_user(user)
            self.assertFalse(cases.search([("patient_id", "ilike", LAST_NAME)]))
            self.assertFalse(cases.search([("patient_id.display_name", "ilike", FIRST_NAME)]))

    def test_display_names_show_the_number_only(self):
        for user in self.users:
            self.assertEqual(self._as(user, self.person).display_name, "7000001")
            for record in (self.encounter, self.case, self.case.charge_ids[:1]):
                if self._as(user, record).has_access("read"):
                    self._assert_no_phi(self._as(user, record).read(["patient_id", "display_name"]))

    def test_a_name_cached_for_one_user_is_not_shown_to_another(self):
        reader = self._create_user("phi.reader", "clerk")
        self.assertIn(LAST_NAME, self.person.with_user(reader).display_name)
        patient_shown = self.case.with_user(reader).read(["patient_id"])[0]["patient_id"]
        self.assertIn(LAST_NAME, patient_shown[1])
        for user in self.users:
            self._assert_no_phi(self.case.with_user(user).read(["patient_id"]))

    def test_groups_and_orders_do_not_use_patient_data(self):
        for user in self.users:
            patients = self.env["hc.patient"].with_user(user)
            cases = self.env["hc.billing.case"].with_user(user)
            for model, method, args in (
                (patients, "formatted_read_group", ([], ["last_name"], ["__count"])),
                (patients, "formatted_read_group", ([], ["birth_date:month"], ["__count"])),
                (patients, "formatted_read_group", ([], [], ["birth_date:min"])),
                (patients, "web_read_group", ([], ["last_name"])),
                (cases, "formatted_read_group", ([], ["patient_id.last_name"], ["__count"])),
                (patients, "search", ([], 0, None, "last_name")),
                (cases, "search", ([], 0, None, "patient_id.last_name")),
            ):
                try:
                    getattr(model, method)(*args)
                except (AccessError, ValueError):
                    continue
                self.fail(f"{user.login} grouped or ordered by patient data: {args}")
            self._assert_no_phi(cases.formatted_read_group([], ["patient_id"], ["__count"]))

    def test_exports_and_specifications_do_not_carry_patient_data(self):
        for user in self.users:
            cases = self.env["hc.billing.case"].with_user(user)
            patients = self.env["hc.patient"].with_user(user)
            specification = {"patient_id": {"fields": {"last_name": {}}}}
            for records, method, args in (
                (cases, "web_search_read", ([], specification)),
                (self.case.with_user(user), "web_read", (specification,)),
                (patients, "search_read", ([], ["last_name"])),
                (patients, "web_search_read", ([], {"birth_date": {}})),
            ):
                with self.assertRaises(AccessError, msg=f"{user.login} {method}"):
                    getattr(records, method)(*args)

    def test_the_right_to_export_does_not_open_patient_data(self):
        exporter = self._create_user("nophi.exporter", "executive")
        exporter.group_ids += self.env.ref("base.group_allow_export")
        with self.assertRaises(AccessError):
            self.person.with_user(exporter).export_data(["last_name"])
        with self.assertRaises(AccessError):
            self.case.with_user(exporter).export_data(["patient_id/last_name"])
        self._assert_no_phi(self.case.with_user(exporter).export_data(["patient_id"]))

    def test_copies_defaults_and_onchanges_do_not_leak(self):
        for user in self.users:
            encounters = self.env["hc.encounter"].with_user(user)
            specification = {
                "patient_id": {"fields": {"display_name": {}}},
                "number": {},
                "case_count": {},
            }
            if encounters.has_access("create"):
                result = encounters.onchange(
                    {"patient_id": self.person.id}, ["patient_id"], specification
                )
                self._assert_no_phi(result)
            try:
                self._assert_no_phi(self._as(user, self.person).copy_data())
            except AccessError:
                continue

    def test_the_ledger_partner_carries_no_name(self):
        partner = self.person.partner_id
        names = ["name", "display_name", "email", "phone", "street"]
        self._assert_no_phi(partner.sudo().read(names))

    def test_invoices_carry_no_name(self):
        coder = self._create_user("phi.coder", "coder")
        self.encounter.with_user(coder).action_approve_coding()
        self.encounter._prepare_billing()
        self.case.invoice_ids._compute_payment_reference()
        for invoice in self.case.invoice_ids:
            self._assert_no_phi(invoice.read())
            self._assert_no_phi(invoice.line_ids.read())

    def test_the_log_and_findings_carry_no_name(self):
        entries = self.env["hc.transition"].search([])
        self._assert_no_phi(entries.read(["reason", "facts"]))
        for user in self.users:
            findings = self.env["hc.readiness.finding"].with_user(user).search([])
            self._assert_no_phi(findings.read())
            items = self.env["hc.work.item"].with_user(user).search([])
            self._assert_no_phi(items.read())

    def test_messages_of_records_carry_no_name(self):
        clerk = self._create_user("phi.clerk", "clerk")
        patient = self.person.with_user(clerk)
        patient.message_post(body="Called back.")
        patient.write({"last_name": f"{LAST_NAME}son", "phone": "207-555-0199"})
        self.env.flush_all()
        self.encounter.with_user(clerk).message_post(body="See the note.")
        self.case.with_user(clerk).activity_schedule(
            "mail.mail_activity_data_todo", user_id=clerk.id, summary="Call"
        )
        for user in self.users:
            messages = (
                self.env["mail.message"]
                .with_user(user)
                .search([("model", "in", ("hc.patient", "hc.encounter", "hc.billing.case"))])
            )
            self._assert_no_phi(messages.read(["body", "subject", "record_name", "preview"]))
            values = (
                self.env["mail.tracking.value"]
                .sudo()
                .search([("mail_message_id", "in", messages.ids)])
            )
            self._assert_no_phi(values.read(["old_value_char", "new_value_char"]))
            activities = (
                self.env["mail.activity"].with_user(user).search([("res_model", "like", "hc.")])
            )
            self._assert_no_phi(activities.read(["summary", "res_name", "display_name"]))

    def test_files_of_patients_are_not_read(self):
        document = self.env["hc.document"].search(
            [("encounter_id", "=", self.encounter.id)], limit=1
        )
        scan = self.env["ir.attachment"].create(
            {
                "name": "scan.txt",
                "raw": LAST_NAME.encode(),
                "res_model": "hc.document",
                "res_id": document.id,
            }
        )
        document.attachment_ids = [Command.link(scan.id)]
        portrait = self.env["ir.attachment"].create(
            {
                "name": "card.txt",
                "raw": MEMBER_ID.encode(),
                "res_model": "hc.patient",
                "res_id": self.person.id,
            }
        )
        exchange, _verdict = self.env["hc.exchange"]._receive(
            "charge_csv", "phi", "1", f"{LAST_NAME},{MEMBER_ID}".encode(), "phi.csv"
        )
        payload = exchange.payload_attachment_id
        for user in self.users:
            for attachment in (scan, portrait, payload):
                with self.assertRaises(AccessError, msg=f"{user.login} {attachment.name}"):
                    attachment.with_user(user).read(["raw"])
                self.assertFalse(
                    self.env["ir.attachment"].with_user(user).search([("id", "=", attachment.id)])
                )
                self.assertFalse(
                    self.env["ir.attachment"]
                    .with_user(user)
                    .search_count(
                        [("res_model", "=", attachment.res_model), ("name", "=", attachment.name)]
                    )
                )

    def test_portal_and_public_users_read_nothing(self):
        portal = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Portal",
                    "login": "phi.portal",
                    "group_ids": [Command.set([self.env.ref("base.group_portal").id])],
                }
            )
        )
        names = [name for name in self.env.registry if name.startswith("hc.")]
        for user in (portal, self.env.ref("base.public_user")):
            for name in names:
                if self.env[name]._abstract:
                    continue
                self.assertFalse(self.env[name].with_user(user).has_access("read"), name)
