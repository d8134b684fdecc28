# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerRefund(LedgerCase):
    def _credit(self, case, party="patient"):
        return case._get_adjustable_amount(f"refund_{party.split('_')[0]}", party)

    def test_a_credit_is_paid_back_in_part_and_in_whole(self):
        case = self._bill_patient()
        self._pay_amount(case, 150.0)
        self._overpay(case, 40.0)
        self.assertEqual((case.stage, self._credit(case)), ("closed", 40.0))
        action = self._adjust(case, "refund_patient", 15.0, "patient")
        payment = action.entry_ids.origin_payment_id
        self.assertEqual(
            (payment.payment_type, payment.amount, payment.partner_id),
            ("outbound", 15.0, case.patient_id.partner_id),
        )
        self.assertEqual(action.entry_ids.state, "posted")
        self.assertEqual(self._credit(case), 25.0)
        self._adjust(case, "refund_patient", 25.0, "patient")
        self.assertEqual((self._credit(case), case.stage), (0.0, "closed"))
        self._assert_adds_up(case)

    def test_a_payer_gets_back_what_it_paid_too_much(self):
        case = self._bill()
        self._overpay(case, 12.34)
        action = self._adjust(case, "refund_payer", 12.34, "payer_1")
        self.assertEqual(action.entry_ids.origin_payment_id.partner_id, self.payer.partner_id)
        self.assertEqual((self._credit(case, "payer_1"), self._open(case)), (0.0, 150.0))

    def test_the_oldest_money_goes_back_first(self):
        case = self._bill_patient()
        old, new = self._overpay(case, 10.0), self._overpay(case, 30.0)
        self._adjust(case, "refund_patient", 15.0, "patient")
        left = {
            payment: sum(
                payment.move_id.line_ids.filtered(
                    lambda line: line.account_type == "asset_receivable"
                ).mapped("amount_residual")
            )
            for payment in (old, new)
        }
        self.assertEqual(left, {old: 0.0, new: -25.0})

    def test_a_refund_is_bound_by_the_credit(self):
        case = self._bill_patient()
        with self._refused("the credit is"):
            self._adjust(case, "refund_patient", 1.0, "patient")
        self._overpay(case, 20.0)
        for amount, message in ((20.01, "the credit is"), (0.0, "above zero"), (-1, "above zero")):
            with self._refused(message):
                self._adjust(case, "refund_patient", amount, "patient")
        with self._refused("does not apply"):
            self._adjust(case, "refund_payer", 5.0, "patient")

    def test_a_credit_is_never_written_off(self):
        case = self._bill_patient()
        self._pay_amount(case, 150.0)
        self._overpay(case, 3.0)
        for amount in (3.0, -3.0):
            with self._refused("open are|above zero"):
                self._adjust(case, "small_balance", amount, "patient")
        self.assertEqual(self._credit(case), 3.0)

    def test_what_nobody_paid_is_no_credit(self):
        """A write-off that was taken off its invoice is not money to give back."""
        case = self._bill_patient()
        action = self._adjust(case, "charity_care", 150.0, "patient")
        credit = action.entry_ids.line_ids.filtered("credit")
        with credit.move_id._permit_undoing():
            credit.remove_move_reconcile()
        self.assertEqual(self._credit(case), 0.0)

    def test_a_refund_is_reversed_and_the_credit_is_back(self):
        case = self._bill_patient()
        self._overpay(case, 20.0)
        action = self._adjust(case, "refund_patient", 20.0, "patient")
        self._reverse(action)
        self.assertEqual(self._credit(case), 20.0)
        self.assertEqual(action.entry_ids.origin_payment_id.state, "canceled")
        self._adjust(case, "refund_patient", 20.0, "patient", key="second try")
        self.assertEqual(self._credit(case), 0.0)

    def test_nobody_takes_a_refund_back_by_accounting(self):
        case = self._bill_patient()
        self._overpay(case, 20.0)
        action = self._adjust(case, "refund_patient", 20.0, "patient")
        accountant = new_test_user(
            self.env,
            "refund.accountant",
            groups="base.group_user,account.group_account_manager,"
            "hc_revenue_base.group_hc_all_facilities",
        )
        payment = action.entry_ids.origin_payment_id.with_user(accountant)
        for attempt in (
            payment.action_draft,
            payment.action_cancel,
            payment.unlink,
            lambda: payment.write({"amount": 1.0}),
            lambda: payment.write({"state": "canceled"}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
            self.env.invalidate_all()
        self.assertEqual((self._credit(case), action.entry_ids.state), (0.0, "posted"))

    def test_a_closed_period_pays_nothing(self):
        case = self._bill_patient()
        self._overpay(case, 20.0)
        self.company.fiscalyear_lock_date = case._get_today()
        with self._refused("cannot add/modify entries"):
            self._adjust(case, "refund_patient", 20.0, "patient")
        self.assertEqual(self._credit(case), 20.0)

    def test_base_alone_asks_for_a_manager(self):
        case = self._bill_patient()
        self._overpay(case, 20.0)
        action = self._adjust(case, "refund_patient", 20.0, "patient", user=self.clerk)
        self.assertEqual((action.state, self._credit(case)), ("rejected", 20.0))
