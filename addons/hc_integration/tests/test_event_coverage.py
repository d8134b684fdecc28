# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields
from odoo.tests import tagged

from .event_common import EventCase


@tagged("post_install", "-at_install")
class TestEventCoverage(EventCase):
    """Answers of payers that were found out elsewhere."""

    def _verified(self, **extra):
        return {
            "facility_code": "RIV",
            "patient_mrn": self.patient.mrn,
            "payer_code": "ACME",
            "checked_on": fields.Date.to_string(fields.Date.context_today(self.env.user)),
            "reference": "REF-1",
            "outcome": "inactive",
            **extra,
        }

    def test_the_answer_stands_on_the_coverage(self):
        event = self._send("coverage.verified", self._verified())
        self.assertEqual(event.state, "done", event.error)
        self.assertEqual(self.coverage.eligibility_status, "inactive")
        self.assertIn("eligibility_status", event.event_changes)

    def _check_days(self, facility_zone, user_zone):
        """At any moment it is another day at the one than at the other: 25 hours lie between."""
        self.facility.timezone, self.source.user_id.tz = facility_zone, user_zone
        today = fields.Date.context_today(self.source.with_context(tz="Pacific/Kiritimati"))
        event = self._send("coverage.verified", self._verified(checked_on=str(today)))
        self.assertEqual(event.event_outcome, "applied", event.event_note)
        ahead = self._verified(checked_on=str(fields.Date.add(today, days=1)))
        event = self._send("coverage.verified", ahead, 10)
        self.assertEqual(event.event_result["code"], "data_invalid")

    def test_the_day_of_the_facility_does_not_lie_ahead(self):
        self._check_days("Pacific/Kiritimati", "Pacific/Pago_Pago")

    def test_the_day_of_the_system_does_not_lie_ahead(self):
        self._check_days("Pacific/Pago_Pago", "Pacific/Kiritimati")

    def test_a_standards_word_is_translated(self):
        data = self._verified(native_outcome={"system": "x12_eb01", "code": "6"})
        del data["outcome"]
        self._send("coverage.verified", data)
        self.assertEqual(self.coverage.eligibility_status, "inactive")
        unknown = {**data, "native_outcome": {"system": "x12_eb01", "code": "ZZ"}}
        event = self._send("coverage.verified", unknown, 1)
        self.assertEqual(event.event_result["code"], "status_unknown")

    def test_another_member_id_is_for_people_to_decide(self):
        event = self._send("coverage.verified", self._verified(member_id="OTHER-1"))
        self.assertEqual(event.event_outcome, "proposed")
        self.assertEqual(self.coverage.member_id, "W123456789")
        proposal = self.env["hc.data.proposal"].search([("res_model", "=", "hc.coverage")])
        self.assertEqual(proposal.line_ids.value_proposed, "OTHER-1")

    def test_a_coverage_that_nobody_knew_is_entered(self):
        patient = self._create_patient("3000001")
        self._send(
            "coverage.verified",
            self._verified(patient_mrn=patient.mrn, member_id="N-1", outcome="active"),
        )
        self.assertEqual(patient.coverage_ids.member_id, "N-1")
        self.assertEqual(patient.coverage_ids.eligibility_status, "active")

    def _decided(self, **extra):
        return {
            "facility_code": "RIV",
            "patient_mrn": self.patient.mrn,
            "payer_code": "ACME",
            "number": "PA-1",
            "decided_on": "2026-03-02",
            "decision": "approved",
            "date_from": "2026-03-02",
            "date_to": "2026-06-30",
            "approved_units": "12",
            "procedure_codes": ["V1001"],
            **extra,
        }

    def _authorization(self):
        return self.env["hc.authorization"].search([("number", "=", "PA-1")])

    def test_an_approval_is_entered_and_its_correction_follows(self):
        self._give_right("authorization", "owner")
        self._send("authorization.decided", self._decided())
        self.assertEqual(self._authorization().approved_units, 12)
        self.assertEqual(self._authorization().code_ids, self.visit_code)
        self._send("authorization.decided", self._decided(approved_units="6"), 5)
        late = self._send("authorization.decided", self._decided(approved_units="99"), 2)
        self.assertEqual(self._authorization().approved_units, 6)
        self.assertEqual(late.event_outcome, "superseded")

    def test_a_denial_goes_to_people(self):
        event = self._send("authorization.decided", self._decided(decision="denied"))
        self.assertFalse(self._authorization())
        self.assertEqual(self._items("event", event).queue_id.code, "prior_auth")
