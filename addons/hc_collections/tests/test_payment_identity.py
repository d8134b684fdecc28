# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .payment_common import PaymentCase


class IdentityCase(PaymentCase):
    """One account that pays through Odoo, and reports of it."""

    def _account(self, number):
        self.case = self._bill_patient(number)
        self.account = self._account_of(self.case)
        return self.account

    def _confirm(self, reference, amount, **values):
        return self._report(
            "confirmed", reference, amount, account_number=self.account.name, **values
        )

    def _payments(self):
        return self.env["account.payment"].search([("partner_id", "=", self.account.partner_id.id)])


@tagged("post_install", "-at_install")
class TestPaymentIdentity(IdentityCase):
    """A payment that Odoo and another system both tell of is booked once, in either order."""

    def test_the_report_before_odoos_own_payment(self):
        account = self._account("ID-1")
        report = self._confirm("PSP-1", 60.0)
        transaction = self._transaction(account, 60.0, provider_reference="PSP-1")
        self._finish(transaction)
        self.assertEqual(self._payments(), report.payment_id)
        self.assertEqual(transaction.payment_id, report.payment_id)
        self.assertEqual(account.amount_open, 90.0)

    def test_the_report_while_odoo_waits_for_the_answer(self):
        account = self._account("ID-2")
        for state in ("draft", "pending", "error"):
            with self.subTest(state=state):
                reference = f"PSP-2-{state}"
                transaction = self._transaction(account, 10.0, reference=reference)
                transaction.state = state
                report = self._confirm(reference, 10.0)
                self.assertEqual(transaction.state, "done")
                self.assertEqual(report.payment_id, transaction.payment_id)
        self.assertEqual((len(self._payments()), account.amount_open), (3, 120.0))

    def test_anothers_payment_of_the_same_name_is_another(self):
        other = self._account("ID-3A")
        transaction = self._transaction(other, 60.0, reference="CHECK-1001")
        account = self._account("ID-3B")
        report = self._confirm("CHECK-1001", 60.0)
        self.assertEqual((transaction.state, report.account_id), ("draft", account))
        self._finish(transaction)
        self.assertEqual((other.amount_open, account.amount_open), (90.0, 90.0))

    def test_a_refund_that_both_tell_of_is_booked_once(self):
        for first in ("report", "odoo"):
            with self.subTest(first=first):
                account = self._account(f"ID-4-{first}")
                transaction = self._transaction(
                    account, 100.0, provider_reference=f"PSP-{first}", reference=f"TX-{first}"
                )
                self._finish(transaction)
                refund = transaction._create_child_transaction(40.0, is_refund=True)
                refund.provider_reference = f"RE-{first}"
                values = {"event_reference": f"RE-{first}"}
                if first == "report":
                    self._report("refunded", f"PSP-{first}", 40.0, **values)
                self._finish(refund)
                if first == "odoo":
                    self._report("refunded", f"PSP-{first}", 40.0, **values)
                self.assertEqual(account.amount_open, 90.0)

    def test_two_amounts_of_one_payment_go_to_a_person(self):
        account = self._account("ID-5")
        self._finish(self._transaction(account, 60.0, provider_reference="PSP-5"))
        self._confirm("PSP-5", 61.0)
        self.assertEqual((len(self._payments()), account.amount_open), (1, 90.0))
        self.assertIn("two amounts", self._item("payment_unmatched", account).name)

    def test_a_late_failure_of_a_payment_that_came_is_nobodys_work(self):
        account = self._account("ID-6")
        self._confirm("A", 60.0)
        late = self._report("failed", "A", 0.0, account_number=account.name)
        self.assertEqual((late.state, account.amount_open), ("applied", 90.0))
        self.assertFalse(self._item("payment_failed", account))
        self._report("failed", "B", 0.0, account_number=account.name)
        self.assertTrue(self._item("payment_failed", account))
        self._confirm("B", 10.0)
        self.assertFalse(self._item("payment_failed", account), "it has come after all")

    def test_a_failure_settles_what_was_unknown(self):
        account = self._account("ID-7")
        transaction = self._transaction(account, 60.0, reference="PSP-7")
        transaction._set_pending()
        self._report("failed", "PSP-7", 0.0, note="insufficient funds")
        self.assertEqual(transaction.state, "error")
        self.assertEqual(len(self._item("payment_failed", account)), 1)

    def test_tomorrow_elsewhere_is_today_here(self):
        account = self._account("ID-8")
        report = self._confirm("A", 60.0, happened_on=self.today + timedelta(days=1))
        self.assertEqual((report.payment_id.date, account.amount_open), (self.today, 90.0))

    def test_a_charge_back_that_is_won_settles_again(self):
        account = self._account("ID-9")
        early = self._report("reversal_undone", "A", 60.0)
        self.assertEqual(early.state, "waiting")
        self._confirm("A", 60.0)
        self.assertEqual((early.state, account.amount_open), ("waiting", 90.0))
        self._report("charged_back", "A", 60.0, event_reference="1")
        self.assertEqual((early.state, account.amount_open), ("applied", 90.0))
        self._report("charged_back", "A", 60.0, event_reference="2")
        self.assertEqual((account.amount_open, account.amount_unapplied), (150.0, 0.0))
        third = self._report("charged_back", "A", 0.01, event_reference="3")
        self.assertEqual(third.state, "unmatched", "it was taken back in full")

    def test_saved_methods_of_another_facility_are_not_seen(self):
        token = self._token(self._account("ID-10"))
        stranger = self._create_user("id.stranger", "collector", facilities=self.other_facility)
        tokens = self.env["payment.token"]
        self.assertFalse(tokens.with_user(stranger).search([("id", "=", token.id)]))
        self.assertTrue(tokens.with_user(self.collector).search([("id", "=", token.id)]))


