# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .readiness_common import ReadinessCommon


@tagged("post_install", "-at_install")
class TestReadinessRuleSet(ReadinessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = cls.env.ref("hc_revenue_base.readiness_rule_set_initial")
        cls.administrator = cls._create_user("rules.administrator", "administrator")
        cls.today = fields.Date.context_today(cls.shipped)
        cls.payer.timely_filing_days = 100_000

    def _create_draft(self):
        action = self.shipped.with_user(self.administrator).action_new_draft()
        draft = self.env["hc.readiness.rule.set"].browse(action["res_id"])
        return draft.with_user(self.administrator)

    def _add_rule(self, draft, code="OWN-01", **vals):
        """A rule that no clean case passes: at least 200 must be charged."""
        condition = {"fact_name": "amount_charged", "operator": "at_least", "value": "200"}
        return (
            self.env["hc.readiness.rule"]
            .with_user(self.administrator)
            .create(
                {
                    "set_id": draft.id,
                    "code": code,
                    "name": "Enough charged",
                    "queue_id": self.env.ref("hc_revenue_base.work_queue_billing").id,
                    "message": "Only {amount_charged} charged.",
                    "condition_ids": [Command.create(condition)],
                    **vals,
                }
            )
        )

    def test_a_new_draft_copies_rules_and_conditions(self):
        draft = self._create_draft()
        self.assertEqual((draft.state, draft.version), ("draft", self.shipped.version + 1))
        for name in ("code", "active", "condition_summary"):
            self.assertEqual(draft.rule_ids.mapped(name), self.shipped.rule_ids.mapped(name))

    def test_a_published_set_never_changes(self):
        rule = self.shipped.rule_ids[0]
        condition = rule.condition_ids[0]
        for change in (
            lambda: self.shipped.write({"effective_from": "2001-01-01"}),
            lambda: self.shipped.write({"rule_ids": [Command.delete(rule.id)]}),
            lambda: rule.write({"severity": "info"}),
            lambda: rule.write({"active": False}),
            rule.unlink,
            lambda: condition.write({"value": "x"}),
            condition.unlink,
            lambda: rule.copy({"code": "NEW"}),
            condition.copy,
        ):
            with self.assertRaisesRegex(UserError, "published"), self.cr.savepoint():
                change()
        draft = self._create_draft()
        with self.assertRaisesRegex(UserError, "published"):
            draft.rule_ids[0].set_id = self.shipped
        with self.assertRaisesRegex(UserError, "published"):
            draft.rule_ids[0].condition_ids[0].rule_id = rule
        with self.assertRaises(UserError):
            self.shipped.unlink()

    def _publish(self, draft):
        action = draft.with_user(self.administrator).action_publish()
        self._agree(self.env["hc.config.change"].browse(action["res_id"]))

    def test_a_rule_added_in_the_ui_decides_from_its_date_on(self):
        draft = self._create_draft()
        self._add_rule(draft)
        draft.effective_from = self.today + timedelta(days=5)
        self._publish(draft)
        case = self._create_case()
        case._run_readiness(self.today + timedelta(days=4))
        self.assertEqual((case.stage, case.evaluation_id.rule_set_id), ("ready", self.shipped))
        case._run_readiness(self.today + timedelta(days=5))
        self.assertEqual((case.stage, case.evaluation_id.rule_set_id), ("exception", draft))
        self.assertIn("150", case.open_finding_ids.filtered("is_blocking").message)

    def test_conditions_are_checked_when_saved(self):
        draft = self._create_draft()
        for condition, reason in (
            ({"fact_name": "is_insured", "operator": "at_least", "value": "3"}, "does not work"),
            ({"fact_name": "charge_count", "operator": "equals", "value": "many"}, "whole number"),
            ({"fact_name": "payer_code", "operator": "matches", "value": "(a+)+"}, "too many ways"),
            ({"fact_name": "payer_code", "operator": "is_set", "value": "x"}, "takes no value"),
            ({"fact_name": "as_of", "operator": "after", "value": "@nothing"}, "no fact named"),
        ):
            with (
                self.subTest(condition),
                self.assertRaisesRegex(ValidationError, reason),
                self.cr.savepoint(),
            ):
                self._add_rule(draft, condition_ids=[Command.create(condition)])

    def test_code_is_never_a_condition(self):
        draft = self._create_draft()
        with self.assertRaisesRegex(ValidationError, "no fact named"):
            self._add_rule(
                draft,
                condition_ids=[
                    Command.create({"fact_name": "__import__('os')", "operator": "is_set"})
                ],
            )

    def test_a_set_that_cannot_decide_is_not_published(self):
        draft = self._create_draft()
        self._add_rule(draft, condition_ids=[])
        with self.assertRaisesRegex(UserError, "requires nothing"):
            draft.action_publish()
        draft.rule_ids.active = False
        with self.assertRaisesRegex(UserError, "no rule"):
            draft.action_publish()

    def test_a_set_does_not_rewrite_the_past(self):
        draft = self._create_draft()
        draft.effective_from = self.today - timedelta(days=1)
        with self.assertRaisesRegex(UserError, "in the past"):
            draft.action_publish()

    def test_a_companys_own_set_comes_first(self):
        draft = self._create_draft()
        draft.write({"company_id": self.company.id, "effective_from": self.today})
        self._publish(draft)
        rule_sets = self.env["hc.readiness.rule.set"]
        other = self.env["res.company"].create({"name": "Other Group"})
        self.assertEqual(rule_sets._get_in_force(self.company, self.today), draft)
        self.assertEqual(rule_sets._get_in_force(other, self.today), self.shipped)

    def test_without_rules_nothing_is_decided(self):
        with self.assertRaisesRegex(UserError, "No readiness rules are in force"):
            self._create_case()._run_readiness(fields.Date.to_date("1999-12-31"))

    def test_the_last_set_in_force_is_not_retired(self):
        with self.assertRaisesRegex(UserError, "no other set"):
            self.shipped.action_retire()

    def test_only_administrators_publish(self):
        draft = self._create_draft()
        clerk = self._create_user("rules.clerk", "clerk")
        with self.assertRaises(AccessError):
            draft.with_user(clerk).action_publish()
        with self.assertRaises(AccessError):
            draft.with_user(clerk).write({"name": "Mine"})

    def test_a_rule_whose_fact_is_gone_holds_every_case(self):
        draft = self._create_draft()
        rule = self._add_rule(draft)
        draft.effective_from = self.today
        self._publish(draft)
        # As after the uninstallation of the module that declared the fact.
        self.cr.execute(
            "UPDATE hc_readiness_condition SET fact_name = 'gone' WHERE rule_id = %s", [rule.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        case = self._create_case()
        case._run_readiness(self.today)
        self.assertEqual(case.stage, "exception")
        error = case.open_finding_ids.filtered("is_rule_error")
        self.assertEqual(error.rule_code, "OWN-01")
        self.assertEqual(error.work_item_id.queue_id.code, "operations")

    def test_a_back_test_shows_the_difference_and_changes_nothing(self):
        held, same = self._create_case("B-1"), self._create_case("B-2", (("V1001", 2.0),))
        (held | same)._run_readiness()
        evaluations = self.env["hc.readiness.evaluation"].search_count([])
        draft = self._create_draft()
        self._add_rule(draft)
        form = Form(
            self.env["hc.readiness.backtest"]
            .with_user(self.administrator)
            .with_context(default_rule_set_id=draft.id)
        )
        form.date_from, form.date_to = self.AS_OF, self.AS_OF
        backtest = form.save()
        backtest.action_run()
        self.assertEqual(backtest.held_count + backtest.same_count, backtest.case_count)
        line = backtest.case_line_ids.filtered(lambda line: line.case_id == held)
        self.assertEqual((line.verdict, line.rule_codes), ("held", "OWN-01"))
        self.assertNotIn(same, backtest.case_line_ids.case_id)
        rule = backtest.rule_line_ids.filtered(lambda line: line.rule_code == "OWN-01")
        self.assertEqual((rule.current_count, rule.candidate_count > 0), (0, True))
        self.assertEqual((held | same).mapped("stage"), ["ready", "ready"])
        self.assertEqual(self.env["hc.readiness.evaluation"].search_count([]), evaluations)

    def test_a_back_test_is_bounded(self):
        with self.assertRaises(ValidationError):
            self.env["hc.readiness.backtest"].create(
                {"rule_set_id": self.shipped.id, "case_limit": 100_000}
            )

    def test_a_finding_that_no_longer_blocks_gives_its_work_back(self):
        self.patient.city = False
        case = self._create_case()
        case._run_readiness(self.today)
        draft = self._create_draft()
        draft.rule_ids.filtered(lambda rule: rule.code == "DEM-01").severity = "warning"
        draft.effective_from = self.today
        self._publish(draft)
        case._run_readiness(self.today)
        self.assertEqual(case.stage, "ready")
        finding = case.finding_ids.filtered(lambda finding: finding.rule_code == "DEM-01")
        self.assertEqual((finding.state, finding.is_blocking), ("open", False))
        self.assertEqual(finding.work_item_id.resolution_code, "superseded")
