# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.tests import tagged

from odoo.addons.hc_collections.tests.payment_common import PaymentCase


@tagged("post_install", "-at_install")
class TestCredits(PaymentCase):
    """Money that is a patient's is one person's work, whoever finds it."""

    def test_a_credit_that_claims_follow_up_is_no_second_item(self):
        account = self._account_of(self._bill_patient("ONE-CREDIT"))
        self._report(
            "confirmed",
            "ONE-CREDIT",
            180.0,
            account_number=account.name,
            happened_on=self.today - timedelta(days=31),
        )
        self.env["hc.credit.balance"]._find_in_company(self.company)
        account._sweep_credits()
        self.assertFalse(self._item("credit_unapplied", account))
        credit = self.env["hc.credit.balance"].search([("partner_id", "=", account.partner_id.id)])
        self.assertEqual((credit.amount, credit.state), (30.0, "open"))
