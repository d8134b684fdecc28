# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalCommon

WHY = "The lead is in hospital, the payer's deadline is tonight."


@tagged("post_install", "-at_install")
class TestBreakGlass(ApprovalCommon):
    """A controlled, expiring, loudly logged way in that no duty gives way to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_compliance = cls._create_user("ap.compliance.2", "compliance")

    def _break(self, action, user, why=WHY):
        request = action.approval_request_ids
        wizard = (
            self.env["hc.approval.break.glass.wizard"]
            .with_user(user)
            .create({"request_id": request.id, "justification": why, "knows_of_review": True})
        )
        wizard.action_confirm()
        self.env.invalidate_all()
        return request.break_glass_ids[:1]

    def test_a_director_decides_a_step_that_names_others(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        self.assertTrue(request.with_user(self.director).can_break_glass)
        self.assertFalse(request.with_user(self.director).is_mine_to_decide)
        with self.assertRaises(AccessError):
            request.with_user(self.director).action_approve()
        grant = self._break(action, self.director)
        self.assertEqual((grant.state, grant.user_id), ("active", self.director))
        self.assertEqual(grant.expires_at - grant.granted_at, timedelta(hours=4))
        self.assertEqual(grant.action_id.kind, "break_glass")
        self.assertTrue(request.with_user(self.director).is_mine_to_decide)
        self.assertFalse(request.with_user(self.cfo).is_mine_to_decide)
        self._approve(action, self.director)
        self.assertEqual((action.state, grant.state), ("applied", "used"))
        self.assertEqual(request.decision_ids.break_glass_id, grant)
        self.assertIn("Break-glass", request.path_html)

    def test_it_is_loud(self):
        action = self._request_write_off(300.0)
        grant = self._break(action, self.director)
        told = grant.message_ids.notified_partner_ids
        self.assertLessEqual(
            (self.compliance | self.second_compliance | self.finance_manager).partner_id, told
        )
        self.assertNotIn(self.clerk.partner_id, told)
        entry = self.env["hc.transition"].search(
            [("res_model", "=", "hc.approval.request"), ("kind", "=", "override")], limit=1
        )
        self.assertEqual(entry.facts["grant"], grant.id)
        self.assertEqual(entry.reason, WHY)
        item = self.env["hc.work.item"].search([("kind", "=", "break_glass_review")])
        self.assertEqual((item.severity, item.res_id), ("error", grant.id))
        self.assertEqual(item.queue_id.code, "compliance")
        self.assertLess(item.due_at, self.env.cr.now() + timedelta(days=5))
        # The decision under it is told as well.
        before = len(grant.message_ids)
        self._approve(action, self.director)
        self.assertGreater(len(grant.message_ids), before)

    def test_other_roles_and_poor_reasons_are_refused(self):
        action = self._request_write_off(300.0)
        for user in (self.clerk, self.manager, self.finance_manager, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._break(action, user)
        with self.assertRaises(UserError):
            self._break(action, self.director, why="  it is urgent  ")
        wizard = self.env["hc.approval.break.glass.wizard"].with_user(self.director)
        wizard = wizard.create({"request_id": action.approval_request_ids.id, "justification": WHY})
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertFalse(action.approval_request_ids.break_glass_ids)

    def test_the_question_shows_nobody_a_request_of_elsewhere(self):
        request = self._request_write_off(300.0).approval_request_ids
        stranger = self._create_user("ap.far", "clerk", facilities=self.other_facility)
        wizard = self.env["hc.approval.break.glass.wizard"].with_user(stranger)
        with self.assertRaises(AccessError):
            wizard.create({"request_id": request.id, "justification": WHY})
        with self.assertRaises(AccessError):
            wizard.with_context(default_request_id=request.id).default_get(["request_id"])

    def test_nobody_breaks_the_glass_for_themselves_or_their_family(self):
        own = self._request_write_off(300.0, user=self.director)
        with self.assertRaises(AccessError):
            self._break(own, self.director)
        self.case.patient_id.hc_related_user_ids = self.cfo
        with self.assertRaises(AccessError):
            self._break(own, self.cfo)

    def test_the_duties_hold_when_they_change_after_the_grant(self):
        action = self._request_write_off(300.0)
        self._break(action, self.director)
        policy = action.approval_request_ids.policy_id
        policy._write_guarded({"author_ids": [(4, self.director.id)]})
        with self.assertRaisesRegex(AccessError, "wrote the policy version"):
            self._approve(action, self.director)
        self.assertEqual(action.state, "pending")

    def test_it_never_decides_alone_where_two_are_asked_for(self):
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        self._break(action, self.director)
        self._approve(action, self.director)
        self.assertEqual(request.step_ids.mapped("state"), ["approved", "open"])
        with self.assertRaises(AccessError):
            self._approve(action, self.director)
        with self.assertRaises(AccessError):
            self._break(action, self.director)
        self.assertEqual(action.state, "pending")
        self._approve(action, self.manager)
        self.assertEqual(action.state, "applied")

    def test_a_grant_is_for_one_request_and_one_person(self):
        action = self._request_write_off(300.0)
        other = self._request_write_off(310.0, case=self._create_case("AP-BG", 20))
        self._break(action, self.director)
        with self.assertRaises(AccessError):
            self._approve(other, self.director)
        with self.assertRaises(AccessError):
            self._approve(action, self.compliance)

    def test_the_identity_check_stays(self):
        action = self._request_write_off(
            9000.0,
            evidence=self._give("appeal_decision", "root_cause", "appeal_exhausted", "legal_note"),
        )
        request = action.approval_request_ids
        self._approve(action, self.manager)
        step = request.step_ids.filtered(lambda each: each.state == "open")
        self.assertTrue(step.rule_id.needs_identity_check)
        self._break(action, self.compliance)
        with self.assertRaisesRegex(UserError, "password"):
            request.with_user(self.compliance)._decide("approve")
        self._approve(action, self.compliance)
        self.assertEqual(action.state, "applied")

    def test_it_ends_by_the_clock_though_the_cron_never_ran(self):
        action = self._request_write_off(300.0)
        grant = self._break(action, self.director)
        later = self.env.cr.now() + timedelta(hours=4, seconds=1)
        with patch.object(type(self.env.cr), "now", lambda cursor: later):
            self.env.invalidate_all()
            self.assertEqual(grant.state, "active")
            with self.assertRaises(AccessError):
                self._approve(action, self.director)
        grant._write_guarded(
            {"granted_at": "2026-01-01 08:00:00", "expires_at": "2026-01-01 12:00:00"}
        )
        self._run_cron("expire_grants")
        self.assertEqual(grant.state, "expired")

    def test_the_database_refuses_a_decision_that_no_grant_covers(self):
        action = self._request_write_off(300.0)
        request, grant = action.approval_request_ids, self._break(action, self.director)
        self.env.flush_all()
        insert = """INSERT INTO hc_approval_decision (request_id, step_id, company_id,
                        requester_id, user_id, verdict, round, content_digest, decided_at,
                        break_glass_id)
                    VALUES (%s, %s, %s, %s, %s, 'approve', 1, 'x', %s, %s)"""
        now, late = grant.granted_at, grant.expires_at
        for user, decided_at in ((self.cfo, now), (self.director, late)):
            with (
                self.subTest(user=user.login),
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(Exception, "does not cover"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    insert,
                    (request.id, request.step_ids.id, self.company.id, self.clerk.id, user.id)
                    + (decided_at, grant.id),
                )

    def test_grants_are_written_by_nobody(self):
        action = self._request_write_off(300.0)
        grant = self._break(action, self.director)
        for user in (self.director, self.compliance, self.env.ref("base.user_admin")):
            for name, value in (
                ("expires_at", "2099-01-01"),
                ("state", "reviewed"),
                ("verdict", "justified"),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    grant.with_user(user).write({name: value})
            with self.subTest(user=user.login), self.assertRaises(UserError):
                self.env["hc.approval.break.glass"].with_user(user).create(
                    {"request_id": grant.request_id.id, "user_id": user.id}
                )
        with self.assertRaises(UserError):
            grant.sudo().unlink()

    def test_the_review_is_for_compliance_without_a_hand_in_it(self):
        action = self._request_write_off(300.0)
        grant = self._break(action, self.compliance)
        with self.assertRaises(UserError):
            grant.with_user(self.second_compliance)._review("justified", "too early")
        self._approve(action, self.compliance)
        for user in (self.compliance, self.manager, self.administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                grant.with_user(user)._review("justified", "I found so.")
        with self.assertRaises(UserError):
            grant.with_user(self.second_compliance)._review("justified", "   ")
        self.assertTrue(grant.with_user(self.second_compliance).can_review)
        grant.with_user(self.second_compliance)._review("justified", "The deadline was real.")
        self.assertEqual((grant.state, grant.verdict), ("reviewed", "justified"))
        self.assertEqual(grant.reviewer_id, self.second_compliance)
        item = self.env["hc.work.item"].search([("kind", "=", "break_glass_review")])
        self.assertEqual(item.state, "resolved")
        self.assertFalse(self.env["hc.work.item"].search([("kind", "=", "break_glass_reversal")]))

    def test_what_was_not_justified_is_proposed_for_reversal(self):
        action = self._request_write_off(300.0)
        grant = self._break(action, self.director)
        self._approve(action, self.director)
        grant.with_user(self.compliance)._review("not_justified", "The lead was at her desk.")
        item = self.env["hc.work.item"].search([("kind", "=", "break_glass_reversal")])
        self.assertEqual((item.res_model, item.res_id), ("hc.controlled.action", action.id))
        # The review proposes; it moves no money.
        self.assertEqual(action.state, "applied")

    def test_an_office_may_put_a_step_before_it(self):
        shipped = self.env.ref("hc_billing_approvals.hc_approval_policy_shipped")
        draft = shipped.copy({"company_id": self.company.id})
        route = draft.route_ids.filtered(lambda each: each.kind == "break_glass")
        cfo = self.env.ref("hc_revenue_base.group_hc_cfo")
        route.write(
            {
                "is_automatic": False,
                "step_rule_ids": [
                    (
                        0,
                        0,
                        {"name": "CFO", "group_ids": cfo},
                    )
                ],
            }
        )
        draft._write_guarded({"author_ids": [(5,)]})
        # Kinds of other installed modules may have no route here; that is not what is asked.
        with patch.object(type(draft), "_lint", lambda policy: ()):
            draft._transition("submitted")
        draft._publish()
        action = self._request_write_off(300.0)
        self.assertFalse(self._break(action, self.director))
        asked = self.env["hc.controlled.action"].search([("kind", "=", "break_glass")], limit=1)
        self.assertEqual(asked.state, "pending")
        with self.assertRaises(AccessError):
            self._approve(action, self.director)
        # Nor is the glass broken to break the glass.
        with self.assertRaises(AccessError):
            asked.approval_request_ids.with_user(self.compliance)._break_glass(WHY)
        self._approve(asked, self.cfo)
        self.assertEqual(action.approval_request_ids.break_glass_ids.user_id, self.director)
        self._approve(action, self.director)
        self.assertEqual(action.state, "applied")

    def test_the_hours_are_controlled_and_bounded(self):
        parameter = self.env.ref("hc_billing_approvals.config_parameter_break_glass_hours")
        with self.assertRaises(AccessError):
            parameter.value = "24"
        for value in ("0", "25", "soon", "-4"):
            with self.subTest(value=value), self.assertRaises(ValidationError):
                parameter._config_write({"value": value})
        parameter._config_write({"value": "2"})
        grant = self._break(self._request_write_off(300.0), self.director)
        self.assertEqual(grant.expires_at - grant.granted_at, timedelta(hours=2))
