# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models import hc_ai_policy_advice
from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiGovernance(AiCommon):
    """What is learned, looked at, counted and kept stays within bounds, each policy by itself."""

    @classmethod
    def _create_provider(cls):
        return cls.env["hc.ai.provider"].create(
            {
                "name": "Second Reader",
                "company_id": cls.company.id,
                "base_url": "https://reader.example.com/v1",
                "model_name": "reader-1",
            }
        )

    def test_a_rare_value_stops_no_learning(self):
        self._open_items(70)
        for number in range(3):
            self._misplace(300 + number)
        self._open_items(30, start=400)
        self.policy.action_shadow()
        self.assertEqual(self.policy._learn(self.later), [])
        self.assertTrue(self.policy.trained_at)
        rare = self.env["hc.work.queue"].search([("code", "=", "prior_auth")], limit=1)
        self.assertIn(f"{rare.display_name} (3)", self.policy.left_out_values)
        self.assertIn("Too rare", self.policy.message_ids[0].body)
        self.assertNotIn(str(rare.id), self.policy.sudo().model_data["labels"])

    def test_every_record_is_reached_and_a_run_stays_small(self):
        self.policy.action_shadow()
        old = self._open_items(25)
        model = type(self.env["hc.work.item"])
        seen = []
        is_finished = model._is_finished_for_review

        def look(record):
            seen.append(record.id)
            # What is finished gets no advice: it must not be looked at for ever.
            return record.id in old[5:].ids or is_finished(record)

        suggestions = self.env["hc.ai.suggestion"]
        with (
            patch.object(hc_ai_policy_advice, "MOST_RECORDS", 10),
            patch.object(model, "_is_finished_for_review", look),
        ):
            total = self.env["hc.work.item"].search_count([("company_id", "=", self.company.id)])
            for _run in range(total // 10 + 1):
                seen.clear()
                self.policy._advise_on_new()
                self.assertLessEqual(len(seen), 10)
            advised = suggestions.search([("policy_id", "=", self.policy.id)]).mapped("res_id")
            self.assertLessEqual(set(old[:5].ids), set(advised))
            new = self._open_items(1, start=500)
            self.policy._advise_on_new()
        advised = suggestions.search([("policy_id", "=", self.policy.id)]).mapped("res_id")
        self.assertIn(new.id, advised)

    def test_what_a_record_was_finished_is_looked_at_again(self):
        self.policy.action_shadow()
        item = self._open_items(1)
        model = type(self.env["hc.work.item"])
        suggestions = self.env["hc.ai.suggestion"]
        about = [("policy_id", "=", self.policy.id), ("res_id", "=", item.id)]
        with patch.object(model, "_is_finished_for_review", lambda record: True):
            self.policy._advise_on_new()
        self.assertFalse(suggestions.search(about))
        self.policy._advise_on_new()
        self.assertTrue(suggestions.search(about))

    def test_one_policy_that_fails_stops_no_other(self):
        other = self.env["hc.ai.policy"].search(
            [("company_id", "=", self.company.id), ("id", "!=", self.policy.id)], limit=1
        )
        other.responsible_id = self.lead
        (self.policy | other).action_shadow()
        model = type(self.policy)
        first, second = (self.policy | other).sorted("id")
        find_cases, worked = model._get_gold_cases, []
        failure = "The facts cannot be read."

        def find_some(policy):
            if policy == first:
                raise UserError(failure)
            worked.append(policy)
            return find_cases(policy)

        crons = type(self.env["ir.cron"])
        with (
            patch.object(model, "_get_gold_cases", find_some),
            patch.object(crons, "_commit_progress", lambda *_args, **_kwargs: 1.0),
        ):
            self.env["hc.ai.policy"]._cron_evaluate()
        self.env.invalidate_all()
        self.assertIn(second, worked)
        key = f"ai_failed:{first.id}:_evaluate_where_possible"
        item = self.env["hc.work.item"].search([("dedup_key", "=", key)])
        self.assertEqual(item.kind, "ai_failed")
        self.assertIn("cannot be read", item.description)
        first._evaluate_where_possible()
        self.assertEqual(item.state, "resolved")

    def test_another_provider_starts_the_trial_anew(self):
        self._run_shadow()
        before = self.policy._get_shadow_result()
        self.assertGreaterEqual(before[0], 50)
        provider = self._create_provider()
        self.policy.provider_id = provider
        self.assertEqual(self.policy._get_shadow_result(), before, "it is not asked yet")
        provider.sudo()._write_guarded({"state": "active"})
        self.assertEqual(self.policy._get_shadow_result(), (0, 0.0))
        with self.assertRaisesRegex(UserError, "In shadow, 0 records"):
            self.policy.action_live()
        self.policy.provider_id = False
        self.assertEqual(self.policy._get_shadow_result(), before)

    def test_advice_of_a_provider_is_judged_by_itself(self):
        self._run_shadow()
        wrong = self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.policy.id), ("state", "=", "shadow")], limit=10
        )
        wrong._write_guarded({"provider": "Second Reader", "outcome_value": "0"})
        decided, share = self.policy._get_shadow_result()
        self.assertGreaterEqual(decided, 50)
        self.assertGreaterEqual(share, 0.8)
        self.assertEqual(self.policy._get_shadow_results()["Second Reader"], (10, 0.0))
        with self.assertRaisesRegex(UserError, "advice by Second Reader was right in 0 %"):
            self.policy.action_live()

    def _append_run(self, provider, **values):
        return (
            self.env["hc.ai.run"]
            ._append(
                provider.sudo(),
                {
                    "policy_id": self.policy.id,
                    "user_id": self.lead.id,
                    "outcome": "answered",
                    "question_sha256": "a" * 64,
                    "res_model": "hc.work.item",
                    "res_id": 1,
                    "redaction": {"facts": ["kind"], "masked": {"name": 1}},
                    **values,
                },
            )
            .sudo(False)
            .with_env(self.env)
        )

    def test_runs_are_erased_in_time_by_nobody_else(self):
        run = self._append_run(self._create_provider(), cost_millionths=1200)
        now = self.env.cr.now()
        runs = self.env["hc.ai.run"]
        late = now + timedelta(days=self.policy.retention_days + 1)
        self.assertNotIn(run, runs.search(runs._get_run_purge_domain(now)))
        self.policy.is_on_legal_hold = True
        self.assertNotIn(run, runs.search(runs._get_run_purge_domain(late)))
        self.policy.is_on_legal_hold = False
        self.assertIn(run, runs.search(runs._get_run_purge_domain(late)))
        for values in ({"redaction": False}, {"purged_at": now}):
            with self.assertRaises(UserError):
                run.with_user(self.env.ref("base.user_admin")).write(values)
        run._purge()
        self.assertFalse(run.redaction or run.res_model or run.res_id)
        self.assertEqual((run.question_sha256, run.cost_millionths), ("a" * 64, 1200))
        self.assertNotIn(run, runs.search(runs._get_run_purge_domain(late)))
        with self.assertRaises(UserError):
            run.sudo().unlink()

    def test_drafted_texts_go_and_the_log_still_verifies(self):
        self._go_live()
        self.policy.second_review_percent = 0
        _item, suggestion = self._advise_on_misplaced()
        suggestion.with_user(self.lead).action_accept()
        suggestion._note_outcome(suggestion.final_value, self.later)
        suggestion._write_guarded({"task_code": "draft"})
        self.assertTrue(suggestion.is_right)
        suggestion._purge()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(suggestion.value or suggestion.final_value or suggestion.outcome_value)
        self.assertTrue(suggestion.is_right)
        self.assertEqual(len(suggestion.content_sha256), 64)
        self.assertEqual(suggestion.state, "accepted")
        self.assertFalse(self.env["hc.transition.seal"].sudo()._verify())

    def test_cost_is_told_to_who_may_read_runs(self):
        provider = self._create_provider()
        operations = self._create_user("ai.operations", "operations", facilities=self.facility)
        indicators = self.env["hc.kpi.provider"]
        today = fields.Date.context_today(self.policy) + timedelta(days=1)

        def read(user):
            rows = indicators.with_user(user)._compute_kpi("ai_cost", today, company=self.company)
            return rows.figure.value or 0

        self.policy.action_shadow()
        about = self.policy._advise(self._open_items(1).with_user(self.lead))
        self._append_run(provider, suggestion_id=about.id, cost_millionths=1_250_000)
        self._append_run(provider, suggestion_id=about.id, cost_millionths=250_000)
        self.env.flush_all()
        self.assertEqual(read(operations), 1.5)
        definition = indicators._get_registry()["ai_cost"]
        self.assertEqual(definition.topic, "ai")
        self.assertFalse(indicators.with_user(self.lead)._is_readable(definition))
