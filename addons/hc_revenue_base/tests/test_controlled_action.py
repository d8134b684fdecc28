# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..models.hc_controlled_action import GateDecision
from .common import HcCommon


@tagged("post_install", "-at_install")
class TestControlledAction(HcCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.encounter = cls._create_encounter()
        cls.encounter.action_complete()
        cls.case = cls.env["hc.billing.case"]._create_for(cls.encounter)
        cls.clerk = cls._create_user("action.clerk", "clerk")

    def _request(self, key="k", amount=100.0, **values):
        return (
            self.env["hc.controlled.action"]
            .with_user(self.clerk)
            ._request(
                "not_billable",
                self.case.with_user(self.clerk),
                idempotency_key=key,
                amount=amount,
                case_id=self.case.id,
                justification="Research visit",
                **values,
            )
        )

    def _gate(self, verdict, reason=""):
        return patch.object(
            type(self.env["hc.controlled.action"]),
            "_gate",
            lambda action: GateDecision(verdict, reason),
        )

    def test_base_allows_and_performs_at_once(self):
        action = self._request()
        self.assertEqual((action.state, self.case.stage), ("applied", "not_billable"))
        self.assertEqual(action.requester_id, self.clerk)
        self.assertEqual(action.facility_id, self.facility)
        self.assertEqual(action.payer_type, "commercial")

    def test_a_gate_that_waits_leaves_everything_as_it_was(self):
        with self._gate("wait", "two approvals needed"):
            action = self._request()
        self.assertEqual((action.state, self.case.stage), ("pending", "draft"))
        self.assertEqual(action.gate_reason, "two approvals needed")

    def test_a_gate_that_refuses_rejects_with_the_reason_in_the_log(self):
        with self._gate("refuse", "over the limit"):
            action = self._request()
        self.assertEqual((action.state, self.case.stage), ("rejected", "draft"))
        log = self.env["hc.transition"].search(
            [("res_model", "=", action._name), ("res_id", "=", action.id)], limit=1
        )
        self.assertEqual(log.reason, "over the limit")

    def test_the_same_request_again_is_the_same_action(self):
        self.assertEqual(self._request(), self._request())

    def test_the_same_key_with_another_amount_is_refused(self):
        self._request()
        with self.assertRaisesRegex(UserError, "other content"):
            self._request(amount=101.0)

    def test_the_act_happens_once(self):
        with self._gate("wait"):
            action = self._request().sudo()
        calls = []
        with patch.object(type(action), "_apply_not_billable", lambda act: calls.append(act.id)):
            action._apply()
            action._apply()
        self.assertEqual(calls, [action.id])

    def test_an_expired_request_cannot_be_applied(self):
        with self._gate("wait"):
            action = self._request(expires_at=fields.Datetime.now() - timedelta(minutes=1)).sudo()
        with self.assertRaisesRegex(UserError, "has expired"):
            action._apply()
        with self.enter_registry_test_mode():
            self.env.ref("hc_revenue_base.ir_cron_expire_actions").method_direct_trigger()
        self.assertEqual(action.state, "expired")

    def test_only_the_requester_withdraws(self):
        with self._gate("wait"):
            action = self._request()
        other = self._create_user("action.other", "supervisor")
        with self.assertRaisesRegex(UserError, "Only the requester"):
            action.with_user(other).action_withdraw()
        action.with_user(self.clerk).action_withdraw()
        self.assertEqual(action.state, "void")

    def test_nobody_makes_or_edits_a_request_by_hand(self):
        with self.assertRaises(AccessError):
            self.env["hc.controlled.action"].create(
                {
                    "name": "x",
                    "kind": "not_billable",
                    "res_model": "hc.billing.case",
                    "res_id": self.case.id,
                    "requester_id": self.clerk.id,
                    "idempotency_key": "z",
                }
            )
        with self._gate("wait"):
            action = self._request().sudo()
        for values in (
            {"amount": 1.0},
            {"requester_id": self.env.uid},
            {"state": "applied"},
            {"justification": "better"},
            {"expires_at": False},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                action.write(values)

    def test_evidence_is_fixed_with_the_request(self):
        action = self._request(evidence=[{"evidence_type": "justification", "text": "Because"}])
        with self.assertRaises(AccessError):
            action.sudo().evidence_ids.text = "Something else"
        with self.assertRaises(ValidationError), self.cr.savepoint():
            self._request(key="k2", evidence=[{"evidence_type": "attachment"}])
