# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import ApprovalCommon


class LadderCommon(ApprovalCommon):
    """Steps that are late, and people who are away."""

    def setUp(self):
        super().setUp()
        self.now = self.env.cr.now().replace(microsecond=0)

    def _write_rule(self, rule, values):
        """Change a rule of the published policy, as its next version would."""
        policies = type(self.env["hc.approval.policy"])
        with patch.object(policies, "_check_draft", lambda self: None):
            rule.write(values)
        self.env.invalidate_all()

    def _make_late(self, step):
        step._write_guarded(
            {
                "due_at": self.now - timedelta(hours=1),
                "next_escalation_at": self.now - timedelta(hours=1),
            }
        )

    def _send_on_leave(self, users, **values):
        for user in users:
            resource = self.env["resource.resource"].create(
                {"name": user.name, "user_id": user.id, "company_id": self.company.id}
            )
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "leave",
                    "resource_id": resource.id,
                    "date_from": self.now - timedelta(days=1),
                    "date_to": self.now + timedelta(days=1),
                    **values,
                }
            )


@tagged("post_install", "-at_install")
class TestLadder(LadderCommon):
    """An overdue step climbs rung by rung; nobody who may decide it is put out."""

    def setUp(self):
        super().setUp()
        # Manager, who escalates to director and then CFO; neither of them is a manager.
        self.action = self._request_write_off(6000.0)
        self.request = self.action.approval_request_ids
        self.step = self.request.step_ids.filtered(lambda step: step.state == "open")

    def test_a_step_plans_its_first_rung(self):
        ladder = self.step.rule_id._get_ladder()
        self.assertEqual(ladder.group_id.mapped("name"), ["Director", "CFO"])
        self.assertEqual(ladder.mapped("level"), [1, 2])
        self.assertEqual(self.step.next_escalation_at, self.step.due_at)
        self.assertEqual(self.step.escalation_level, 0)

    def test_a_late_step_climbs_rung_by_rung(self):
        self._write_rule(
            self.step.rule_id,
            {
                "escalation_ids": [
                    Command.create(
                        {
                            "group_id": self.env.ref("hc_revenue_base.group_hc_operations").id,
                            "hours_after_due": 4.0,
                        }
                    )
                ]
            },
        )
        self.assertFalse(self.step._is_approver(self.director))
        self._make_late(self.step)
        self._run_cron("escalate_steps")
        self.assertEqual(self.step.escalation_level, 1)
        self.assertTrue(self.step._is_approver(self.director))
        self.assertTrue(self.request.with_user(self.director).is_mine_to_decide)
        self.assertFalse(self.step._is_approver(self.operations))
        self.assertFalse(self.request.with_user(self.operations).is_mine_to_decide)
        # The Scheduled Action has a transaction, and with it a time, of its own.
        planned = self.step._plan(self.now, 4.0)
        self.assertAlmostEqual(self.step.next_escalation_at, planned, delta=timedelta(minutes=10))
        self._run_cron("escalate_steps")
        self.assertEqual(self.step.escalation_level, 1, "the second rung has its time")
        self._make_late(self.step)
        self._run_cron("escalate_steps")
        self.assertEqual(self.step.escalation_level, 2)
        self.assertTrue(self.request.with_user(self.operations).is_mine_to_decide)
        self.assertTrue(self.step._is_approver(self.manager), "still one of the step's own")
        self._approve(self.action, self.operations)
        self.assertEqual(self.step.state, "approved")

    def test_the_ladder_ends(self):
        for level in (1, 2, 2):
            self._make_late(self.step)
            self._run_cron("escalate_steps")
            self.assertEqual(self.step.escalation_level, level)
        self.assertFalse(self.step.next_escalation_at)

    def test_the_clock_stands_still_while_a_question_is_open(self):
        self._make_late(self.step)
        self.request.with_user(self.manager)._ask("which appeal?")
        self._run_cron("escalate_steps")
        self.assertEqual(self.step.escalation_level, 0)
        self.request.with_user(self.clerk)._answer("the second")
        self._run_cron("escalate_steps")
        self.assertEqual(self.step.escalation_level, 1)

    def test_nobody_writes_a_level(self):
        for name, value in (("escalation_level", 1), ("alternates_since", self.now)):
            with self.assertRaises(UserError):
                self.step.sudo().write({name: value})

    def test_a_published_ladder_is_fixed(self):
        rung = self.step.rule_id.escalation_ids[:1]
        with self.assertRaises(UserError):
            rung.with_user(self.administrator).hours_after_due = 99.0
        with self.assertRaises(UserError):
            rung.with_user(self.administrator).unlink()

    def _draft(self):
        shipped = self.env.ref("hc_billing_approvals.hc_approval_policy_shipped")
        result = shipped.with_user(self.administrator).action_new_version()
        return self.env["hc.approval.policy"].browse(result["res_id"])

    def test_the_ladder_belongs_to_what_is_approved_with_the_policy(self):
        draft = self._draft()
        rung = draft.route_ids.step_rule_ids.escalation_ids[:1]
        self.assertTrue(rung)
        before = draft._get_digest()
        rung.hours_after_due += 1
        changed = draft._get_digest()
        self.assertNotEqual(changed, before)
        rung.step_rule_id.alternate_ids = self.operations
        self.assertNotEqual(draft._get_digest(), changed)

    def test_the_findings_name_a_rung_without_people(self):
        draft = self._draft()
        executives = self.env.ref("hc_revenue_base.group_hc_executive")
        executives.user_ids = False
        codes = {finding.code for finding in draft._lint()}
        self.assertNotIn("no_escalation_members", codes)
        draft.route_ids.step_rule_ids.escalation_ids[:1].group_id = executives
        findings = [each for each in draft._lint() if each.code == "no_escalation_members"]
        self.assertEqual([each.severity for each in findings], ["warning"])
        self.assertIn("nobody to escalate to", draft._describe_finding(findings[0]))


