# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.hc_collections.tests.collections_common import CollectionsCase


@tagged("post_install", "-at_install")
class TestAdviceCollections(CollectionsCase):
    """What an account comes to, each sentence citing its record, and drafts that nobody sends."""

    def setUp(self):
        super().setUp()
        self.env["hc.ai.policy"]._offer_missing()
        self.case = self._bill_patient("AD-1")
        self.account = self._account_of(self.case)
        as_collector = self.account.with_user(self.collector)
        self.dispute = as_collector.env["hc.billing.dispute"]._open(
            as_collector,
            {self.case.with_env(as_collector.env): 60.0},
            kind="billing_error",
            description="I was not there that day.",
            channel="call",
            received_on=self.today,
            due_on=self.today + timedelta(days=30),
            owner_id=self.collector.id,
        )

    def _advise(self, record, field_name):
        policy = self.env["hc.ai.policy"].search(
            [
                ("company_id", "=", record.company_id.id),
                ("res_model", "=", record._name),
                ("field_name", "=", field_name),
            ]
        )
        policy.responsible_id = self.collector
        policy._write_guarded({"mode": "live"})
        suggestion = policy._advise(record.with_user(self.collector)).with_env(self.env)
        self.assertEqual(suggestion.state, "pending", suggestion.abstained_because)
        return suggestion

    def test_each_sentence_of_a_summary_cites_its_record(self):
        suggestion = self._advise(self.account, "summary")
        sentences = suggestion.value.splitlines()
        cited = suggestion.evidence
        self.assertEqual([each["quote"] for each in cited], sentences)
        for each in cited:
            self.assertEqual(suggestion.value[each["start"] : each["end"]], each["quote"])
            self.assertTrue(self.env[each["res_model"]].browse(each["res_id"]).exists())
        of_dispute = [each for each in cited if each["res_model"] == "hc.billing.dispute"]
        self.assertEqual([each["res_id"] for each in of_dispute], [self.dispute.id])
        self.assertIn(self.dispute.name, of_dispute[0]["quote"])
        self.assertEqual(
            (cited[0]["res_model"], cited[0]["res_id"]), (self.account._name,) + (self.account.id,)
        )

    def test_an_accepted_summary_is_a_note_and_nothing_else(self):
        suggestion = self._advise(self.account, "summary")
        open_before = self.account.amount_open
        mails = self.env["mail.mail"].search_count([])
        suggestion.with_user(self.collector).action_accept()
        note = self.account.message_ids.sorted("id")[-1]
        self.assertIn(self.dispute.name, note.body)
        self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
        self.assertEqual(self.account.amount_open, open_before)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_the_answer_to_a_dispute_is_drafted_and_not_sent(self):
        suggestion = self._advise(self.dispute, "answer_draft")
        self.assertIn(self.dispute.name, suggestion.value)
        self.assertIn("compare each charge", suggestion.value)
        self.assertFalse(self.dispute.answer_draft)
        state, mails = self.dispute.state, self.env["mail.mail"].search_count([])
        suggestion.with_user(self.collector).action_accept()
        self.assertEqual(self.dispute.answer_draft, suggestion.value)
        self.assertEqual(self.dispute.state, state)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_the_draft_is_in_the_language_of_the_patient(self):
        self.account.patient_id.language = "es_US"
        suggestion = self._advise(self.dispute, "answer_draft")
        self.assertIn("Comparamos cada cargo", suggestion.value)
