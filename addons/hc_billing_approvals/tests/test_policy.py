# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestPolicy(ApprovalCommon):
    """The matrix: shipped, drafted, checked, published, fixed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = cls.env.ref("hc_billing_approvals.hc_approval_policy_shipped")

    def test_the_shipped_matrix_is_in_force_and_sound(self):
        self.assertEqual(self.shipped.state, "published")
        errors = [each for each in self.shipped._lint() if each.severity == "error"]
        # What has neither a route nor a related kind that has one is routed in a new version.
        rest = [each for each in errors if each.code != "kind_uncovered"]
        self.assertEqual([self.shipped._describe_finding(each) for each in rest], [])
        actions = self.env["hc.controlled.action"]
        for kind in {each.kind for each in errors}:
            self.assertEqual(actions.new({"kind": kind})._get_related_kind(), kind)

    def test_a_related_kind_lends_its_routes(self):
        """The findings, the simulator and the decision say the same about them."""
        draft = self.shipped.copy()
        draft.route_ids.filtered(lambda route: route.kind == "bad_debt").unlink()
        self.assertIn(("kind_uncovered", "bad_debt"), self._list_findings(draft))
        action_class = type(self.env["hc.controlled.action"])

        def relate(action):
            return "credit_note" if action.kind == "bad_debt" else action.kind

        with patch.object(action_class, "_get_related_kind", relate):
            self.assertNotIn(("kind_uncovered", "bad_debt"), self._list_findings(draft))
            tried = self.env["hc.approval.simulation"].create(
                {"policy_id": draft.id, "kind": "bad_debt", "amount": 700.0}
            )
            self.assertEqual(tried.route_id.code, "CRN-2")

    def _list_findings(self, policy):
        return [(each.code, each.kind) for each in policy._lint()]

    def test_what_is_published_is_fixed(self):
        route = self.shipped.route_ids[0]
        for record, values in (
            (self.shipped, {"name": "Mine"}),
            (route, {"amount_to": 1.0}),
            (route.step_rule_ids or self.shipped.route_ids.step_rule_ids[:1], {"needed_count": 1}),
        ):
            with self.assertRaises(UserError):
                record.with_user(self.administrator).write(values)
        with self.assertRaises(UserError):
            route.with_user(self.administrator).unlink()
        with self.assertRaises(UserError):
            self.env["hc.approval.route"].with_user(self.administrator).create(
                {"policy_id": self.shipped.id, "code": "X", "kind": "bad_debt"}
            )

    def _draft(self):
        action = self.shipped.with_user(self.administrator).action_new_version()
        draft = self.env["hc.approval.policy"].browse(action["res_id"])
        self.env["hc.approval.route"].with_user(self.administrator).create(
            [
                {"policy_id": draft.id, "code": each.kind, "kind": each.kind, "is_automatic": True}
                for each in draft._lint()
                if each.code == "kind_uncovered"
            ]
        )
        return draft

    def test_a_new_version_is_approved_by_the_one_in_force(self):
        draft = self._draft()
        self.assertEqual((draft.state, draft.version), ("draft", self.shipped.version + 1))
        self.assertLessEqual(
            set(self.shipped.route_ids.mapped("code")), set(draft.route_ids.mapped("code"))
        )
        route = draft.route_ids.filtered(lambda each: each.code == "DWO-1")
        route.with_user(self.administrator).step_rule_ids.needed_count = 2
        draft.with_user(self.administrator).valid_from = fields.Date.today() + timedelta(days=1)
        draft.with_user(self.administrator).action_submit()
        request = draft.action_id.approval_request_ids
        self.assertEqual(draft.state, "submitted")
        self._approve(draft.action_id, self.director, self.compliance)
        self.assertEqual(request.state, "applied", request.apply_error)
        self.assertEqual((draft.state, self.shipped.state), ("published", "superseded"))
        self.assertEqual(self.shipped.valid_to, fields.Date.today())
        today = self._request_write_off(300.0)
        self.assertEqual(today.approval_request_ids.policy_id, self.shipped)
        tomorrow = self.env["hc.approval.policy"]._get_id_in_force(
            self.company.id, fields.Date.today() + timedelta(days=1)
        )
        self.assertEqual(tomorrow, draft.id)

    def test_authors_do_not_publish(self):
        draft = self._draft()
        draft.with_user(self.administrator).action_submit()
        self.assertIn(self.administrator, draft.author_ids)
        self.administrator.group_ids += self.env.ref("hc_revenue_base.group_hc_director")
        with self.assertRaisesRegex(UserError, "requested it"):
            self._approve(draft.action_id, self.administrator)

    def test_gaps_and_overlaps_are_not_published(self):
        draft = self._draft().with_user(self.administrator)
        route = draft.route_ids.filtered(lambda each: each.code == "ADM-1")
        route.amount_to = 400.0
        with self.assertRaisesRegex(UserError, "no route takes"):
            draft.action_submit()
        route.amount_to = 600.0
        with self.assertRaisesRegex(UserError, "two routes"):
            draft.action_submit()

    def test_conditions_name_values_that_exist(self):
        draft = self._draft()
        with self.assertRaisesRegex(ValidationError, "no such"):
            draft.route_ids[0].write(
                {"condition_ids": [(0, 0, {"dimension": "payer_type", "values": "martian"})]}
            )

    def test_without_a_policy_nothing_is_allowed(self):
        self.shipped._write_guarded({"valid_to": "2026-01-02"})
        self.env.registry.clear_cache()
        action = self._request_write_off(300.0)
        self.assertEqual(action.state, "rejected")
        self.assertIn("No approval policy", action.gate_reason)
