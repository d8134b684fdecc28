# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.test_billing_flow import BillingFlowCase

from .sample_records import create_source


@tagged("post_install", "-at_install")
class TestFeed(BillingFlowCase):
    """The feed for reporting platforms says what ledger and indicators say, and no names."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "reporting")
        cls.source.user_id.hc_facility_ids = cls.facility
        cls.operations = cls.env["hc.operation"].with_user(cls.source.user_id)

    def _read(self, **payload):
        answer = self.operations.run("resource.read", {"resource": "transactions", **payload})
        self.assertEqual(answer["status"], "ok", answer)
        return answer["result"]["records"]

    def test_transactions_add_up_to_what_is_owed(self):
        case = self._bill("FEED-1")
        self.env.flush_all()
        lines = self.env["hc.ledger.transaction"].search([("case_id", "=", case.id)])
        self.assertEqual(lines.mapped("kind"), ["charge"])
        balances = self.env["hc.balance"].search([("case_id", "=", case.id)])
        self.assertEqual(sum(lines.mapped("amount_open")), sum(balances.mapped("amount_open")))
        self.assertGreater(lines.amount, 0)

    def test_other_facilities_are_not_served(self):
        case = self._bill("FEED-2")
        self.source.user_id.hc_facility_ids = self.other_facility
        lines = self.env["hc.ledger.transaction"].with_user(self.source.user_id)
        self.assertFalse(lines.search([("case_id", "=", case.id)]))
        self.source.user_id.hc_facility_ids = self.facility
        self.assertTrue(lines.search([("case_id", "=", case.id)]))

    def test_no_patient_is_named(self):
        resource = {entry.name: entry for entry in self.operations._get_resources()}["transactions"]
        self.assertFalse(resource.private_fields)
        self.assertFalse([path for path in resource.fields.values() if "patient" in path])

    def test_indicators_are_those_of_the_page(self):
        today = fields.Date.context_today(self.operations)
        answer = self.operations.run("kpi.fetch", {"first_day": str(today)})
        self.assertEqual(answer["status"], "ok", answer)
        figures = {row["code"]: row for row in answer["result"]["figures"]}
        provider = self.env["hc.kpi.provider"].with_user(self.source.user_id)
        self.assertGreater(len(figures), 5)
        for code, row in figures.items():
            expected = provider._compute_kpi(code, today).figure.value
            self.assertEqual(row["value"], None if expected is None else str(expected), code)

    def test_questions_that_cannot_be_answered(self):
        today = fields.Date.context_today(self.operations)
        cases = (
            ({"first_day": str(today + timedelta(days=1))}, "payload_invalid"),
            (
                {"first_day": str(today - timedelta(days=40)), "last_day": str(today)},
                "payload_invalid",
            ),
            (
                {"first_day": str(today), "last_day": str(today - timedelta(days=1))},
                "payload_invalid",
            ),
            ({"first_day": "yesterday"}, "payload_invalid"),
            ({"first_day": str(today), "codes": ["no_such"]}, "not_found"),
        )
        for payload, code in cases:
            with self.subTest(payload=payload):
                answer = self.operations.run("kpi.fetch", payload)
                self.assertEqual(answer["error"]["code"], code, answer)
