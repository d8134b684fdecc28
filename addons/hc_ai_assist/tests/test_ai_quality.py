# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .ai_common import AiCommon


@tagged("post_install", "-at_install")
class TestAiQuality(AiCommon):
    """Advice is measured, watched, sampled, erased in time, and taken back where it is wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls._create_user("ai.supervisor", "supervisor", facilities=cls.facility)
        cls._go_live()
        cls.policy.second_review_percent = 0

    def _get_kpi(self, code, user=None):
        provider = self.env["hc.kpi.provider"].with_user(user or self.supervisor)
        today = fields.Date.context_today(self.policy)
        return provider._compute_kpi(code, today, company=self.company).figure

    def _decide(self, number, method="action_accept"):
        item, suggestion = self._advise_on_misplaced(number)
        getattr(suggestion.with_user(self.lead), method)()
        return item, suggestion

    def test_a_suggestion_knows_its_place(self):
        _item, suggestion = self._advise_on_misplaced()
        self.assertEqual(suggestion.facility_id, self.facility)
        with self.assertRaises(UserError):
            suggestion.sudo().write({"facility_id": self.other_facility.id})

    def test_indicators_count_what_people_did(self):
        before = self._get_kpi("ai_acceptance_rate").count
        self.assertEqual(before, 0)
        for number in (901, 902, 903):
            self._decide(number)
        self._decide(904, "action_reject")
        self.assertEqual(self._get_kpi("ai_acceptance_rate").value, 75)
        self.assertEqual(self._get_kpi("ai_reject_rate").value, 25)
        self.assertEqual(self._get_kpi("ai_edit_rate").value, 0)
        self.assertGreater(self._get_kpi("ai_calibration_error").value, 0)
        self.assertIsNotNone(self._get_kpi("ai_latency_ms_p95").value)
        action = self.env["hc.kpi.dashboard"].with_user(self.supervisor)
        behind = action.get_drill_down("ai_reject_rate")
        self.assertEqual(behind["res_model"], "hc.ai.suggestion")

    def test_time_to_decide_counts_from_the_panel(self):
        item, suggestion = self._advise_on_misplaced()
        suggestion.with_user(self.lead).get_panel("hc.work.item", item.id)
        self.assertTrue(suggestion.shown_at)
        suggestion._write_guarded({"shown_at": suggestion.shown_at - timedelta(seconds=40)})
        suggestion.with_user(self.lead).action_accept()
        self.assertGreaterEqual(suggestion.seconds_to_decide, 40)
        self.assertGreaterEqual(self._get_kpi("ai_seconds_to_decide").value, 40)
        with self.assertRaises(AccessError):
            suggestion.with_user(self.lead).read(["seconds_to_decide"])

    def test_what_is_changed_after_accepting_counts_as_overridden(self):
        item, suggestion = self._decide(901)
        _other_item, kept = self._decide(902)
        other = self.env["hc.work.queue"].search([("code", "=", "edi")], limit=1)
        item._write_guarded({"queue_id": other.id})
        self.policy._note_overrides(self.env.cr.now())
        self.assertTrue(suggestion.overridden_at)
        self.assertFalse(kept.overridden_at)
        self.assertEqual(self._get_kpi("ai_override_rate").value, 50)

    def test_one_stale_suggestion_stops_no_other(self):
        pairs = [self._advise_on_misplaced(number) for number in (901, 902, 903)]
        stale_item, stale = pairs[1]
        stale_item._write_guarded({"severity": "info"})
        suggestions = self.env["hc.ai.suggestion"].union(*(pair[1] for pair in pairs))
        told = suggestions.with_user(self.lead).action_accept()["params"]
        self.assertEqual(told["title"], "2 accepted, 1 left as they are")
        self.assertIn("has changed since", told["message"])
        states = [suggestion.state for _item, suggestion in pairs]
        self.assertEqual(states, ["accepted", "pending", "accepted"])
        self.assertFalse(stale.reviewer_id)

    def test_many_are_rejected_for_one_reason(self):
        pairs = [self._advise_on_misplaced(number) for number in (904, 905)]
        suggestions = self.env["hc.ai.suggestion"].union(*(pair[1] for pair in pairs))
        suggestions.with_user(self.lead).action_reject("the same mistake")
        self.assertEqual(set(suggestions.mapped("state")), {"rejected"})
        self.assertEqual(set(suggestions.mapped("reject_reason")), {"the same mistake"})

    def test_a_second_person_looks_at_the_sample(self):
        self.policy.second_review_percent = 100
        item, suggestion = self._advise_on_misplaced()
        suggestion.with_user(self.supervisor).action_accept()
        self.assertEqual(suggestion.second_review, "waiting")
        with self.assertRaises(UserError):
            suggestion.with_user(self.supervisor).action_agree()
        with self.assertRaises(AccessError):
            suggestion.with_user(self.lead).action_agree()
        queue = item.queue_id
        second = self._create_user("ai.second", "supervisor", facilities=self.facility)
        suggestion.with_user(second).action_disagree("belongs elsewhere")
        self.assertEqual((suggestion.second_review, item.queue_id), ("disagreed", queue))
        self.assertEqual(suggestion.second_reviewer_id, second)
        with self.assertRaises(UserError):
            suggestion.with_user(second).action_agree()
        self.assertEqual(self._get_kpi("ai_second_review_agreement").value, 0)

    def test_nothing_is_sampled_where_nobody_wants_it(self):
        _item, suggestion = self._decide(901)
        self.assertEqual(suggestion.second_review, "none")

    def test_what_is_often_wrong_goes_back_to_shadow(self):
        self.policy.accuracy_count = 10
        for number in range(901, 910):
            self._decide(number, "action_reject")
        self.policy._check_accuracy()
        self.assertEqual(self.policy.mode, "live")
        self._decide(910, "action_reject")
        _item, waiting = self._advise_on_misplaced(911)
        self.policy._check_accuracy()
        self.assertEqual((self.policy.mode, waiting.state), ("shadow", "superseded"))
        key = f"ai_fallback:{self.policy.id}"
        item = self.env["hc.work.item"].search([("dedup_key", "=", key)])
        self.assertEqual(item.state, "open")
        # Going live again begins to count anew.
        later = self.env.cr.now() + timedelta(hours=1)
        self.policy._transition("live")
        self.policy._write_guarded({"live_since": later})
        self.policy._check_accuracy()
        self.assertEqual((self.policy.mode, item.state), ("live", "resolved"))

    def test_moved_facts_alarm_and_the_alarm_ends(self):
        suggestions = self.env["hc.ai.suggestion"].search([("policy_id", "=", self.policy.id)])
        now = self.env.cr.now()
        self.assertEqual(len(suggestions), 60)
        new = self._open_items(60, start=500)
        self.policy._advise(new.with_user(self.lead))
        later = self.env["hc.ai.suggestion"].search(
            [("policy_id", "=", self.policy.id), ("id", "not in", suggestions.ids)]
        )
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hc_ai_suggestion SET create_date = %s WHERE id IN %s",
            [now - timedelta(days=40), tuple(suggestions.ids)],
        )
        self.env.invalidate_all()
        self.policy._write_guarded({"trained_at": now.replace(microsecond=0) - timedelta(days=35)})
        key = f"ai_drift:{self.policy.id}"
        self.policy._check_drift(now)
        self.assertFalse(self.policy.is_drifted)
        self.assertFalse(self.env["hc.work.item"].search([("dedup_key", "=", key)]))
        for suggestion in later:
            suggestion._write_guarded({"facts": suggestion.facts | {"kind": "never seen"}})
        self.policy._check_drift(now)
        self.assertTrue(self.policy.is_drifted)
        self.assertEqual(self.policy.drift_fact_name, "kind")
        item = self.env["hc.work.item"].search([("dedup_key", "=", key)])
        self.assertIn("kind", item.description)
        self.policy._check_drift(now)
        self.assertEqual(self.env["hc.work.item"].search_count([("dedup_key", "=", key)]), 1)
        self.policy.drift_threshold = 100
        self.policy._check_drift(now)
        self.assertEqual((item.state, self.policy.is_drifted), ("resolved", False))

    def test_contents_are_erased_in_time_and_decisions_stay(self):
        item, old = self._decide(901)
        _item, held_open = self._advise_on_misplaced(902)
        now = self.env.cr.now()
        self.env.cr.execute(
            "UPDATE hc_ai_suggestion SET create_date = %s WHERE id IN %s",
            [now - timedelta(days=800), (old.id, held_open.id)],
        )
        self.env.invalidate_all()
        suggestions = self.env["hc.ai.suggestion"]
        self.policy.is_on_legal_hold = True
        self.assertNotIn(old, suggestions.search(suggestions._get_purge_domain(now)))
        self.policy.is_on_legal_hold = False
        found = suggestions.search(suggestions._get_purge_domain(now))
        self.assertEqual(found, old)
        found._purge()
        self.assertFalse(old.facts or old.reasons or old.alternatives)
        self.assertEqual((old.state, old.value), ("accepted", str(item.queue_id.id)))
        self.assertEqual(len(old.content_sha256), 64)
        self.assertFalse(suggestions.search(suggestions._get_purge_domain(now)))
        self.assertTrue(held_open.facts)
        self.policy._note_outcomes(self.later)
        self.assertFalse([None for features, _v in self.policy._get_examples(now) if not features])

    def test_other_systems_read_and_ask_but_accept_nothing(self):
        operations = self.env["hc.operation"].with_user(self.lead)
        _item, suggestion = self._advise_on_misplaced(901)
        answer = operations.run("ai_suggestion.list", {"state": "pending"})
        self.assertEqual(answer["status"], "ok", answer)
        listed = [each["suggestion_id"] for each in answer["result"]["suggestions"]]
        self.assertEqual(listed, suggestion.ids)
        answer = operations.run("ai_suggestion.read", {"suggestion_id": suggestion.id})
        self.assertTrue(answer["result"]["reasons"], answer)
        new_item, right = self._misplace(902)
        question = {"model": "hc.work.item", "record_id": new_item.id}
        answer = operations.run("ai_suggestion.ask", question, "ask-once-902")
        self.assertEqual(len(answer["result"]["suggestion_ids"]), 1, answer)
        self.assertNotEqual(new_item.queue_id, right)
        foreign = self.env["hc.operation"].with_user(self.stranger)
        answer = foreign.run("ai_suggestion.read", {"suggestion_id": suggestion.id})
        self.assertEqual(answer["error"]["code"], "not_found")
        answer = foreign.run("ai_policy.status")
        self.assertEqual(answer["error"]["code"], "access_denied")
        status = self.env["hc.operation"].with_user(self.supervisor).run("ai_policy.status")
        self.assertIn("live", [each["mode"] for each in status["result"]["policies"]])
        codes = {each.code for each in operations._get_operations() if each.code[:3] == "ai_"}
        self.assertFalse({code for code in codes if "accept" in code or "apply" in code})
