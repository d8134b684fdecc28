# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .remittance_common import RemittanceCase, clp


@tagged("post_install", "-at_install")
class TestRemittanceBank(RemittanceCase):
    """The bank's receipt finds its remittance by trace number and amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )

    def _receive_money(self, amount, text):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-03-11",
                "payment_ref": text,
                "amount": amount,
            }
        )

    def _pay(self, number, trace):
        claim = self._make_claim(number)
        return self._post(
            [clp(claim.name, 150, 100, adjustments=[("CO", "45", 50)])], 100, trace=trace
        )

    def test_amount_and_trace_number_find_each_other(self):
        remittance = self._pay("B-1", "EFT778")
        line = self._receive_money(100.0, "ACME HEALTH HCCLAIMPMT TRN*1*EFT778*160054")
        remittance._find_receipts()
        self.assertTrue(remittance.bank_item_id)
        self.assertTrue(line.is_reconciled)
        self.assertTrue(remittance._get_receipt_items().reconciled)
        # Undone at the bank line by accounting's own button, and found again.
        line.action_undo_reconciliation()
        self.assertFalse(remittance.bank_item_id)
        self.assertFalse(remittance._get_receipt_items().reconciled)
        remittance.with_user(self.finance).action_find_receipt()
        self.assertTrue(line.is_reconciled)
        with self._refused("reconciled with the bank"):
            remittance.with_user(self.finance)._request_undo(idempotency_key="undo")

    def test_nothing_is_guessed(self):
        remittance = self._pay("B-2", "EFT779")
        other_amount = self._receive_money(99.99, "EFT779")
        longer_number = self._receive_money(100.0, "EFT7790")
        with self._refused("No open bank receipt"):
            remittance.with_user(self.finance).action_find_receipt()
        first = self._receive_money(100.0, "EFT779")
        second = self._receive_money(100.0, "PAYMENT EFT779")
        remittance._find_receipts()
        self.assertFalse(remittance.bank_item_id)
        for line in (other_amount, longer_number, first, second):
            self.assertFalse(line.is_reconciled)
        with self._refused("Finance reconciles"):
            remittance.with_user(self.poster).action_find_receipt()
