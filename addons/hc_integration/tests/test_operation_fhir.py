# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import unittest
from importlib.util import find_spec

from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.trail_common import TrailCommon

from . import fhir_samples as samples
from .fhir_common import FhirCommon


@tagged("post_install", "-at_install")
class TestOperationFhir(FhirCommon, TrailCommon):
    """Records leave as FHIR R4, under the reader's rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("fhir.manager", "manager", "phi", "clinical")

    def _read(self, resource_type, user=None, **options):
        """The resources of a page, as the user reads them."""
        operations = self.env["hc.operation"].with_user(user or self.manager)
        # Rows of this very transaction are held back from readers; here it is the only one.
        self.env.flush_all()
        answer = operations.run("fhir.read", {"type": resource_type, "limit": 500, **options})
        self.assertEqual(answer["status"], "ok", answer)
        bundle = json.loads(answer["result"]["bundle_json"])
        return [entry["resource"] for entry in bundle.get("entry", [])]

    def _age_rows(self):
        """Rows younger than a running transaction are not served; these are made older."""
        for table in ("hc_patient", "hc_coverage", "hc_encounter", "hc_billing_case"):
            self.env.cr.execute(f"UPDATE {table} SET write_date = write_date - interval '2 hours'")

    def _story(self):
        self._take_in(*samples.visit())
        self._bill_visits()
        self.env.flush_all()
        self._age_rows()
        self.env.invalidate_all()

    def test_a_patient_leaves_with_what_the_reader_may_see(self):
        self._story()
        mine = self._patient()
        full = {r["id"]: r for r in self._read("Patient")}[str(mine.id)]
        self.assertEqual(full["name"], [{"family": "Rivers", "given": ["Kim"]}])
        self.assertEqual(full["identifier"][0]["value"], "300001")
        bare = {r["id"]: r for r in self._read("Patient", self.feed)}[str(mine.id)]
        self.assertEqual(bare.keys(), {"resourceType", "id", "meta", "identifier", "active"})

    def test_reading_personal_data_is_put_on_record(self):
        self._story()
        with self._request():
            self._read("Patient")
        found = self.env["hc.phi.read"].search([("user_id", "=", self.manager.id)])
        self.assertEqual(set(found.mapped("source")), {"rpc"})
        self.assertIn(self._patient(), found.patient_id)

    def test_an_account_tells_what_is_charged_and_owed(self):
        self._story()
        case = self._visit().case_ids
        account = {r["id"]: r for r in self._read("Account")}[str(case.id)]
        charged = [e for e in account["extension"] if e["url"].endswith(":charged")]
        self.assertEqual(charged[0]["valueMoney"], {"value": 150.0, "currency": "USD"})
        self.assertEqual(account["name"], case.name)

    def test_another_facilitys_records_do_not_leave(self):
        self._story()
        stranger = self._create_user("fhir.other", "integration", facilities=self.other_facility)
        ids = {resource["id"] for resource in self._read("Encounter", stranger)}
        self.assertNotIn(str(self._visit().id), ids)

    def test_who_has_no_such_role_reads_nothing(self):
        clerk = self._create_user("fhir.clerk", "clerk")
        answer = self.env["hc.operation"].with_user(clerk).run("fhir.read", {"type": "Patient"})
        self.assertEqual(answer["error"]["code"], "access_denied")
        manager = self.env["hc.operation"].with_user(self.manager)
        answer = manager.run("fhir.read", {"type": "AuditEvent"})
        self.assertEqual(answer["error"]["code"], "access_denied")

    def test_pages_follow_each_other_without_gap(self):
        self._story()
        operations = self.env["hc.operation"].with_user(self.manager)
        everything = {resource["id"] for resource in self._read("Patient")}
        cursor, seen = None, []
        for _page in range(1000):
            options = {"cursor": cursor} if cursor else {}
            answer = operations.run("fhir.read", {"type": "Patient", "limit": 7, **options})
            result = answer["result"]
            bundle = json.loads(result["bundle_json"])
            seen += [entry["resource"]["id"] for entry in bundle.get("entry", [])]
            cursor = result["next_cursor"]
            if result["is_last"]:
                break
        self.assertEqual((set(seen), len(seen)), (everything, len(everything)))

    @unittest.skipUnless(find_spec("fhir"), "fhir.resources is not installed")
    def test_all_that_leaves_is_valid_r4(self):
        from fhir.resources.R4B import get_fhir_model_class

        self._story()
        auditor = self._create_user("fhir.auditor", "operations", "compliance")
        readers = {"AuditEvent": auditor}
        for resource_type in ("Patient", "Coverage", "Encounter", "Account", "AuditEvent"):
            resources = self._read(resource_type, readers.get(resource_type))
            with self.subTest(resource_type=resource_type):
                self.assertTrue(resources)
                for resource in resources:
                    get_fhir_model_class(resource_type).model_validate(resource)
