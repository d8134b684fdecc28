# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiWorded(AiCommon):
    """Summaries: each sentence cites a record, nothing is written but a note by a person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.summaries = cls.env["hc.ai.policy"].search(
            [
                ("company_id", "=", cls.company.id),
                ("res_model", "=", "hc.billing.case"),
                ("field_name", "=", "summary"),
            ]
        )
        cls.summaries.responsible_id = cls.lead
        cls.case = cls._create_encounter("AI-W")._get_or_create_cases()

    def _summarise(self):
        self.summaries._write_guarded({"mode": "live"})
        return self.summaries._advise(self.case.with_user(self.lead)).with_user(self.lead)

    def test_a_text_that_is_no_field_is_called_as_its_record_calls_it(self):
        self.assertEqual(self.summaries.display_name, "Billing Case: Summary")

    def test_each_sentence_cites_its_record_and_opens_it(self):
        suggestion = self._summarise()
        self.assertEqual(suggestion.state, "pending", suggestion.abstained_because)
        quotes = [each["quote"] for each in suggestion.evidence]
        self.assertEqual(suggestion.value.split("\n"), quotes)
        for each in suggestion.evidence:
            self.assertEqual(suggestion.value[each["start"] : each["end"]], each["quote"])
        action = suggestion.action_open_citation(0)
        self.assertEqual((action["res_model"], action["res_id"]), (self.case._name, self.case.id))
        with self.assertRaises(UserError):
            suggestion.action_open_citation(99)

    def test_words_claim_no_chance_of_being_right(self):
        suggestion = self._summarise()
        panel = suggestion.get_panel(self.case._name, self.case.id)["suggestions"]
        (shown,) = [each for each in panel if each["id"] == suggestion.id]
        self.assertIsNone(shown["percent"])
        self.assertFalse(suggestion.has_chance)

    def test_a_summary_is_posted_by_who_accepts_it(self):
        suggestion = self._summarise()
        before = self.case.message_ids
        suggestion.action_accept()
        note = self.case.message_ids - before
        self.assertIn(suggestion.evidence[0]["quote"], str(note.mapped("body")))
        self.assertEqual(note.author_id, self.lead.partner_id)

    def test_texts_are_shown_only_after_some_were_written_in_shadow(self):
        self.summaries.action_shadow()
        with self.assertRaisesRegex(UserError, "texts were written"):
            self.summaries.action_live()
        self.assertEqual(self.summaries._learn(self.later), [])
