# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.hc_core.kpi_question import KpiQuestion

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestBorder(ApprovalCommon):
    """What indicators and other systems know of approvals."""

    def _figure(self, code):
        today = fields.Date.context_today(self.facility)
        result = self.env["hc.kpi.provider"]._compute_kpi(code, today, facilities=self.facility)
        return result.figure

    def test_indicators_count_what_waits_and_what_was_decided(self):
        first = self._request_write_off(300.0, key="one")
        self._request_write_off(4200.0, key="two", case=self._create_case("AP-2", 40))
        self.env.flush_all()
        self.assertEqual(self._figure("approvals_waiting").count, 2)
        self._approve(first, self.team_lead)
        self.env.flush_all()
        self.assertEqual(self._figure("approvals_waiting").count, 1)
        self.assertEqual(self._figure("approval_cycle_days").count, 1)
        today = fields.Date.context_today(self.facility)
        question = KpiQuestion("approvals_waiting", today, self.company.id)
        found = self.env["hc.approval.request"].search([("kpi_figure", "=", question.to_text())])
        self.assertIn("two", found.action_id.mapped("idempotency_key"))

    def test_other_systems_see_where_a_request_stands(self):
        request = self._request_write_off(300.0).approval_request_ids
        operation = self.env["hc.operation"].with_user(self.clerk)
        answer = operation._operation_fetch_approval({"request": request.id})
        self.assertEqual(
            (answer["state"], answer["amount"], answer["waiting_for"]),
            ("waiting", "300.00", "Team Lead"),
        )
