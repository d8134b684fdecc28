# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import UserError
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiEvaluation(AiCommon):
    """Advice is judged by cases on which two people agree, and that it has not learned from."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls._create_user("ai.supervisor", "supervisor", facilities=cls.facility)
        cls.second = cls._create_user("ai.second", "supervisor", facilities=cls.facility)
        cls._run_shadow()

    def _make_cases(self, count):
        suggestions = self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.policy.id), ("outcome_value", "!=", False)], limit=count
        )
        suggestions.with_user(self.supervisor).action_make_gold_case()
        return self.env["hc.ai.gold.case"].search([("suggestion_id", "in", suggestions.ids)])

    def test_two_people_agree(self):
        cases = self._make_cases(2)
        self.assertEqual(cases.author_id, self.supervisor)
        with self.assertRaisesRegex(UserError, "Somebody else"):
            cases.with_user(self.supervisor).action_agree()
        with self.assertRaises(UserError):
            cases.with_user(self.lead).action_agree()
        cases.with_user(self.second).action_agree()
        self.assertEqual(set(cases.mapped("state")), {"agreed"})
        self.assertEqual(cases.agreed_by_id, self.second)

    def test_who_may_not_makes_none(self):
        suggestion = self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.policy.id)], limit=1
        )
        with self.assertRaises(UserError):
            suggestion.with_user(self.lead).action_make_gold_case()

    def test_an_agreed_case_and_an_evaluation_stay_as_they_are(self):
        cases = self._make_cases(1)
        cases.with_user(self.second).action_agree()
        evaluation = self.policy._evaluate(self.later)
        for user in (self.supervisor, self.administrator, self.env.ref("base.user_admin")):
            for record, values in (
                (cases, {"expected_value": "1"}),
                (cases, {"state": "draft"}),
                (evaluation, {"accuracy": 1.0}),
            ):
                with self.subTest(user=user.login, values=values), self.assertRaises(UserError):
                    record.with_user(user).write(values)
            with self.assertRaises(UserError):
                evaluation.with_user(user).unlink()
        with self.assertRaises(UserError):
            evaluation.unlink()

    def test_figures_and_the_gate(self):
        cases = self._make_cases(20)
        before = self.policy._get_shadow_result()
        cases.with_user(self.second).action_agree()
        with self.assertRaisesRegex(UserError, "gold cases first"):
            self.policy.action_live()
        self.policy.with_user(self.supervisor).action_evaluate()
        evaluation = self.policy._get_last_evaluation()
        self.assertEqual((evaluation.case_count, evaluation.accuracy), (20, 1.0))
        self.assertTrue(evaluation.has_passed)
        self.assertIn("facility", {row[0] for row in evaluation.slices})
        self.assertEqual(self.policy._get_shadow_result(), before)
        self.policy.action_live()
        self.assertEqual(self.policy.mode, "live")

    def test_a_worse_evaluation_opens_one_work_item_and_shuts_the_gate(self):
        cases = self._make_cases(20)
        cases.with_user(self.second).action_agree()
        self.policy._evaluate(self.later)
        self.policy.sudo()._write_guarded({"model_data": False})
        evaluation = self.policy._evaluate(self.later)
        self.assertIn("coverage", evaluation.worse)
        self.assertFalse(evaluation.has_passed)
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"ai-worse-{self.policy.id}")])
        self.assertEqual(len(item), 1)
        with self.assertRaisesRegex(UserError, "gold cases failed"):
            self.policy.action_live()

    def test_what_it_may_have_learned_from_proves_nothing(self):
        cases = self._make_cases(3)
        cases.with_user(self.second).action_agree()
        kept_out = self.policy._get_gold_record_ids()
        self.assertEqual(set(kept_out), set(cases.suggestion_id.mapped("res_id")))
        examples = len(self.policy._get_examples(self.later))
        cases.with_user(self.second).action_retire()
        self.assertEqual(len(self.policy._get_examples(self.later)), examples + 3)

    def test_a_case_of_before_the_last_learning_is_left_out(self):
        cases = self._make_cases(2)
        cases.with_user(self.second).action_agree()
        long_ago = self.env.cr.now().replace(year=2020, month=1, day=1, microsecond=0)
        cases._write_guarded({"record_created_at": long_ago.replace(year=2019)})
        self.policy.sudo()._write_guarded({"trained_at": long_ago})
        with self.assertRaisesRegex(UserError, "no gold case"):
            self.policy._evaluate(self.later)