@tagged("post_install", "-at_install")
class TestAlternates(LadderCommon):
    """Alternates decide where everybody else is away by their own calendar."""

    def setUp(self):
        super().setUp()
        first = self._request_write_off(300.0, key="first")
        self.rule = first.approval_request_ids.step_ids.rule_id
        self._write_rule(self.rule, {"alternate_ids": [Command.set(self.operations.ids)]})
        self.people = self.rule._get_people()
        self.first_step = first.approval_request_ids.step_ids

    def _open_second(self, **values):
        case = self._create_case("AP-2", 40)
        return self._request_write_off(300.0, case=case, **values).approval_request_ids

    def test_they_come_in_when_the_step_opens(self):
        self._send_on_leave(self.people)
        request = self._open_second()
        self.assertTrue(request.step_ids.alternates_since)
        self.assertTrue(request.with_user(self.operations).is_mine_to_decide)
        self.assertFalse(request.with_user(self.compliance).is_mine_to_decide)
        self.env["resource.calendar.leaves"].search([("resource_id", "!=", False)]).unlink()
        self._run_cron("escalate_steps")
        self._approve(request.action_id, self.operations)
        self.assertEqual(request.state, "applied", "who was let in stays in")

    def test_one_who_is_at_work_is_enough(self):
        self._send_on_leave(self.people - self.manager)
        self.assertFalse(self._open_second().step_ids.alternates_since)
        self._run_cron("escalate_steps")
        self.assertFalse(self.first_step.alternates_since)

    def test_who_requested_it_does_not_count(self):
        self._send_on_leave(self.people - self.manager)
        request = self._open_second(user=self.manager)
        self.assertTrue(request.step_ids.alternates_since)

    def test_the_sweep_finds_those_who_left_later(self):
        self.assertFalse(self.first_step.alternates_since)
        self._send_on_leave(self.people)
        self._run_cron("escalate_steps")
        self.assertTrue(self.first_step.alternates_since)

    def test_other_calendar_entries_do_not_count(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "everybody is off",
                "date_from": self.now - timedelta(days=1),
                "date_to": self.now + timedelta(days=1),
            }
        )
        self._send_on_leave(self.people, time_type="other")
        self.assertFalse(self._open_second().step_ids.alternates_since)
        self._run_cron("escalate_steps")
        self.assertFalse(self.first_step.alternates_since)
