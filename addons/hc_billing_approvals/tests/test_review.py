# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestReview(ApprovalCommon):
    """Advice on a request knows no person and never decides."""

    def test_facts_say_what_stands_before_the_approver(self):
        self._approve(self._request_write_off(480.0, key="earlier"), self.team_lead)
        action = self._request("denial_write_off", 1600.0, evidence=self._give("appeal_decision"))
        request = action.approval_request_ids.with_user(self.supervisor)
        facts = request._get_review_facts()
        self.assertEqual(set(facts), {spec.name for spec in request._review_fact_specs()})
        self.assertEqual((facts["kind"], facts["route"]), ("denial_write_off", "DWO-3"))
        self.assertEqual(
            (facts["amount"], facts["aggregated_amount"]), (Decimal("1600.00"), Decimal("2080.00"))
        )
        self.assertEqual(facts["reason_code"], self.reason.code)
        self.assertEqual((facts["similar_applied_count"], facts["similar_rejected_count"]), (1, 0))
        self.assertEqual(facts["evidence_types"], ["appeal_decision"])
        self.assertEqual(facts["missing_evidence"], ["root_cause"])
        self.assertEqual((facts["days_waiting"], facts["is_overdue"]), (0, False))

    def test_facts_name_no_person_and_no_day(self):
        request = self._request_write_off(300.0).approval_request_ids
        patient = self.case.patient_id
        shown = str(request._get_review_facts())
        for secret in (patient.last_name, patient.mrn, self.case.name, "story", "ap.clerk"):
            self.assertNotIn(secret, shown)
        self.assertNotIn("date", {spec.type for spec in request._review_fact_specs()})

    def test_an_approver_accepts_urgency_and_nothing_else(self):
        request = self._request_write_off(300.0).approval_request_ids
        own = request.with_user(self.team_lead)
        own._review_apply({"priority": "1"}, own._get_review_token())
        self.assertEqual(request.priority, "1")
        entry = self.env["hc.transition"].search([("res_model", "=", request._name)], limit=1)
        self.assertEqual(
            (entry.actor_id, entry.facts), (self.team_lead, {"accepted": ["priority"]})
        )
        for values in ({"state": "approved"}, {"policy_id": 1}, {"priority": "0", "round": 2}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                own._review_apply(values, own._get_review_token())
        with self.assertRaises(UserError):
            own._review_apply({"priority": "9"}, own._get_review_token())
        for user in (self.clerk, self.compliance):
            other = request.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                other._review_apply({"priority": "0"}, other._get_review_token())
        self.assertEqual((request.state, request.priority), ("waiting", "1"))

    def test_urgency_changes_nothing_that_was_approved(self):
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        self._approve(action, self.supervisor)
        request.with_user(self.manager).action_toggle_urgent()
        self.assertEqual(request.priority, "1")
        self._approve(action, self.manager)
        self.assertEqual((action.state, request.round), ("applied", 1))

    def test_the_right_to_write_reaches_no_guarded_field(self):
        request = self._request_write_off(300.0).approval_request_ids
        for name, value in (
            ("state", "approved"),
            ("amount", 1.0),
            ("kind", "credit_note"),
            ("requester_id", self.manager.id),
            ("company_id", self.company.id),
            ("content_digest", "x"),
            ("due_at", "2099-01-01"),
            ("step_ids", [(0, 0, {"state": "approved"})]),
            ("decision_ids", [(0, 0, {"verdict": "approve"})]),
        ):
            with self.subTest(name), self.assertRaises(UserError):
                request.with_user(self.manager).write({name: value})
                self.env.flush_all()
        self.assertEqual((request.state, request.amount), ("waiting", 300.0))
        self.assertTrue(request.step_ids)

    def test_compliance_is_told_of_an_accepted_contract_deviation(self):
        for kind, told in (("contract_deviation", True), ("credit_note", False)):
            action = self._request_write_off(300.0, key=kind, case=self._create_case(kind, 10))
            request = action.approval_request_ids
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE hc_approval_request SET kind = %s, state = 'approved' WHERE id = %s",
                [kind, request.id],
            )
            self.env.invalidate_all()
            self.assertNotIn(self.compliance.partner_id, request.message_ids.notified_partner_ids)
            request._transition("applied")
            self.assertEqual(
                self.compliance.partner_id in request.message_ids.notified_partner_ids, told
            )
