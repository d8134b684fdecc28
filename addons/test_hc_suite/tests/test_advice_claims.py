# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import date

from odoo.tests import tagged

from odoo.addons.hc_claims.tests.denial_common import DenialCase

LETTER = (
    "<p>Claim number: 2026ABC77</p>"
    "<p>Reference number: RX-20417</p>"
    "<p>Amount billed: $1,190.00</p>"
    "<p>Amount paid: $150.00</p>"
    "<p>Your appeal must be received by 05/01/2026.</p>"
)
VALUES = {
    "letter_claim_number": ("2026ABC77", "2026ABC77"),
    "letter_reference": ("RX-20417", "RX-20417"),
    "letter_billed": ("1190", "$1,190.00"),
    "letter_paid": ("150", "$150.00"),
    "letter_reply_by": ("2026-05-01", "05/01/2026"),
}


@tagged("post_install", "-at_install")
class TestAdviceClaims(DenialCase):
    """Advice about denials, claims and appeals comes through policies alone, and sends nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["hc.ai.policy"]._offer_missing()

    def _use_policies(self, res_model, names):
        policies = self.env["hc.ai.policy"].search(
            [
                ("company_id", "=", self.company.id),
                ("res_model", "=", res_model),
                ("field_name", "in", list(names)),
            ]
        )
        self.assertEqual(set(policies.mapped("field_name")), set(names))
        policies.responsible_id = self.specialist
        policies._write_guarded({"mode": "live"})
        return policies

    def _attach_letter(self, record, html=LETTER, name="letter.pdf"):
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": self.env["hc.pdf"]._render_html(f"<html><body>{html}</body></html>"),
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    def _read_letters(self, record):
        """Order and do what reads the letters of a record; the suggestions about it by field."""
        suggestions = self.env["hc.ai.suggestion"]
        suggestions.with_user(self.specialist).ask(record._name, record.id)
        readings = self.env["hc.ai.reading"].search(
            [("attachment_id", "in", record._review_documents().ids)]
        )
        for reading in readings:
            as_asker = reading.with_user(reading.requested_by_id)
            as_asker._job_read()
            as_asker._job_advise()
        self.assertEqual(set(readings.mapped("engine")), {"pdf"})
        return self._find(record)

    def _find(self, record):
        latest = self.env["hc.ai.suggestion"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], order="id"
        )
        return {each.field_name: each for each in latest}

    def test_a_letter_in_pdf_gives_a_denial_literal_values(self):
        denial = self._deny("LE-1")
        policies = self._use_policies("hc.denial", VALUES)
        file = self._attach_letter(denial)
        deadline, number = denial.deadline, denial.claim_id.payer_claim_number
        found = self._read_letters(denial)
        for name, (value, quote) in VALUES.items():
            with self.subTest(name):
                self.assertEqual(found[name].value, value, found[name].abstained_because)
                (place,) = found[name].evidence
                self.assertEqual((place["res_id"], place["quote"]), (file.id, quote))
                pages = self.env["hc.ai.reading"].with_user(self.specialist)._get_pages(denial)
                text = pages[0].text
                self.assertEqual(text[place["start"] : place["end"]], quote)
        for name in VALUES:
            # A value accepted before has moved the record: that asks for new advice.
            policies._advise_from_files(denial.with_user(self.specialist))
            self._find(denial)[name].with_user(self.specialist).action_accept()
        self.assertEqual(denial.letter_reference, "RX-20417")
        self.assertEqual(denial.letter_reply_by, date(2026, 5, 1))
        # What the letter says moves nothing that money or time hangs on.
        self.assertEqual((denial.deadline, denial.claim_id.payer_claim_number), (deadline, number))

    def test_a_letter_to_the_claim_is_read_for_both(self):
        denial = self._deny("LE-2")
        claim = denial.claim_id
        self._use_policies("hc.denial", ["letter_reference"])
        self._use_policies("hc.claim", ["letter_reference"])
        self._attach_letter(claim)
        self.assertEqual(self._read_letters(claim)["letter_reference"].value, "RX-20417")
        self.assertEqual(self._read_letters(denial)["letter_reference"].value, "RX-20417")

    def test_letters_that_disagree_and_the_office_s_own_reference_propose_nothing(self):
        denial = self._deny("LE-3")
        self._use_policies("hc.denial", ["letter_reference", "letter_paid"])
        self._attach_letter(denial)
        self._attach_letter(denial, "<p>Amount paid: $15.00</p>", "other.pdf")
        found = self._read_letters(denial)
        self.assertEqual(found["letter_paid"].abstained_because, "conflict")
        other = self._deny("LE-4")
        self._attach_letter(other, "<p>Your reference: OWN-4711</p>")
        self.assertEqual(
            self._read_letters(other)["letter_reference"].abstained_because, "not_found"
        )

    def test_an_appeal_is_drafted_by_policy_and_not_sent(self):
        appeal = self._appeal(self._deny("LE-5"))
        appeal.letter_body = "<p>To be written</p>"
        (policy,) = self._use_policies("hc.appeal", ["letter_body"])
        suggestion = policy._advise(appeal.with_user(self.specialist)).with_env(self.env)
        self.assertEqual(suggestion.state, "pending")
        self.assertIn(appeal.claim_id.name, suggestion.value)
        self.assertIn("To be written", appeal.letter_body)
        suggestion.with_user(self.specialist).action_accept()
        self.assertIn(appeal.claim_id.name, appeal.letter_body)
        self.assertEqual((appeal.state, appeal.submitted_on), ("draft", False))

    def test_a_question_to_the_payer_is_drafted_by_state_and_not_sent(self):
        claim = self._deny("LE-6").claim_id
        claim.letter_reference = "RX-20417"
        (policy,) = self._use_policies("hc.claim", ["payer_query"])
        # Answered: there is nothing to ask.
        self.assertFalse(policy._advise(claim.with_user(self.specialist)))
        wordings = {}
        for state in ("submitted", "pending", "information_requested"):
            claim._write_guarded({"state": state})
            # An Automation Rule opens the task of a request, as at the end of a transaction.
            self.env.invalidate_all()
            suggestion = policy._advise(claim.with_user(self.specialist)).with_env(self.env)
            self.assertIn(claim.name, suggestion.value)
            self.assertIn("RX-20417", suggestion.value)
            wordings[state] = suggestion.value.splitlines()[-1]
        self.assertEqual(len(set(wordings.values())), 3)
        mails = self.env["mail.mail"].search_count([])
        suggestion.with_user(self.specialist).action_accept()
        self.assertEqual(claim.payer_query, suggestion.value)
        self.assertEqual(claim.state, "information_requested")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
