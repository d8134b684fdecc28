# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from . import fhir_samples as samples
from .fhir_common import FhirCommon

# What a document may touch.
COUNTED = (
    "hc.patient",
    "hc.coverage",
    "hc.document",
    "hc.encounter",
    "hc.encounter.diagnosis",
    "hc.service.line",
    "hc.charge",
    "hc.billing.case",
    "hc.fhir.resource",
)


@tagged("post_install", "-at_install")
class TestExchangeFhir(FhirCommon):
    """FHIR documents become patients, coverages, visits and billing cases."""

    def _count(self):
        self.env.flush_all()
        return {
            name: self.env[name].with_context(active_test=False).search_count([])
            for name in COUNTED
        }

    def test_a_visit_with_a_charge_becomes_a_billing_case(self):
        exchange = self._take_in(*samples.visit())
        self.assertEqual(
            (exchange.state, exchange.failed_count, exchange.total_count),
            ("done", 0, 7),
            exchange.error,
        )
        visit = self._visit()
        self.assertEqual((visit.state, visit.coding_state), ("completed", "approved"))
        self.assertEqual(str(visit.started_at), "2026-03-02 19:00:00")
        self.assertEqual(visit.facility_id, self.facility)
        self.assertEqual(visit.attending_id, self.practitioner)
        self.assertEqual(visit.payer_id, self.payer)
        self.assertEqual(visit.primary_coverage_id.member_id, "W771")
        self.assertEqual(visit.patient_id.phone, "555-0100")
        self.assertEqual(visit.diagnosis_ids.code_id, self.diagnosis)
        line = visit.service_line_ids
        self.assertEqual((line.external_id, line.code_id), ("ChargeItem/ci1-1", self.visit_code))
        self._bill_visits()
        self.assertEqual(len(visit.case_ids), 1)
        self.assertEqual(visit.case_ids.amount_charged, 150.0)

    def test_the_same_again_changes_nothing(self):
        self._take_in(*samples.visit(), samples.document_reference())
        self._bill_visits()
        before = self._count()
        again = self._take_in(*samples.visit(), samples.document_reference())
        self._bill_visits()
        self.assertEqual(self._count(), before)
        self.assertEqual((again.state, again.failed_count, again.imported_count), ("done", 0, 0))

    def test_a_claim_charges_its_items(self):
        items = samples.claim("1", "V1001", "L2002")
        self._take_in(samples.patient(), samples.coverage(), samples.encounter(), items)
        lines = self._visit().service_line_ids
        self.assertEqual(lines.mapped("external_id"), ["Claim/cl1/1", "Claim/cl1/2"])
        self.assertEqual(self._visit().payer_id, self.payer)

    def test_a_visit_is_not_charged_by_two_kinds_of_resources(self):
        self._take_in(*samples.visit())
        later = self._take_in(samples.claim("1", "L2002"))
        self.assertEqual(later.failed_count, 1)
        self.assertIn("ChargeItems or Claims", self._remarks(later))
        self.assertEqual(len(self._visit().service_line_ids), 1)
        beside = self._take_in(*samples.visit("2"), samples.claim("2", "L2002"))
        self.assertIn("ChargeItems: these are taken", self._remarks(beside))

    def test_what_comes_later_finds_what_came_before(self):
        self._take_in(samples.patient(), samples.coverage())
        self._take_in(
            samples.encounter(status="in-progress", period={"start": "2026-03-02T14:00:00Z"})
        )
        self.assertEqual(self._visit().state, "in_progress")
        self.assertEqual(self._visit().payer_id, self.payer)
        self._take_in(samples.charge_item())
        done = samples.encounter(meta=samples.meta(2, day=3))
        self._take_in(done)
        self.assertEqual(self._visit().state, "completed")
        self.assertEqual(len(self._visit().service_line_ids), 1)

    def test_a_refused_charge_holds_its_visit(self):
        wrong = samples.charge_item(line="2", code="NOSUCH")
        exchange = self._take_in(*samples.visit(), wrong)
        self.assertEqual((exchange.state, exchange.failed_count), ("done", 1))
        self.assertIn("Bundle.entry[7].resource.code: NOSUCH", self._remarks(exchange))
        self.assertNotEqual(self._visit().state, "completed")
        result = exchange.result_attachment_id.raw.decode()
        self.assertIn("Bundle.entry[7].resource.code", result)
        self._create_code("procedure", "NOSUCH", "Now it is there")
        self._take_in(*samples.visit(), wrong)
        self.assertEqual(self._visit().state, "completed")
        self.assertEqual(len(self._visit().service_line_ids), 2)

    def test_a_faulty_resource_is_refused_alone_and_by_its_element(self):
        faulty = samples.charge_item(line="2")
        del faulty["code"]
        exchange = self._take_in(*samples.visit(), *samples.visit("2"), faulty)
        self.assertEqual(self._remarks(exchange), "Bundle.entry[11].resource.code: missing")
        self.assertNotEqual(self._visit().state, "completed")
        self.assertEqual(self._visit("2").state, "completed")

    def test_a_document_that_is_none_is_refused_as_a_whole(self):
        for content, reason in (
            (b"no json", "no JSON"),
            (b"[]", "no FHIR resource"),
            (b'{"resourceType": "Bundle", "type": "message"}', "Bundle.type"),
            (b"[" * 5000 + b"]" * 5000, "nested"),
        ):
            with self.subTest(reason=reason):
                exchange = self._process(self._receive_document(content))
                self.assertEqual(exchange.state, "rejected")
                self.assertIn(reason, exchange.error)

    def test_a_newer_version_updates_and_an_older_one_is_ignored(self):
        self._take_in(*samples.visit())
        moved = [{"line": ["6 Elm Street"], "city": "Springfield", "state": "IL"}]
        self._take_in(samples.patient(meta=samples.meta(3, day=5), address=moved))
        self.assertEqual(self._patient().street, "6 Elm Street")
        late = self._take_in(samples.patient(meta=samples.meta(2, day=4), gender="male"))
        self.assertEqual((self._patient().street, self._patient().sex), ("6 Elm Street", "female"))
        self.assertIn("newer version", self._remarks(late, "warning"))

    def test_another_systems_patient_is_completed_and_never_overwritten(self):
        mine = self._create_patient("300009", phone=False, last_name="Rivers")
        mine.facility_ids = self.facility
        resource = samples.patient("9", birthDate="1980-05-17")
        exchange = self._take_in(resource)
        self.assertEqual((mine.phone, mine.first_name), ("555-0100", "Jane"))
        self.assertIn("differs", self._remarks(exchange, "warning"))

    def test_a_stranger_is_not_opened_by_a_number(self):
        theirs = self._create_patient("300009", phone=False)
        theirs.facility_ids = self.other_facility
        exchange = self._take_in(samples.patient("9"), samples.encounter("9"))
        self.assertFalse(theirs.phone)
        self.assertEqual(exchange.failed_count, 2)
        self.assertEqual(theirs.facility_ids, self.other_facility)

    def test_a_source_speaks_of_its_own_facilities_only(self):
        other = {"identifier": {"value": "HIL"}}
        exchange = self._take_in(samples.patient(), samples.encounter(serviceProvider=other))
        self.assertIn("serviceProvider: is no facility known here", self._remarks(exchange))
        self.assertFalse(self._visit())

    def test_nobody_sends_under_another_systems_name(self):
        self._take_in(*samples.visit())
        other = self._create_user("other.system", "integration")
        content = samples.content(samples.bundle(samples.patient(meta=samples.meta(9, day=9))))
        with self.assertRaisesRegex(AccessError, "another connected system"):
            self.env["hc.exchange"].with_user(other)._receive(
                "fhir_bundle", "clinic-ehr", "forged", content, "forged"
            )
        clerk = self._create_user("handing.clerk", "clerk")
        exchange, _verdict = (
            self.env["hc.exchange"]
            .with_user(clerk)
            ._receive("fhir_bundle", "clinic-ehr", "forged", content, "forged")
        )
        with self.assertRaisesRegex(AccessError, "another connected system"):
            exchange._as_sender()._process(lambda done, left: True)
        self.assertEqual(exchange.sudo().state, "received")

    def test_an_administrator_hands_documents_over(self):
        administrator = self._create_user("fhir.admin", "administrator")
        content = samples.content(samples.bundle(*samples.visit()))
        wizard = (
            self.env["hc.clinical.document.wizard"]
            .with_user(administrator)
            .create({"source_id": self.source.id, "document_type": "fhir_bundle"})
        )
        with self.assertRaisesRegex(UserError, "Choose at least one file"):
            wizard.action_hand_over()
        wizard.file_ids = [
            Command.create({"name": "visit.json", "raw": content, "res_model": wizard._name})
        ]
        action = wizard.action_hand_over()
        exchange = self.env["hc.exchange"].search(action["domain"])
        self.assertEqual((exchange.source, exchange.create_uid), ("clinic-ehr", administrator))
        self._process(exchange)
        self.assertEqual(self._visit().state, "completed")
        again = wizard.action_hand_over()
        self.assertEqual(again["domain"], action["domain"])

    def test_a_cancelled_visit_is_cancelled_once(self):
        cancelled = samples.encounter(status="cancelled", meta=samples.meta(2, day=3))
        self._take_in(samples.patient(), samples.encounter(status="planned"))
        self.assertEqual(self._visit().state, "planned")
        for _time in range(2):
            exchange = self._take_in(cancelled)
            self.assertEqual((self._visit().state, exchange.failed_count), ("cancelled", 0))

    def test_a_completed_visit_is_not_cancelled_unseen(self):
        self._take_in(*samples.visit())
        self._bill_visits()
        later = self._take_in(samples.encounter(status="cancelled", meta=samples.meta(2, day=3)))
        self.assertIn("Cancel its case first", self._remarks(later))
        self.assertEqual(self._visit().state, "completed")

    def test_a_document_is_filed_with_patient_and_visit(self):
        self._take_in(*samples.visit(), samples.document_reference())
        document = self.env["hc.document"].search([("patient_id", "=", self._patient().id)])
        self.assertEqual(document.encounter_id, self._visit())
        self.assertEqual(document.attachment_ids.raw, b"hello")
        withdrawn = samples.document_reference(
            status="entered-in-error", meta=samples.meta(2, day=3)
        )
        self._take_in(withdrawn)
        self.assertFalse(document.active)

    def test_a_document_that_lies_elsewhere_is_named_by_its_address(self):
        def named(url, number="1", **changes):
            content = [{"attachment": {"title": "Note", "url": url}}]
            return samples.document_reference(number, content=content, **changes)

        self.source.document_hosts = "archive.example"
        self._take_in(*samples.visit(), named("https://archive.example/1"))
        document = self.env["hc.document"].search([("patient_id", "=", self._patient().id)])
        self.assertEqual(document.repository_url, "https://archive.example/1")
        self.assertEqual((document.source, document.checksum), ("clinic-ehr", False))
        self.assertFalse(document.attachment_ids)
        newer = named("https://archive.example/2", meta=samples.meta(2, day=3))
        self._take_in(newer)
        self.assertEqual(document.repository_url, "https://archive.example/2")
        for url in ("https://evil.example/1", "http://archive.example/1"):
            refused = self._take_in(named(url, meta=samples.meta(3, day=4)))
            self.assertEqual(refused.failed_count, 1, url)
            self.assertEqual(document.repository_url, "https://archive.example/2")

    def test_an_interrupted_document_goes_on_where_it_stopped(self):
        resources = [item for number in range(1, 130) for item in samples.visit(str(number))]
        exchange = self._receive_document(samples.content(samples.bundle(*resources)))
        self.assertFalse(exchange._as_sender()._process(lambda done, left: False))
        self.assertEqual(
            (exchange.sudo().state, exchange.sudo().processed_count), ("processing", 500)
        )
        done = self._process(exchange)
        self.assertEqual((done.state, done.failed_count, done.imported_count), ("done", 0, 519))
        self.assertEqual(self._visit("129").state, "completed")