@tagged("post_install", "-at_install")
class TestSettlementByHand(IdentityCase):
    """What people reconcile stays; the settlement undoes only what it made itself."""

    def _two_cases(self, number):
        account = self._account(number)
        child = self._create_patient(f"{number}B", guarantor_id=account.patient_id.id)
        self.second = self._bill(f"{number}-2", coverage=self.no_coverage, patient=child)
        return account

    def _item_of(self, case):
        return case.invoice_ids.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def test_what_a_person_assigned_stays(self):
        self._two_cases("BH-1")
        payment = self._confirm("A", 60.0).payment_id
        line = payment._get_receivable_line()
        line.remove_move_reconcile()
        (line | self._item_of(self.second)).reconcile()
        self.assertEqual((self._open(self.case), self._open(self.second)), (150.0, 90.0))
        self._confirm("B", 30.0)
        self.assertEqual((self._open(self.case), self._open(self.second)), (120.0, 90.0))

    def test_a_refund_of_what_a_person_assigned_goes_to_a_person(self):
        account = self._two_cases("BH-2")
        line = self._confirm("A", 60.0).payment_id._get_receivable_line()
        line.remove_move_reconcile()
        (line | self._item_of(self.second)).reconcile()
        self._report("refunded", "A", 60.0)
        self.assertEqual(self._open(self.second), 90.0)
        self.assertIn("assigned by hand", self._item("payment_unmatched", account).description)

    def test_its_own_it_undoes(self):
        self._two_cases("BH-3")
        self._confirm("B", 100.0)
        self._confirm("A", 100.0, happened_on=self.today - timedelta(days=1))
        partials = self._item_of(self.case).matched_credit_ids
        self.assertTrue(all(partials.mapped("hc_is_settlement")))
        by_payment = {
            partial.credit_move_id.move_id.origin_payment_id.hc_reference: partial.amount
            for partial in partials
        }
        self.assertEqual(by_payment, {"A": 100.0, "B": 50.0})

    def test_odoos_settlement_of_a_portal_payment_is_no_persons(self):
        account = self._two_cases("BH-4")
        transaction = self._transaction(
            account, 60.0, invoice_ids=[(6, 0, self._item_of(self.case).move_id.ids)]
        )
        self._finish(transaction)
        self.assertEqual(self._open(self.case), 90.0)
        self._finish(transaction._create_child_transaction(60.0, is_refund=True))
        self.assertEqual(self._open(self.case), 150.0)

    def test_nobody_claims_the_settlements_work(self):
        self._two_cases("BH-5")
        self._confirm("A", 60.0)
        partial = self._item_of(self.case).matched_credit_ids
        with self.assertRaises(AccessError):
            partial.write({"hc_is_settlement": False})

    def test_items_without_a_due_day_are_sorted_too(self):
        account = self._two_cases("BH-6")
        items = self._item_of(self.case) | self._item_of(self.second)
        items.flush_recordset()
        self.env.cr.execute(
            "UPDATE account_move_line SET date_maturity = NULL WHERE id = %s", [items[0].id]
        )
        self.env.invalidate_all()
        self._report("confirmed", "A", 60.0, case_numbers=[self.case.name, self.second.name])
        self.assertEqual(account.amount_open, 240.0)
