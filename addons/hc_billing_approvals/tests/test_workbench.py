# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import Form, tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestWorkbench(ApprovalCommon):
    """Trying a policy before anybody has to live with it."""

    def test_who_would_approve_this(self):
        with Form(self.env["hc.approval.simulation"].with_user(self.clerk)) as form:
            form.kind = "denial_write_off"
            form.amount = 1750.0
            form.facility_id = self.facility
            self.assertEqual(form.outcome, "routed")
            self.assertEqual(form.route_id.code, "DWO-2")
            self.assertEqual(form.step_text, "Team Lead")
            form.kind = "discount_courtesy"
            form.payer_type = "medicare"
            self.assertEqual(form.step_text, "Manager → Compliance Officer")
            form.payer_type = False
            self.assertEqual(form.step_text, "Manager")

    def test_the_simulator_says_why(self):
        simulation = self.env["hc.approval.simulation"].create(
            {"kind": "denial_write_off", "amount": 1750.0}
        )
        self.assertIn("the amount is below its range", simulation.result_html)
        self.assertIn("matches", simulation.result_html)

    def test_a_draft_is_tried_with_the_last_months(self):
        self._request_write_off(40.0, key="by rule")
        self._request_write_off(300.0)
        shipped = self.env.ref("hc_billing_approvals.hc_approval_policy_shipped")
        draft = self.env["hc.approval.policy"].browse(
            shipped.with_user(self.administrator).action_new_version()["res_id"]
        )
        mine = [row for row in draft._backtest() if row["kind"] == "Denial Write-Off"]
        self.assertFalse([row for row in mine if row["changed"]])
        draft.route_ids.filtered(lambda each: each.code == "DWO-1").code = "DWO-1a"
        changed = [row for row in draft._backtest() if row["changed"]]
        self.assertEqual(
            [(row["before"], row["after"], row["count"]) for row in changed],
            [("DWO-1", "DWO-1a", 1)],
        )
        self.assertIn("DWO-1 → DWO-1a × 1", draft._describe_backtest())
        self.assertIn("DWO-1a", draft.backtest_html)
