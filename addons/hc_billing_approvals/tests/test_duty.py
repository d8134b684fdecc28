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

    def test_whoever_gave_the_evidence_does_not_decide(self):
        evidence = self._give("appeal_decision", "root_cause")
        self.env["ir.attachment"].browse(evidence[0]["attachment_id"]).flush_recordset()
        self.env.cr.execute(
            "UPDATE ir_attachment SET create_uid = %s WHERE id = %s",
            [self.team_lead.id, evidence[0]["attachment_id"]],
        )
        self.env.invalidate_all()
        action = self._request_write_off(300.0, evidence=evidence)
        self._refused(action, self.team_lead, "You prepared it")
        self._approve(action, self.supervisor)
        self.assertEqual(action.state, "applied")

    def test_whoever_entered_the_charge_does_not_judge_the_dispute(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE hc_charge SET create_uid = %s WHERE case_id = %s",
            [self.operations.id, self.case.id],
        )
        self.env.invalidate_all()
        action = self._request(
            "dispute_invoice",
            7500.0,
            evidence=self._give("dispute_form", "itemized_bill", "coding_review"),
        )
        self._refused(action, self.operations, "your own work")

    def test_nobody_ends_their_own_kinship(self):
        patient = self.case.patient_id
        relative = self._create_user("ap.relative", "clerk", "administrator")
        colleague = self._create_user("ap.colleague", "clerk", "administrator")
        patient.hc_related_user_ids = relative | self.team_lead
        with self.assertRaisesRegex(UserError, "changed by somebody else"):
            patient.with_user(relative).hc_related_user_ids = self.team_lead
        patient.with_user(colleague).hc_related_user_ids = self.team_lead
        self.assertEqual(patient.hc_related_user_ids, self.team_lead)

    def test_the_terms_of_a_delegation_are_the_delegators(self):
        delegation = (
            self.env["hc.approval.delegation"]
            .with_user(self.cfo)
            .create({"delegate_id": self.director.id, "date_to": "2099-01-01", "reason": "leave"})
        )
        for user, values in (
            (self.supervisor, {"delegate_id": self.supervisor.id}),
            (self.director, {"date_to": "2100-01-01"}),
        ):
            with self.assertRaisesRegex(UserError, "Only"):
                delegation.with_user(user).write(values)
        delegation.with_user(self.cfo).date_to = "2098-01-01"

    def test_no_time_zone_prolongs_a_delegation(self):
        delegation = self._delegate(self.team_lead, self.compliance)
        today = self.case._get_today()
        self.company.resource_calendar_id.tz = self.case.facility_id.timezone
        for day in (today - timedelta(days=1), today + timedelta(days=1)):
            delegation.flush_recordset()
            self.env.cr.execute(
                "UPDATE hc_approval_delegation SET date_from = %s, date_to = %s", [day, day]
            )
            delegation.invalidate_recordset()
            for zone in ("Pacific/Pago_Pago", "Pacific/Kiritimati", "UTC"):
                delegations = self.env["hc.approval.delegation"].with_context(tz=zone)
                self.assertFalse(delegations._get_active_for(self.compliance))
                self.assertFalse(delegation.with_context(tz=zone).is_active)

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
