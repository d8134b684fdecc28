# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .claim_common import ClaimCase


@tagged("post_install", "-at_install")
class TestClaimCorrection(ClaimCase):
    def _send_and_answer(self, *states, number="C-1", payer_number="PCN-1", **vals):
        claim = self._claim(number, **vals)
        self._send(claim)
        for state in states:
            claim._transition(state)
        if payer_number:
            claim._write_guarded({"payer_claim_number": payer_number})
        return claim

    def _correct(self, claim, correction, user=None):
        return claim.with_user(user or self.specialist)._correct(
            correction, "digits changed places"
        )

    def test_a_rejected_claim_goes_out_as_a_new_one_after_a_review(self):
        claim = self._send_and_answer("rejected", payer_number="")
        new = self._correct(claim, "resubmission")
        self.assertEqual((new.version, new.frequency, new.state), (2, "1", "ready"))
        self.assertEqual(new.review_user_id, self.specialist)
        self.assertEqual(new.filing_deadline, claim.filing_deadline, "the clock keeps running")
        self.assertFalse(claim._get_open_work_items())
        batch = self._send(new)
        self.assertEqual((claim.state, new.state), ("replaced", "submitted"))
        [clm] = [each for each in self._file_of(batch) if each[0] == "CLM"]
        self.assertEqual((clm[1], clm[5].split(":")[2]), (new.name, "1"))

    def test_a_replacement_names_the_payers_claim_and_takes_its_place_when_accepted(self):
        claim = self._send_and_answer("accepted")
        new = self._correct(claim, "replacement")
        self.assertEqual(new.state, "ready")
        batch = self._send(new)
        self.assertIn(["REF", "F8", "PCN-1"], self._file_of(batch))
        self.assertEqual(claim.state, "accepted", "the payer still has the first one")
        new._transition("accepted")
        self.assertEqual(claim.state, "replaced")

    def test_a_void_claim_repeats_what_was_sent(self):
        claim = self._send_and_answer("accepted")
        claim.case_id.encounter_id.sudo().referring_id = self.practitioner
        new = self._correct(claim, "void")
        batch = self._send(new)
        self.assertEqual(new.content["frequency"], "8")
        self.assertNotIn("referring", new.content, "not in what was sent")
        self.assertEqual(new.content["lines"], claim.content["lines"])
        self.assertEqual(claim.state, "void")
        self.assertIn(["REF", "F8", "PCN-1"], self._file_of(batch))
        new._transition("accepted")
        self.assertEqual(new.state, "closed")

    def test_what_fits_no_state_is_refused(self):
        unsent = self._claim("U-1")
        sent = self._send_and_answer(number="U-2")
        accepted = self._send_and_answer("accepted", number="U-3", payer_number="")
        for claim, correction in (
            (unsent, "replacement"),
            (sent, "resubmission"),
            (sent, "void"),
            (accepted, "replacement"),
        ):
            with self.subTest(correction, state=claim.state), self.assertRaises(UserError):
                self._correct(claim, correction)

    def test_one_correction_at_a_time(self):
        claim = self._send_and_answer("accepted")
        self._correct(claim, "replacement")
        with self.assertRaisesRegex(UserError, "already"):
            self._correct(claim, "replacement")

    def test_without_a_review_nothing_goes_out(self):
        claim = self._send_and_answer("rejected")
        wizard = Form(
            self.env["hc.claim.correction.wizard"]
            .with_user(self.specialist)
            .with_context(**claim.with_user(self.specialist).action_open_correction()["context"])
        )
        wizard.note = "Looked at the card."
        record = wizard.save()
        self.assertEqual(record.correction, "resubmission")
        with self.assertRaisesRegex(UserError, "looked"):
            record.action_confirm()
        record.is_reviewed = True
        record.action_confirm()
        new = claim.correction_ids
        new._transition("draft")
        new._write_guarded({"review_user_id": False})
        with self.assertRaisesRegex(UserError, "review"):
            new._transition("ready")

    def test_who_may_not_work_on_claims_corrects_none(self):
        claim = self._send_and_answer("rejected")
        collector = self._create_user("correct.collector", "collector")
        with self.assertRaises(AccessError):
            claim.with_user(collector)._correct("resubmission", "note")
        with self.assertRaises(AccessError):
            claim.with_user(self.specialist).write({"review_user_id": self.specialist.id})

    def _charge_late(self, case):
        """Document, price and invoice one more service of a billed case."""
        self.env["hc.service.line"].create(
            {
                "encounter_id": case.encounter_id.id,
                "service_date": case.service_date_to,
                "code_id": self.lab_code.id,
                "place_of_service_id": self.office.id,
                "performer_id": self.practitioner.id,
            }
        )
        case.encounter_id.service_line_ids._convert_to_charges()
        late = case.charge_ids.filtered(lambda charge: charge.state == "pending")
        self.assertEqual(len(late), 1)
        late._transition("billed")
        case._follow_invoice()

    def test_a_late_charge_makes_an_unsent_claim_anew_and_asks_to_replace_a_sent_one(self):
        for sent in (False, True):
            claim = self._claim(f"L-{sent}")
            if sent:
                self._send(claim)
            self._charge_late(claim.case_id)
            claims = claim.case_id.claim_ids.sorted("version")
            with self.subTest(sent=sent):
                if sent:
                    self.assertEqual(claims, claim)
                    kinds = claim._get_open_work_items().mapped("kind")
                    self.assertEqual(kinds, ["claim_correction"])
                else:
                    self.assertEqual(claims[0].state, "void")
                    self.assertEqual(claims[1].amount_charged, 190.0)
                    self.assertEqual(claims[1].version, 2)

    def test_another_invoice_without_a_new_charge_claims_nothing(self):
        claim = self._claim()
        claim.case_id._follow_invoice()
        self.assertEqual(claim.case_id.claim_ids, claim)


