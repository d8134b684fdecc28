# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiCodingQuery(AiCommon):
    """A question to a clinician is drafted in the office's own words, and a coder sends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coder = cls._create_user("ai.coder", "coder", facilities=cls.facility)
        cls.drafting = cls.env["hc.ai.policy"].search(
            [("company_id", "=", cls.company.id), ("res_model", "=", "hc.coding.query")]
        )
        cls.drafting.responsible_id = cls.coder
        cls.drafting._write_guarded({"mode": "live"})
        cls.query = (
            cls.env["hc.coding.query"]
            .with_user(cls.coder)
            .create({"encounter_id": cls._create_encounter("Q-1").id, "category": "specificity"})
        )

    def _advise(self):
        return self.drafting._advise(self.query).with_env(self.env)

    def test_the_policy_is_offered_for_the_question_alone(self):
        self.assertEqual(self.drafting.mapped("field_name"), ["question"])
        self.assertEqual(self.drafting.task_code, "draft")

    def test_the_template_of_the_category_is_drafted_and_not_sent(self):
        template = self.env["hc.coding.query.template"].search(
            [("category", "=", "specificity")], limit=1
        )
        suggestion = self._advise()
        self.assertEqual(suggestion.state, "pending", suggestion.abstained_because)
        self.assertIn(template.question.split("\n")[0], suggestion.value)
        self.assertFalse(self.query.question)
        suggestion.with_user(self.coder).action_accept()
        self.assertEqual(self.query.question, suggestion.value)
        self.assertEqual((self.query.state, self.query.sent_at), ("draft", False))

    def test_without_a_template_nothing_is_said(self):
        self.env["hc.coding.query.template"].search(
            [("category", "=", "specificity")]
        ).active = False
        self.assertEqual(self._advise().abstained_because, "nothing_to_say")

    def test_what_was_sent_is_not_drafted_again(self):
        self.query.sudo()._write_guarded({"state": "sent"})
        self.assertFalse(self._advise())
