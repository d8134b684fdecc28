# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from . import fhir_samples as samples
from .fhir_common import FhirCommon
from .test_exchange_hl7 import PID, message, visit


@tagged("post_install", "-at_install")
class TestFhirOwnership(FhirCommon):
    """A clinical document overwrites what its system owns; of the rest people decide."""

    def _give_right(self, field_group, right):
        owner = self.env["hc.data.owner"].create(
            {"source_id": self.source.id, "field_group": field_group, "right": right}
        )
        owner._config_write({"active": True})

    def _known_patient(self, **vals):
        """A patient whom somebody else registered, and the facility treats."""
        vals = {"street": "9 Elm Street", "phone": "555-0199", "last_name": "Rivers", **vals}
        patient = self._create_patient("300001", **vals)
        patient.facility_ids = self.facility
        return patient

    def _proposal(self, record):
        return self.env["hc.data.proposal"].search(
            [
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("state", "=", "open"),
            ]
        )

    def _items(self, record):
        return self.env["hc.work.item"].search(
            [
                ("kind", "=", "data_conflict"),
                ("res_model", "=", record._name),
                ("res_id", "=", record.id),
                ("state", "=", "open"),
            ]
        )

    def test_an_owner_overwrites(self):
        patient = self._known_patient()
        self._give_right("address", "owner")
        exchange = self._take_in(samples.patient())
        self.assertEqual(exchange.failed_count, 0, self._remarks(exchange))
        self.assertEqual((patient.street, patient.state_id.code), ("5 Oak Street", "IL"))
        self.assertEqual(patient.phone, "555-0199", "of contacts it is no owner")
        proposed = self._proposal(patient).line_ids.mapped("field_name")
        self.assertIn("phone", proposed)
        self.assertFalse({"street", "state_id", "city"}.intersection(proposed))

    def test_without_a_right_the_empty_is_filled_and_the_rest_proposed(self):
        patient = self._known_patient(city=False)
        exchange = self._take_in(samples.patient())
        self.assertEqual((patient.street, patient.city), ("9 Elm Street", "Springfield"))
        proposal = self._proposal(patient)
        lines = {line.field_name: line.value_proposed for line in proposal.line_ids}
        self.assertEqual(lines["street"], "5 Oak Street")
        self.assertEqual(proposal.exchange_id, exchange)
        self.assertTrue(self._items(proposal))
        self.assertIn("street differs", self._remarks(exchange, "warning"))
        self.assertNotIn("Oak", self._remarks(exchange, "warning"))

    def test_who_only_proposes_fills_nothing_by_any_resource(self):
        patient = self._known_patient(city=False, first_name=False)
        for group in ("demographics", "address", "contact"):
            self._give_right(group, "propose")
        exchange = self._take_in(*samples.visit())
        self.assertEqual(exchange.failed_count, 0, self._remarks(exchange))
        self.assertEqual((patient.city, patient.first_name), (False, False))
        self.assertEqual(self._visit().patient_id, patient)
        names = self._proposal(patient).line_ids.mapped("field_name")
        self.assertLessEqual({"city", "first_name", "street"}, set(names))

    def test_what_it_wrote_itself_it_updates_until_somebody_changes_it(self):
        self._take_in(samples.patient())
        patient = self._patient()
        second = [{"line": ["6 Oak Street"], "city": "Springfield", "state": "IL"}]
        self._take_in(samples.patient(meta=samples.meta(2, day=3), address=second))
        self.assertEqual(patient.street, "6 Oak Street")
        patient.street = "1 Typed Here"
        third = [{"line": ["7 Oak Street"], "city": "Springfield", "state": "IL"}]
        self._take_in(samples.patient(meta=samples.meta(3, day=4), address=third))
        self.assertEqual(patient.street, "1 Typed Here")
        self.assertEqual(self._proposal(patient).line_ids.value_proposed, "7 Oak Street")

    def test_an_older_version_changes_and_proposes_nothing(self):
        self._give_right("address", "owner")
        patient = self._known_patient()
        new = [{"line": ["6 Oak Street"], "city": "Springfield", "state": "IL"}]
        self._take_in(samples.patient(meta=samples.meta(3, day=5), address=new))
        proposal = self._proposal(patient)
        late = [{"line": ["5 Oak Street"], "city": "Springfield", "state": "IL"}]
        telecom = [{"system": "phone", "value": "555-0000"}]
        self._take_in(samples.patient(meta=samples.meta(2, day=4), address=late, telecom=telecom))
        self.assertEqual(patient.street, "6 Oak Street")
        self.assertEqual(self._proposal(patient), proposal)
        self.assertNotIn("555-0000", proposal.line_ids.mapped("value_proposed"))

    def test_an_older_version_under_another_resource_number_is_superseded(self):
        self._give_right("address", "owner")
        patient = self._known_patient()
        new = [{"line": ["6 Oak Street"], "city": "Springfield", "state": "IL"}]
        self._take_in(samples.patient(meta=samples.meta(3, day=5), address=new))
        other = samples.patient(meta=samples.meta(1, day=4), id="merged")
        self._take_in(other)
        self.assertEqual(patient.street, "6 Oak Street")

    def test_coverages_follow_the_right_to_coverages(self):
        self._take_in(*samples.visit())
        coverage = self._patient().coverage_ids
        coverage.member_id = "TYPED"
        changed = samples.coverage(meta=samples.meta(2, day=3), subscriberId="W999")
        self._take_in(changed)
        # Another member number means another coverage only where none of it is on file.
        self.assertEqual(coverage.member_id, "TYPED")
        self.assertEqual(self._proposal(coverage).line_ids.value_proposed, "W999")
        self._give_right("coverage", "owner")
        self._take_in(samples.coverage(meta=samples.meta(3, day=4), subscriberId="W998"))
        self.assertEqual(coverage.member_id, "W998")
        self.assertFalse(self._proposal(coverage))

    def test_who_only_proposes_cancels_no_coverage(self):
        self._take_in(*samples.visit())
        coverage = self._patient().coverage_ids
        self._give_right("coverage", "propose")
        self._take_in(samples.coverage(meta=samples.meta(2, day=3), status="cancelled"))
        self.assertTrue(coverage.active)
        self.assertTrue(self._items(coverage))

    def test_hl7_messages_are_bound_by_the_same_rights(self):
        patient = self._known_patient()
        self._give_right("contact", "owner")
        exchange = self._receive_document(message("ADT^A08", PID, visit()), document_type="hl7v2")
        self._process(exchange)
        self.assertEqual((patient.street, patient.phone), ("9 Elm Street", "555-0100"))
        self.assertIn("street", self._proposal(patient).line_ids.mapped("field_name"))

    def test_a_formula_is_refused(self):
        self._known_patient()
        evil = [{"line": ["=cmd|'/c calc'!A0"], "city": "Springfield", "state": "IL"}]
        exchange = self._take_in(samples.patient(address=evil))
        self.assertEqual(exchange.failed_count, 1)
