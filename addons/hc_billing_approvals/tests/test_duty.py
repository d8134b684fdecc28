# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestDuty(ApprovalCommon):
    """Who may not decide, whatever their role."""

    def _refused(self, action, user, words):
        with self.assertRaises(UserError) as caught:
            action.approval_request_ids.with_user(user).action_approve()
        self.assertRegex(str(caught.exception), words)
        self.assertEqual(action.state, "pending")

    def test_nobody_decides_their_own_request(self):
        action = self._request_write_off(300.0, user=self.team_lead)
        self._refused(action, self.team_lead, "You requested it")
        self._approve(action, self.supervisor)
        self.assertEqual(action.state, "applied")

    def test_one_person_decides_one_step(self):
        both = self._create_user("ap.both", "manager")
        action = self._request_write_off(4200.0)
        self._approve(action, both)
        self._refused(action, both, "decided a step of it already")

    def test_roles_without_a_step_decide_nothing(self):
        action = self._request_write_off(300.0)
        for user in (self.clerk, self.administrator, self.compliance):
            self._refused(action, user, "No open step names you|You requested it")
        self._refused(action, self.env["res.users"].browse(SUPERUSER_ID), "system|No open step")

    def test_authors_of_the_policy_do_not_decide_by_it(self):
        action = self._request_write_off(300.0)
        policy = action.approval_request_ids.policy_id
        policy._write_guarded({"author_ids": [(4, self.team_lead.id)]})
        self._refused(action, self.team_lead, "wrote the policy version")

    def test_family_does_not_decide(self):
        self.case.patient_id.hc_related_user_ids = self.team_lead
        action = self._request_write_off(300.0)
        self._refused(action, self.team_lead, "your family")

    def _delegate(self, delegator, delegate, **values):
        today = fields.Date.today()
        delegation = (
            self.env["hc.approval.delegation"]
            .with_user(delegator)
            .create(
                {
                    "delegate_id": delegate.id,
                    "date_from": today,
                    "date_to": today + timedelta(days=5),
                    "reason": "leave",
                    **values,
                }
            )
        )
        delegation.with_user(delegate).action_accept()
        return delegation

    def test_a_delegate_decides_in_somebodys_name(self):
        self._delegate(self.team_lead, self.compliance)
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        self.assertTrue(request.with_user(self.compliance).is_mine_to_decide)
        self._approve(action, self.compliance)
        self.assertEqual(action.state, "applied")
        self.assertEqual(request.decision_ids.on_behalf_of_id, self.team_lead)

    def test_a_delegation_ends_at_its_limits(self):
        delegation = self._delegate(
            self.manager, self.compliance, amount_limit=1000.0, kind="credit_note"
        )
        self.assertRegex(delegation.scope_text, r"Credit Note, up to \$.1,000.00")
        self.assertEqual(self._delegate(self.cfo, self.director).scope_text, "All kinds")
        action = self._request_write_off(600.0)
        self._refused(action, self.compliance, "No open step names you")

    def test_delegations_reach_neither_the_requester_nor_a_decider_nor_further(self):
        self._delegate(self.manager, self.clerk)
        action = self._request_write_off(4200.0)
        self._refused(action, self.clerk, "requested")
        self._delegate(self.second_manager, self.supervisor)
        self._approve(action, self.supervisor)
        self._refused(action, self.supervisor, "already")
        other = self._request_write_off(300.0, key="chain", case=self._create_case("AP-2", 40))
        self._delegate(self.team_lead, self.operations)
        self._delegate(self.operations, self.compliance)
        self._refused(other, self.compliance, "No open step names you")

    def test_rows_of_others_making_are_refused(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        for user in (self.team_lead, self.administrator, self.env.ref("base.user_admin")):
            for model, values in (
                ("hc.approval.decision", {"request_id": request.id, "verdict": "approve"}),
                ("hc.approval.step", {"request_id": request.id, "state": "approved"}),
                ("hc.approval.request", {"action_id": action.id, "state": "approved"}),
            ):
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    self.env[model].with_user(user).create(values)
            for record, values in (
                (request, {"state": "approved"}),
                (request, {"content_digest": "x"}),
                (request.step_ids, {"state": "approved"}),
                (action, {"requester_id": self.manager.id}),
            ):
                with (
                    self.subTest(user=user.login, record=record._name),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    record.with_user(user).with_context(hc_permits=True, active_test=False).write(
                        values
                    )

    def test_the_database_refuses_rows_that_break_the_duty(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        step = request.step_ids
        self.env.flush_all()
        insert = """INSERT INTO hc_approval_decision (request_id, step_id, company_id,
                        requester_id, user_id, verdict, round, content_digest, decided_at)
                    VALUES (%s, %s, %s, %s, %s, 'approve', 1, 'x', now())"""
        rows = (
            (request.id, step.id, self.company.id, self.clerk.id, self.clerk.id),
            (request.id, step.id, self.company.id, self.manager.id, self.clerk.id),
        )
        for row in rows:
            with (
                self.subTest(row=row),
                mute_logger("odoo.sql_db"),
                self.assertRaises(Exception),  # noqa: B017 - the database's own, one of several
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(insert, row)
        self._approve(action, self.team_lead)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(Exception),  # noqa: B017
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("UPDATE hc_approval_decision SET user_id = %s", [self.manager.id])
