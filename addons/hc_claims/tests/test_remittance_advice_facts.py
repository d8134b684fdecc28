# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta
from decimal import Decimal

from odoo.tests import tagged

from .remittance_common import RemittanceCase, clp


@tagged("post_install", "-at_install")
class TestRemittanceAdviceFacts(RemittanceCase):
    """What answers tell advisers: how payers first answered, and amounts to compare."""

    def test_first_answers(self):
        paid, denied, silent = (self._make_claim(f"R-{number}") for number in range(3))
        adjustments = [("CO", "45", 50), ("PR", "2", 20)]
        self._post([clp(paid.name, 150, 80, adjustments=adjustments)], 80)
        self._post([clp(denied.name, 150, 0, adjustments=[("CO", "197", 150)])], 0)
        cases = paid.case_id | denied.case_id | silent.case_id
        self.assertEqual(
            cases._get_initial_outcomes(), {paid.case_id.id: "paid", denied.case_id.id: "denied"}
        )

    def test_paid_services_are_given_to_compare(self):
        services = self.env["hc.remittance.service"]
        claim = self._make_claim("R-1")
        lines = [("V1001", 150, 80, [("CO", "45", 50), ("PR", "2", 20)])]
        remittance = self._post([clp(claim.name, 150, 80, lines=lines)], 80)
        paid = remittance.claim_ids.service_ids.filtered(lambda service: service.amount_paid > 0)
        self.assertEqual(len(paid), 1)
        today = self.env.cr.now().date()
        given = services._review_entries(today - timedelta(days=1), today, 100)
        entries = [entry for entry in given if entry.record_id in paid.ids]
        self.assertEqual({entry.record_id for entry in entries}, set(paid.ids))
        self.assertEqual(
            [entry.amount for entry in entries],
            [Decimal(str(service.amount_paid)) for service in paid.sorted("id", reverse=True)],
        )
        past = today - timedelta(days=9)
        self.assertFalse(services._review_entries(past, past, 100))
