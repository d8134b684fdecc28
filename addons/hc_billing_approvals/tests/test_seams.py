# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import test_withdrawal
from .approval_common import PNG, ApprovalCommon

WHY = "The lead is in hospital, the payer's deadline is tonight."


@tagged("post_install", "-at_install")
class TestUnattended(ApprovalCommon):
    """Code that nobody has called acts for nobody: Scheduled Actions run without a request."""

    def _run_unattended(self, code, user):
        """Run a Scheduled Action that somebody with the right to write one has made."""
        cron = self.env["ir.cron"].create(
            {
                "name": "harmless",
                "model_id": self.env["ir.model"]._get_id("hc.approval.request"),
                "state": "code",
                "code": code,
                "user_id": user.id,
            }
        )
        with (
            mute_logger("odoo.addons.base.models.ir_cron", "odoo.sql_db"),
            self.enter_registry_test_mode(),
        ):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_a_scheduled_action_decides_for_nobody(self):
        action = self._request_write_off(300.0)
        record = f"env['hc.approval.request'].browse({action.approval_request_ids.id})"
        self._run_unattended(f"{record}.action_approve()", self.team_lead)
        self._run_unattended(
            f"{record}.with_user({self.team_lead.id}).action_approve()",
            self.env.ref("base.user_root"),
        )
        self.assertEqual(action.state, "pending")
        self.assertFalse(action.approval_request_ids.decision_ids)
        self._approve(action, self.team_lead)
        self.assertEqual(action.state, "applied", "whoever is there decides as ever")

    def test_a_scheduled_action_lends_nobodys_right(self):
        values = {"delegate_id": self.clerk.id, "date_to": "2099-01-01", "reason": "leave"}
        self._run_unattended(f"env['hc.approval.delegation'].create({values})", self.manager)
        delegations = self.env["hc.approval.delegation"]
        self.assertFalse(delegations.search([("delegator_id", "=", self.manager.id)]))
        delegation = delegations.with_user(self.manager).create(values)
        self._run_unattended(
            f"env['hc.approval.delegation'].browse({delegation.id}).action_accept()", self.clerk
        )
        self.assertEqual(delegation.state, "proposed")

    def test_a_scheduled_action_hands_on_and_vouches_for_nobody(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        values = {
            "step_ids": [(6, 0, request.step_ids.ids)],
            "user_ids": [(6, 0, self.team_lead.ids)],
            "reason": "x",
        }
        self._run_unattended(
            f"env['hc.approval.reassign.wizard'].create({values}).action_confirm()",
            self.supervisor,
        )
        self.assertFalse(request.step_ids.reassigned_by_id)
        before = len(action.evidence_ids)
        values = {
            "request_id": request.id,
            "type_id": self.env.ref("hc_billing_approvals.evidence_legal_note").id,
            "file": base64.b64encode(PNG).decode(),
        }
        self._run_unattended(
            f"env['hc.approval.evidence.wizard'].create({values}).action_add()", self.clerk
        )
        self.assertEqual(len(action.evidence_ids), before)


@tagged("post_install", "-at_install")
class TestDocumentSeams(ApprovalCommon):
    """Documents that become evidence are open to readers of the action alone."""

    def _document(self, **values):
        return self.env["ir.attachment"].create(
            {
                "name": "appeal.png",
                "raw": PNG,
                "res_model": "hc.billing.case",
                "res_id": self.case.id,
                **values,
            }
        )

    def _give_document(self, document):
        kind = self.env.ref("hc_billing_approvals.evidence_appeal_decision")
        evidence = {
            "evidence_type": "attachment",
            "type_id": kind.id,
            "attachment_id": document.id,
        }
        action = self._request_write_off(300.0, evidence=[evidence, *self._give("root_cause")])
        return action.evidence_ids.attachment_id.filtered(lambda each: each.name == "appeal.png")

    def test_a_shared_document_of_the_case_is_copied(self):
        for values in ({"public": True}, {"access_token": "known-to-many"}):
            with self.subTest(values), self.env.cr.savepoint():
                given = self._give_document(self._document(**values))
                self.assertFalse(given.public)
                self.assertFalse(given.access_token)
                self.env["hc.controlled.action"].search([], order="id desc", limit=1).with_user(
                    self.clerk
                ).action_withdraw()

    def test_the_content_of_a_field_is_copied(self):
        document = self._document(
            res_model="res.partner",
            res_id=self.payer.partner_id.id,
            res_field="image_1920",
            name="appeal.png",
        )
        given = self._give_document(document)
        self.assertNotEqual(given, document)
        self.assertFalse(given.res_field)
        document.unlink()


@tagged("post_install", "-at_install")
class TestGrantSeams(ApprovalCommon):
    """Break-glass, withdrawal of a version and handing on, together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = cls.env.ref("hc_billing_approvals.hc_approval_policy_shipped")

    # Imported by itself, the other class would be collected here again.
    _publish_next = test_withdrawal.TestWithdrawal._publish_next
    _ask = test_withdrawal.TestWithdrawal._ask
    _withdraw = test_withdrawal.TestWithdrawal._withdraw

    def _break(self, request, user):
        request.with_user(user)._break_glass(WHY)
        self.env.invalidate_all()
        return request.break_glass_ids[:1]

    def test_a_grant_ends_with_the_version_that_gave_it(self):
        policy = self._publish_next()
        action = self._request_write_off(300.0)
        grant = self._break(action.approval_request_ids, self.director)
        self._withdraw(policy)
        self._run_cron("route_again")
        self.assertEqual(grant.state, "expired")
        with self.assertRaises(AccessError):
            action.approval_request_ids.with_user(self.director).action_approve()
        self.assertEqual(action.state, "pending")

    def test_a_used_grant_decides_nothing_in_the_next_round(self):
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        grant = self._break(request, self.director)
        self._approve(action, self.director)
        request.with_user(self.clerk)._add_evidence(
            self.env.ref("hc_billing_approvals.evidence_legal_note"),
            base64.b64encode(PNG).decode(),
            "note.png",
            False,
        )
        self.env.invalidate_all()
        self.assertEqual((request.round, grant.state), (2, "used"))
        with self.assertRaises(AccessError):
            request.with_user(self.director).action_approve()
        self.assertEqual(request.state, "waiting")

    def test_whoever_reviewed_the_grant_decides_nothing_more(self):
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        grant = self._break(request, self.director)
        self._approve(action, self.director)
        reviewer = self._create_user("ap.reviewer", "compliance", "manager")
        grant.with_user(reviewer)._review("justified", "nobody else was there")
        with self.assertRaisesRegex(AccessError, "reviewed"):
            request.with_user(reviewer).action_approve()

    def test_one_person_with_three_roles_decides_one_step(self):
        everything = self._create_user("ap.all", "manager", "cfo", "compliance")
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        self._approve(action, everything)
        self.assertEqual(request.state, "waiting")
        with self.assertRaises(AccessError):
            request.with_user(everything).action_approve()
        with self.assertRaises(AccessError):
            request.with_user(everything)._break_glass(WHY)
        self.assertEqual(action.state, "pending")

    def test_handed_on_is_not_kept_when_the_role_is_lost(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        lead = self._create_user("ap.lead.2", "team_lead")
        request.step_ids.with_user(self.supervisor)._reassign(lead, "she knows the payer")
        lead.group_ids -= self.env.ref("hc_revenue_base.group_hc_team_lead")
        lead.group_ids += self.env.ref("hc_revenue_base.group_hc_clerk")
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            request.with_user(lead).action_approve()
        self.assertEqual(action.state, "pending")

    def test_a_delegate_who_requested_gets_nothing_by_handing_on(self):
        self._delegate(self.team_lead, self.clerk)
        action = self._request_write_off(300.0)
        request = action.approval_request_ids
        request.step_ids.with_user(self.supervisor)._reassign(self.team_lead, "it is hers")
        with self.assertRaises(AccessError):
            request.with_user(self.clerk).action_approve()
        self.assertFalse(request.with_user(self.clerk).is_mine_to_decide)

    def test_a_delegator_who_is_gone_lends_nothing(self):
        for change in (
            {"active": False},
            {"group_ids": [(3, self.env.ref("hc_revenue_base.group_hc_team_lead").id)]},
        ):
            with self.subTest(change):
                lead = self._create_user(f"ap.gone.{len(change)}{change.keys()}", "team_lead")
                deputy = self._create_user(f"ap.deputy.{change.keys()}", "clerk")
                self._delegate(lead, deputy)
                action = self._request_write_off(300.0, key=str(change))
                lead.write(change)
                self.env.invalidate_all()
                with self.assertRaises(AccessError):
                    action.approval_request_ids.with_user(deputy).action_approve()

    def _delegate(self, delegator, delegate):
        delegation = (
            self.env["hc.approval.delegation"]
            .with_user(delegator)
            .create({"delegate_id": delegate.id, "date_to": "2099-01-01", "reason": "leave"})
        )
        delegation.with_user(delegate).action_accept()
        return delegation

    def test_what_escalated_in_a_void_round_starts_below_again(self):
        policy = self._publish_next()
        request = self._request_write_off(300.0).approval_request_ids
        request.step_ids._escalate()
        self._withdraw(policy)
        self._run_cron("route_again")
        live = request._get_live_steps()
        self.assertEqual(live.mapped("escalation_level"), [0])
        self.assertFalse(live.reassigned_by_id)
