# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import base64
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.hc_action_evidence import DOCUMENT_SIZE_LIMIT
from .approval_common import PNG, ApprovalCommon


@tagged("post_install", "-at_install")
class TestEvidence(ApprovalCommon):
    """What a step asks for, who gives it, and that it stays."""

    def _kind(self, code):
        return self.env.ref(f"hc_billing_approvals.evidence_{code}")

    def _add(self, request, code, content=PNG, user=None):
        request.with_user(user or self.clerk)._add_evidence(
            self._kind(code),
            base64.b64encode(content) if content is not None else False,
            f"{code}.png",
            "the front desk took an old card",
        )
        self.env.invalidate_all()

    def test_the_requester_adds_what_is_missing(self):
        action = self._request("denial_write_off", 600.0)
        request = action.approval_request_ids
        self.assertEqual(
            request.missing_evidence_ids, self._kind("appeal_decision") | self._kind("root_cause")
        )
        with self.assertRaises(UserError):
            self._approve(action, self.team_lead)
        self._add(request, "appeal_decision")
        self._add(request, "root_cause")
        self.assertFalse(request.missing_evidence_ids)
        self.assertEqual(request.round, 1)
        self._approve(action, self.team_lead)
        self.assertEqual(action.state, "applied")

    def test_empty_files_and_other_types_are_refused(self):
        request = self._request("denial_write_off", 300.0).approval_request_ids
        for content in (b"", None, b"<html><script>alert(1)</script></html>"):
            with self.assertRaises(UserError) as caught:
                self._add(request, "appeal_decision", content)
            self.assertIn("accepted type", str(caught.exception))
        self.assertFalse(request.evidence_ids)

    def test_only_the_requester_adds_evidence(self):
        request = self._request("denial_write_off", 300.0).approval_request_ids
        with self.assertRaisesRegex(UserError, "Only the requester"):
            self._add(request, "appeal_decision", user=self.team_lead)

    def test_evidence_after_an_approval_starts_the_steps_again(self):
        action = self._request_write_off(4200.0)
        request = action.approval_request_ids
        self._approve(action, self.supervisor)
        self._add(request, "legal_note")
        self.assertEqual((request.round, request.state), (2, "waiting"))
        self._approve(action, self.supervisor, self.manager)
        self.assertEqual(action.state, "applied")

    def test_documents_stay_as_they_were_given(self):
        action = self._request_write_off(300.0)
        document = action.evidence_ids.attachment_id[:1]
        for change in (
            lambda: document.write({"raw": b"other"}),
            lambda: document.write({"res_id": 1}),
            lambda: document.write({"public": True}),
            lambda: document.write({"mimetype": "text/html"}),
            document.generate_access_token,
            document.unlink,
        ):
            with self.assertRaisesRegex(UserError, "stays as it is"):
                change()

    def test_a_clients_context_does_not_change_what_a_document_is(self):
        action = self._request_write_off(300.0)
        request = action.approval_request_ids.with_context(bin_size=True, bin_size_datas=True)
        self.assertFalse(request.with_user(self.team_lead).missing_evidence_ids)
        request.with_user(self.team_lead).action_approve()
        self.assertEqual(action.state, "applied")

    def test_a_document_is_what_it_contains_and_not_too_large(self):
        request = self._request("denial_write_off", 300.0).approval_request_ids
        kind = self._kind("appeal_decision")
        add = request.with_user(self.clerk)._add_evidence
        for content in ("no base64!", base64.b64encode(bytes(DOCUMENT_SIZE_LIMIT + 1))):
            with self.assertRaises(UserError):
                add(kind, content, "scan.png", None)
        add(kind, base64.b64encode(PNG), "page.html", None)
        self.assertEqual(request.evidence_ids.attachment_id.mimetype, "image/png")

    def test_what_a_published_policy_asks_for_stays_what_it_is(self):
        kind = self._kind("appeal_decision").with_user(self.administrator)
        for values in ({"source": "reason_code"}, {"mimetypes": "text/html"}, {"active": False}):
            with self.assertRaisesRegex(UserError, "asks for it"):
                kind.write(values)
        kind.note = "The letter itself"

    def test_some_steps_want_the_password_again(self):
        self._request_refund()
        request = self.action.approval_request_ids
        self._approve(self.action, self.manager)
        payer = request.with_user(self.finance_manager)
        stale = patch.object(type(request), "_is_identity_fresh", lambda request: False)
        with stale, self.assertRaises(UserError):
            payer._decide("approve")
        with stale, self.assertRaisesRegex(UserError, "over HTTP"):
            payer.action_approve()
        self.assertEqual(self.action.state, "pending")
        self._approve(self.action, self.finance_manager)
        self.assertEqual(self.action.state, "applied")
