# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestWithdrawal(ApprovalCommon):
    """A published version is withdrawn by an approved act; what waits is routed anew."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = cls.env.ref("hc_billing_approvals.hc_approval_policy_shipped")

    def _publish_next(self, change=None):
        """A second version in force, in which ``change`` was made."""
        draft = self.shipped.copy({"valid_from": fields.Date.today()})
        route = self.env["hc.approval.route"]
        for finding in draft._lint():
            if finding.code == "kind_uncovered":
                route.create(
                    {
                        "policy_id": draft.id,
                        "code": finding.kind,
                        "kind": finding.kind,
                        "is_automatic": True,
                    }
                )
        if change:
            change(draft)
        draft._transition("submitted")
        draft._publish()
        return draft

    def _ask(self, policy, user=None):
        wizard = (
            self.env["hc.approval.withdrawal.wizard"]
            .with_user(user or self.administrator)
            .create({"policy_id": policy.id, "reason": "A tier names the wrong role."})
        )
        return self.env["hc.approval.request"].browse(wizard.action_confirm()["res_id"])

    def _withdraw(self, policy):
        request = self._ask(policy)
        self._approve(request.action_id, self.director, self.compliance)
        self.assertEqual(request.state, "applied", request.apply_error)

    def test_without_another_version_it_is_refused(self):
        with self.assertRaisesRegex(UserError, "no version would be in force"):
            self._ask(self.shipped)

    def test_only_compliance_and_administrators_ask(self):
        policy = self._publish_next()
        with self.assertRaisesRegex(UserError, "withdraw policies"):
            self._ask(policy, self.manager)
        self.assertEqual(self._ask(policy, self.compliance).state, "waiting")

    def test_nobody_discards_what_is_published(self):
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self.shipped.with_user(self.administrator).action_discard()
        self.assertEqual(self.shipped.state, "published")

    def test_the_version_before_is_in_force_again(self):
        policy = self._publish_next()
        self._withdraw(policy)
        self.assertEqual((policy.state, self.shipped.state), ("withdrawn", "published"))
        in_force = policy._get_id_in_force(self.company.id, fields.Date.today())
        self.assertEqual(in_force, self.shipped.id)

    def test_a_refused_withdrawal_changes_nothing(self):
        policy = self._publish_next()
        request = self._ask(policy)
        request.with_user(self.director)._decide("reject", "it is right")
        self.assertEqual((request.state, policy.state), ("rejected", "published"))

    def test_waiting_requests_are_routed_again(self):
        policy = self._publish_next()
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        self.assertEqual(request.policy_id, policy)
        self._approve(action, self.supervisor)
        self._withdraw(policy)
        self._run_cron("route_again")
        self.assertEqual((request.policy_id, request.state), (self.shipped, "waiting"))
        self.assertEqual(request.round, 2)
        first = request.decision_ids.sorted("id")[0]
        self.assertTrue(first.is_void)
        self.assertEqual(request._get_live_steps().mapped("state"), ["open", "upcoming"])
        self._run_cron("route_again")
        self.assertEqual(request.round, 2, "once is enough")
        self._approve(action, self.supervisor, self.manager)
        self.assertEqual(action.state, "applied")

    def test_nothing_is_decided_before_the_sweep(self):
        policy = self._publish_next()
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        self._withdraw(policy)
        message = request.with_user(self.team_lead).action_approve()
        self.assertEqual(message["tag"], "display_notification")
        self.assertEqual((request.policy_id, action.state), (self.shipped, "pending"))
        self._approve(action, self.team_lead)
        self.assertEqual(action.state, "applied")

    def test_what_is_approved_and_not_applied_starts_again(self):
        policy = self._publish_next()
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        broken = patch.object(
            type(self.case), "_post_adjustment", side_effect=UserError("The period is closed.")
        )
        with broken:
            self._approve(action, self.team_lead)
        self.assertEqual(request.state, "approved")
        self._withdraw(policy)
        self._run_cron("apply_approved")
        self.assertEqual((request.state, action.state), ("waiting", "pending"))
        self.assertFalse(action.entry_ids)

    def test_what_the_version_in_force_allows_is_done_and_what_it_lacks_is_refused(self):
        def ask_for_everything(draft):
            routes = draft.route_ids.filtered(lambda route: route.code == "DWO-0")
            routes.write(
                {
                    "is_automatic": False,
                    "step_rule_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "Team Lead",
                                "sequence": 1,
                                "group_ids": [
                                    (4, self.env.ref("hc_revenue_base.group_hc_team_lead").id)
                                ],
                            },
                        )
                    ],
                }
            )

        policy = self._publish_next(ask_for_everything)
        small = self._request_write_off(40.0)
        large = self._request_write_off(300.0, case=self._create_case("AP-W", 10))
        self.assertEqual(small.state, "pending")
        self._withdraw(policy)
        # As if the version in force had no route for the larger one.
        route = self.shipped.route_ids.filtered(lambda each: each.code == "DWO-1")
        route.flush_recordset()
        self.env.cr.execute(
            "UPDATE hc_approval_route SET amount_from = 400 WHERE id = %s", [route.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self._run_cron("route_again")
        self.assertEqual((small.state, small.approval_request_ids.state), ("applied", "applied"))
        self.assertEqual((large.state, large.approval_request_ids.state), ("rejected", "rejected"))
        self.assertIn("no route", large.gate_reason)
