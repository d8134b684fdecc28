# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.hc_ai_assist.models.hc_billing_case import DENIAL_LIKELIHOOD

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiDenial(AiCommon):
    """A foreseen denial warns before billing, and never holds a case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        encounter = cls._create_encounter("D-1")
        encounter.action_complete()
        cls.case = encounter._get_or_create_cases()
        cls.foresight = cls.env["hc.ai.policy"].search(
            [("company_id", "=", cls.company.id), ("field_name", "=", "initial_outcome")]
        )
        cls.foresight.responsible_id = cls.lead
        published = cls.env["hc.readiness.rule.set"].search([("state", "=", "published")], limit=1)
        published.action_new_draft()
        cls.draft = cls.env["hc.readiness.rule.set"].search([("state", "=", "draft")], limit=1)

    def _tell(self, mode, value="denied"):
        """A suggestion about the case under a policy in the given mode."""
        self.foresight.sudo()._write_guarded({"mode": mode})
        values = {
            "res_model": self.case._name,
            "res_id": self.case.id,
            "value": value,
            "confidence": 0.83,
            "reasons": ["payer: MED"],
            "token": self.case._get_review_token(),
            "provider": "embedded",
            "requested_by_id": self.lead.id,
        }
        return self.foresight._get_writer()._record(self.foresight, [values])

    def _get_facts(self):
        facts = self.case._load_readiness_facts(self.env.cr.now().date())[self.case.id]
        return facts["denial_likelihood_percent"], facts["denial_likelihood_reasons"]

    def _add_rule(self):
        self.draft.action_add_denial_rule()
        self.draft.action_add_denial_rule()
        return self.draft.rule_ids.filtered(lambda rule: rule.code == "DEN-01")

    def test_the_fact_is_known_and_silent_unless_live(self):
        self.assertEqual(self._get_facts(), (0, ""))
        self._tell("shadow")
        self.assertEqual(self._get_facts(), (0, ""))
        self._tell("live")
        self.assertEqual(self._get_facts(), (83, "payer: MED"))
        self.foresight.sudo()._write_guarded({"mode": "shadow"})
        self.assertEqual(self._get_facts(), (0, ""))

    def test_a_rejected_denial_warns_no_more(self):
        told = self._tell("live").with_env(self.env)
        told.with_user(self.lead).action_reject("checked")
        self.assertEqual(self._get_facts(), (0, ""))

    def test_the_rule_warns_with_its_reasons_and_holds_nothing(self):
        rule = self._add_rule()
        self.assertEqual((len(rule), rule.severity), (1, "warning"))
        self._tell("live")
        (result,) = self._judge()
        self.assertEqual((result.outcome, result.blocks), ("failed", False))
        self.assertIn("83", result.message)
        self.assertIn("payer: MED", result.message)

    def _judge(self):
        facts = self.case._load_readiness_facts(self.env.cr.now().date())[self.case.id]
        evaluation = self.draft._compile().evaluate(facts)
        return [result for result in evaluation.results if result.code == "DEN-01"]

    def test_nobody_makes_it_hold_cases(self):
        rule = self._add_rule()
        for severity in ("error", "hold"):
            with self.subTest(severity), self.assertRaises(ValidationError) as refused:
                rule.severity = severity
            self.assertIn("holds no case", str(refused.exception))
        other = self.draft.rule_ids.filtered(lambda each: each.severity == "error")[:1]
        condition = {"role": "requires", "operator": "at_most", "value": "50"}
        with self.assertRaises(ValidationError):
            self.env["hc.readiness.condition"].create(
                [condition | {"rule_id": other.id, "fact_name": DENIAL_LIKELIHOOD}]
            )
        with self.assertRaises(ValidationError) as refused:
            self.env["hc.readiness.condition"].create(
                [condition | {"rule_id": rule.id, "fact_name": "charge_count"}]
            )
        self.assertIn("Make two rules", str(refused.exception))

    def test_a_severity_that_got_there_by_other_ways_warns_all_the_same(self):
        rule = self._add_rule()
        self.env.cr.execute(
            "UPDATE hc_readiness_rule SET severity = 'error' WHERE id = %s", [rule.id]
        )
        self.env.invalidate_all()
        self._tell("live")
        (result,) = self._judge()
        self.assertEqual((result.outcome, result.blocks), ("failed", False))

    def test_accepting_says_that_somebody_looked(self):
        told = self._tell("live").with_env(self.env)
        before = self.case.stage
        told.with_user(self.lead).action_accept()
        self.assertEqual((told.state, self.case.stage), ("accepted", before))
        self.assertIn("Looked through", self.case.message_ids[0].body)

    def test_it_learns_from_answers_alone(self):
        self.foresight.action_shadow()
        self.assertEqual(self.foresight._get_examples(self.later), [])
        with self.assertRaisesRegex(UserError, "50 are needed"):
            self.foresight.action_live()
        facts = self.foresight._get_telling_facts(self.case)
        self.assertNotIn("stage", facts)
        self.assertIn("payer", facts)
