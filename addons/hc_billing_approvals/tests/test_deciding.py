# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestDeciding(ApprovalCommon):
    """From request to applied, once, and what is in between."""

    def test_a_small_write_off_is_allowed_by_rule(self):
        action = self._request_write_off(40.0)
        self.assertEqual(action.state, "applied")
        self.assertFalse(action.approval_request_ids)
        self.assertAlmostEqual(self.case.amount_open, 8960.0)

    def test_a_team_lead_decides_a_middle_one(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        self.assertEqual((action.state, request.state), ("pending", "waiting"))
        self.assertEqual(request.route_id.code, "DWO-1")
        self.assertTrue(request.with_user(self.team_lead).is_mine_to_decide)
        self.assertFalse(request.with_user(self.compliance).is_mine_to_decide)
        self._approve(action, self.team_lead)
        self.assertEqual((action.state, request.state), ("applied", "applied"))
        self.assertAlmostEqual(self.case.amount_open, 8700.0)
        self.assertEqual(request.decision_ids.user_id, self.team_lead)

    def test_steps_follow_each_other(self):
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        self.assertEqual(request.step_ids.mapped("state"), ["open", "upcoming"])
        self._approve(action, self.supervisor)
        self.assertEqual(request.step_ids.mapped("state"), ["approved", "open"])
        self.assertEqual(action.state, "pending")
        self._approve(action, self.manager)
        self.assertEqual(action.state, "applied")
        self.assertAlmostEqual(self.case.amount_open, 4800.0)

    def test_parallel_steps_are_open_at_once(self):
        evidence = self._give("dispute_form", "itemized_bill", "coding_review")
        action = self._request("dispute_invoice", 7500.0, evidence=evidence)
        request = action.approval_request_ids
        self.assertEqual(request.step_ids.mapped("state"), ["open"] * 3)
        self._approve(action, self.compliance, self.finance_manager)
        self.assertEqual(action.state, "pending")
        self._approve(action, self.operations)
        self.assertEqual(action.state, "applied")

    def test_several_at_once_where_every_route_allows_it(self):
        """Each is decided and recorded by itself; one that is not for it stops all of them."""
        small = self._request_write_off(100.0) | self._request_write_off(110.0)
        large = self._request_write_off(4200.0)
        selected = (small | large).approval_request_ids.with_user(self.supervisor)
        allowed = selected.route_id.filtered("allows_mass_decision")
        self.assertEqual(allowed, small.approval_request_ids.route_id)
        with self.assertRaisesRegex(UserError, "is decided one by one"):
            selected.action_approve_selected()
        self.assertFalse(selected.decision_ids)
        small.approval_request_ids.with_user(self.team_lead).action_approve_selected()
        self.assertEqual(set(small.mapped("state")), {"applied"})
        self.assertEqual(large.state, "pending")
        for request in small.approval_request_ids:
            self.assertRecordValues(
                request.decision_ids, [{"user_id": self.team_lead.id, "verdict": "approve"}]
            )
        digests = small.approval_request_ids.decision_ids.mapped("content_digest")
        self.assertEqual(len(set(digests)), 2)

    def test_a_refusal_says_why_and_ends_it(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request.with_user(self.team_lead)._decide("reject", "appeal first")
        self.assertEqual((action.state, request.state), ("rejected", "rejected"))
        self.assertAlmostEqual(self.case.amount_open, 9000.0)
        with self.assertRaises(UserError):
            request.with_user(self.supervisor).action_approve()

    def test_split_acts_add_up_to_the_tier_of_their_sum(self):
        self._approve(self._request_write_off(480.0, key="half 1"), self.team_lead)
        second = self._request_write_off(1600.0, key="half 2")
        request = second.approval_request_ids
        self.assertEqual(request.route_id.code, "DWO-3")
        self.assertAlmostEqual(request.routed_amount, 2080.0)

    def test_missing_or_empty_evidence_stops_an_approval(self):
        for evidence, why in (
            ((), "none"),
            (self._give("appeal_decision", content=b"<html>no proof</html>"), "wrong type"),
        ):
            with self.subTest(why):
                action = self._request("denial_write_off", 300.0, key=why, evidence=evidence)
                with self.assertRaisesRegex(UserError, "Missing evidence"):
                    self._approve(action, self.team_lead)
                self.assertEqual(action.state, "pending")

    def test_changed_evidence_voids_the_decisions_and_starts_again(self):
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        self._approve(action, self.supervisor)
        document = action.evidence_ids.attachment_id[:1]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET checksum = 'other' WHERE id = %s", [document.id]
        )
        self.env.invalidate_all()
        message = request.with_user(self.manager).action_approve()
        self.assertEqual(message["tag"], "display_notification")
        self.env.invalidate_all()
        self.assertEqual((request.state, request.round), ("waiting", 2))
        self.assertEqual(request.decision_ids.sorted("id").mapped("verdict"), ["approve", "void"])
        self.assertTrue(request.decision_ids.sorted("id")[0].is_void)
        self.assertEqual(request._get_live_steps().mapped("state"), ["open", "upcoming"])

    def test_what_cannot_be_applied_stays_approved_and_recovers(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        broken = patch.object(
            type(self.env["hc.billing.case"]),
            "_post_adjustment",
            side_effect=UserError("The period is closed."),
        )
        with broken:
            self._approve(action, self.team_lead)
        self.assertEqual((action.state, request.state), ("pending", "approved"))
        self.assertIn("closed", request.apply_error)
        item = self.env["hc.work.item"].search([("res_model", "=", request._name)])
        self.assertEqual(item.kind, "approved_not_applied")
        self._run_cron("apply_approved")
        self.assertEqual((action.state, request.state), ("applied", "applied"))
        self.assertEqual(item.state, "resolved")
        self.assertAlmostEqual(self.case.amount_open, 8700.0)

    def test_the_requester_does_not_apply_again(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request.step_ids._transition("void")
        request._transition("approved")
        for user in (self.clerk, self.compliance):
            with self.assertRaisesRegex(UserError, "never its requester"):
                request.with_user(user).action_apply_again()
        request.with_user(self.supervisor).action_apply_again()
        self.assertEqual(action.state, "applied")

    def test_a_question_stops_the_clock(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request.with_user(self.team_lead)._ask("Which appeal level?")
        self.assertEqual(request.state, "information")
        self.assertFalse(request.with_user(self.team_lead).is_mine_to_decide)
        with self.assertRaises(UserError):
            request.with_user(self.supervisor)._answer("the second")
        request.with_user(self.clerk)._answer("the second")
        self.assertEqual(request.state, "waiting")
        self._approve(action, self.team_lead)
        self.assertEqual(action.state, "applied")

    def test_a_question_stops_the_clock_only_so_long(self):
        request = self._request_write_off(300.0).approval_request_ids
        before = request.due_at
        request.with_user(self.team_lead)._ask("Which appeal level?")
        self.assertEqual(request.question, "Which appeal level?")
        asked_at, limit = request.decision_ids.decided_at, request.answer_due_at
        self.assertGreater(limit, asked_at)
        self._run_cron("end_questions")
        self.assertEqual(request.state, "information", "there is time to answer")
        late = limit + timedelta(days=9)
        self.patch(self.env.cr, "now", lambda: late)
        request._end_questions()
        self.assertEqual(request.state, "waiting")
        self.assertEqual(request.due_at, before + (limit - asked_at))
        self.assertFalse(request.question)

    def test_withdrawn_requests_wait_for_nobody(self):
        action = self._request_write_off(300.0)
        action.approval_request_ids.with_user(self.clerk).action_withdraw()
        self.assertEqual((action.state, action.approval_request_ids.state), ("void", "withdrawn"))
        self.assertEqual(action.approval_request_ids.step_ids.mapped("state"), ["void"])

    def test_requests_expire(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request._write_guarded({"expires_at": "2026-01-01 00:00:00"})
        self._run_cron("expire_requests")
        self.assertEqual((action.state, request.state), ("expired", "expired"))
