# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .fhir_common import FhirCommon

HEADER = "MSH|^~\\&|EHR|RIV|HC|OFFICE|20260302150000-0500||{event}|M-{control}|P|2.5.1"
PID = (
    "PID|1||300001^^^RIV^MR||Rivers^Kim||19750203|F|||5 Oak Street^^Springfield^IL^62701||555-0100"
)
PV1 = "PV1|1|O|ROOM^1^^RIV||||1679576722^Stone^Ada||||||||||||{visit}" + "|" * 25 + "{start}|{end}"
IN1 = "IN1|1|PPO|60054|Acme Health Plan||||GRP|||20260101|||||SEL|" + "|" * 18 + "|W771"
FT1 = "FT1|1|{id}||202603021405-0500||CG|V1001|||{units}|||||||||Z00.00|1679576722|||||V1001|25"


def message(event, *segments, control="1"):
    """A message of an event with segments."""
    return "\r".join([HEADER.format(event=event, control=control), *segments]).encode() + b"\r"


def visit(number="HV-1", end=""):
    """The PV1 of a visit."""
    return PV1.format(visit=number, start="202603021400-0500", end=end)


@tagged("post_install", "-at_install")
class TestExchangeHl7(FhirCommon):
    """HL7 v2 messages become the same records as FHIR."""

    def _send(self, content):
        exchange = self._receive_document(content, document_type="hl7v2")
        return self._process(exchange)

    def _find(self, number="HV-1"):
        return self.env["hc.encounter"].search([("number", "=", number)])

    def test_admit_charge_discharge_becomes_a_billing_case(self):
        self._send(message("ADT^A01", "EVN||20260302140000-0500", PID, visit(), IN1))
        found = self._find()
        self.assertEqual((found.state, found.payer_id), ("in_progress", self.payer))
        self.assertEqual(str(found.started_at), "2026-03-02 19:00:00")
        charges = self._send(message("DFT^P03", PID, visit(), FT1.format(id="F-1", units="2")))
        self.assertEqual(charges.failed_count, 0, self._remarks(charges))
        line = found.service_line_ids
        self.assertEqual(
            (line.code_id, line.units, line.external_id), (self.visit_code, 2, "FT1/F-1")
        )
        self.assertEqual(line.modifier_ids, self.modifier)
        done = message("ADT^A03", PID, visit(end="202603021430-0500"), IN1, control="3")
        self._send(done)
        self.assertEqual((found.state, found.coding_state), ("completed", "approved"))
        self._bill_visits()
        self.assertEqual(found.case_ids.amount_charged, 300.0)

    def test_the_answer_says_what_became_of_the_message(self):
        taken = self._send(message("ADT^A04", PID, visit()))
        answer = taken._get_hl7_answer()
        self.assertIn("MSA|AA|M-1\r", answer)
        self.assertIn("|ACK^A04|", answer)
        wrong = FT1.format(id="F-9", units="two")
        refused = self._send(message("DFT^P03", PID, visit(), wrong, control="2"))
        answer = refused._get_hl7_answer()
        self.assertIn("MSA|AE|M-2\r", answer)
        self.assertIn("ERR||FT1^1^10|", answer)
        unread = self._send(b"FHS|no message")
        self.assertEqual(unread.state, "rejected")
        self.assertIn("MSA|AR|", unread._get_hl7_answer())

    def test_the_operation_hands_out_the_answer(self):
        exchange = self._send(message("ADT^A04", PID, visit()))
        answer = (
            self.env["hc.operation"]
            .with_user(self.feed)
            .run("hl7.fetch_answer", {"exchange_id": exchange.id})
        )
        self.assertEqual(answer["status"], "ok")
        self.assertIn("MSA|AA|", answer["result"]["answer"])

    def test_an_event_that_is_not_taken_in_changes_nothing(self):
        exchange = self._send(message("ADT^A40", PID, visit()))
        self.assertIn("MSH-9: is an event that is not taken in", self._remarks(exchange))
        self.assertFalse(self._patient())

    def test_a_missing_record_number_is_named_by_its_field(self):
        exchange = self._send(message("ADT^A04", PID.replace("300001^^^RIV^MR", ""), visit()))
        self.assertIn("PID-3: a record number", self._remarks(exchange))
        self.assertFalse(self._find())

    def test_another_facility_is_refused(self):
        elsewhere = visit().replace("^RIV", "^HIL")
        other = message("ADT^A04", PID, elsewhere).replace(b"|EHR|RIV|", b"|EHR|HIL|")
        exchange = self._send(other)
        self.assertIn("PV1-3.4: is no facility known here", self._remarks(exchange))
        self.assertFalse(self._find())