@tagged("post_install", "-at_install")
class TestSecondaryClaim(ClaimCase):
    def _adjudicated(self, **payer):
        patient = self._create_patient("5000001")
        primary = self._create_coverage(patient)
        other = self.env["hc.payer"].create(
            {
                "name": "Second Mutual",
                "code": "SECOND",
                "payer_identifier": "77777",
                "clearinghouse_id": self.clearinghouse.id,
                "timely_filing_days": 3650,
            }
        )
        secondary = self._create_coverage(
            patient, payer_id=other.id, coverage_order="2", member_id="S987654321"
        )
        claim = self._claim(
            "SEC-1", patient=patient, coverage=primary, secondary_coverage_id=secondary.id
        )
        self._send(claim)
        self.payer.write(payer)
        return claim

    def _decide_primary(self, claim):
        line = claim.line_ids
        return claim._create_secondary_claim(
            {
                "paid": "90.00",
                "paid_on": claim.submitted_on,
                "claim_number": "PCN-9",
                "lines": {
                    line.id: {
                        "paid": "90.00",
                        "adjustments": [("CO", "45", "35.00"), ("PR", "2", "25.00")],
                    }
                },
            }
        )

    def test_the_secondary_claim_carries_what_the_primary_decided(self):
        claim = self._adjudicated()
        new = self._decide_primary(claim)
        self.assertEqual((new.payer_order, new.state), ("2", "ready"), new.objection_text)
        batch = self._send(new)
        segments = self._file_of(batch)
        self.assertIn("S", [each[1] for each in segments if each[0] == "SBR"])
        self.assertIn(["AMT", "D", "90"], segments)
        self.assertIn(["CAS", "CO", "45", "35"], segments)
        self.assertIn(["CAS", "PR", "2", "25"], segments)
        [svd] = [each for each in segments if each[0] == "SVD"]
        self.assertEqual((svd[1], svd[2]), ("60054", "90"))

    def test_an_answer_that_does_not_add_up_is_held(self):
        claim = self._adjudicated()
        new = claim._create_secondary_claim(
            {"paid": "10.00", "paid_on": claim.submitted_on, "lines": {}}
        )
        self.assertEqual(new.state, "held")
        self.assertEqual(new._get_open_work_items().queue_id.code, "cob")

    def test_once_only_and_not_where_the_payer_sends_it_on(self):
        claim = self._adjudicated()
        self.assertTrue(self._decide_primary(claim))
        self.assertFalse(self._decide_primary(claim))

    def test_what_the_payer_sends_on_waits_for_its_answer_and_is_in_no_file_of_ours(self):
        claim = self._adjudicated(sends_crossover=True)
        new = self._decide_primary(claim)
        self.assertEqual((new.payer_order, new.state), ("2", "submitted"))
        self.assertFalse(new.batch_id)

    def test_without_a_secondary_coverage_there_is_none(self):
        claim = self._claim("SEC-2")
        self._send(claim)
        self.assertFalse(claim._create_secondary_claim({"paid": "1.00"}))
