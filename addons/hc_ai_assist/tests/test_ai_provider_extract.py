# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json

from odoo.tests import tagged

from .endpoint_common import EndpointCase

LETTER = "Dear office, the approval carries the sign KX471155 and ends on 2026-06-30.\n"


@tagged("post_install", "-at_install")
class TestAiProviderExtract(EndpointCase):
    """A provider copies from letters; what does not stand there literally is not taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.patient.facility_ids = cls.facility
        cls.authorization = cls.env["hc.authorization"].create(
            {
                "number": "TO COME",
                "patient_id": cls.patient.id,
                "payer_id": cls.payer.id,
                "date_from": "2026-01-01",
                "date_to": "2026-01-31",
            }
        )
        cls.env["ir.attachment"].create(
            {
                "name": "letter.txt",
                "raw": LETTER.encode(),
                "res_model": "hc.authorization",
                "res_id": cls.authorization.id,
            }
        )

    def _prepare(self, field_name="number", agreed=True):
        """A suggestion about a field from the letter that was read, and its provider."""
        if agreed:
            self._agree_on_texts().with_user(self.second).action_confirm()
        self.policy = self.env["hc.ai.policy"].search(
            [
                ("company_id", "=", self.company.id),
                ("res_model", "=", "hc.authorization"),
                ("field_name", "=", field_name),
            ]
        )
        self.policy.write({"responsible_id": self.lead.id, "provider_id": self.provider.id})
        self.policy._write_guarded({"mode": "live"})
        record = self.authorization.with_user(self.lead)
        record = record.with_context(allowed_company_ids=self.company.ids)
        self.policy._advise(record)
        for reading in self.env["hc.ai.reading"].search([("res_id", "=", record.id)]):
            reading.with_user(self.lead)._job_read()
        return self.policy._advise(record).with_env(self.env)

    def _get_sent(self, before, after):
        """What a provider sees between two words of the letter: a pseudonym, where masked."""
        record = self.authorization.with_user(self.lead)
        record = record.with_context(allowed_company_ids=self.company.ids)
        field = record._review_fields()[self.policy.field_name]
        (text,) = self.policy._prepare_request(self.provider, record, field).texts.values()
        return text.partition(before)[2].partition(after)[0]

    def test_a_literal_value_comes_with_its_place(self):
        suggestion = self._prepare()
        self.assertEqual(suggestion.abstained_because, "not_found")
        self._tell(self._get_sent("sign ", " and"), quotes=[])
        run = self._ask(suggestion)
        self.assertEqual((run.outcome, run.effect), ("answered", "alone"), run.cause)
        latest = self._get_latest(suggestion)
        self.assertEqual(latest.value, "KX471155")
        (place,) = latest.evidence
        self.assertEqual(LETTER[place["start"] : place["end"]], "KX471155")
        self.assertEqual(place["page"], 1)

    def test_an_invented_value_is_unfounded_and_changes_nothing(self):
        suggestion = self._prepare()
        self._tell("K-9999-Z", quotes=[])
        run = self._ask(suggestion)
        self.assertEqual((run.outcome, run.cause), ("fallback", "unfounded"))
        self.assertEqual(self._get_latest(suggestion), suggestion)

    def test_a_sentence_is_no_number(self):
        suggestion = self._prepare()
        self._tell(self._get_sent("carries ", "."), quotes=[])
        run = self._ask(suggestion)
        self.assertEqual(run.effect, "abstains")
        self.assertEqual(self._get_latest(suggestion), suggestion)

    def test_a_piece_of_text_that_is_no_date_is_no_opinion(self):
        suggestion = self._prepare("date_to")
        self._tell(self._get_sent("the ", " carries"), quotes=[])
        run = self._ask(suggestion)
        self.assertEqual(run.effect, "abstains")
        self.assertEqual(self._get_latest(suggestion), suggestion)

    def test_answers_of_another_shape_fall_back(self):
        suggestion = self._prepare()
        for answer in (
            {"value": ["KX471155"], "confidence": 0.9, "reasons": [], "quotes": []},
            {"value": "KX471155", "confidence": 7, "reasons": [], "quotes": []},
            {"value": "KX471155"},
            b"not json",
        ):
            self.server.answer = answer
            if isinstance(answer, bytes):
                choice = {"message": {"content": "KX471155"}, "finish_reason": "stop"}
                self.server.answer = json.dumps({"choices": [choice]}).encode()
            run = self._ask(suggestion)
            self.assertEqual(run.outcome, "fallback", answer)
            self.assertEqual(self._get_latest(suggestion), suggestion)

    def test_without_an_agreement_no_letter_leaves(self):
        suggestion = self._prepare(agreed=False)
        self.server.bodies.clear()
        self._tell("KX471155", quotes=[])
        run = self._ask(suggestion)
        self.assertEqual((run.outcome, run.cause), ("refused", "no_texts"))
        self.assertEqual(self.server.bodies, [])
