# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import random
from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .payment_common import PaymentCase


@tagged("post_install", "-at_install")
class TestPaymentReport(PaymentCase):
    """What other systems report of payments changes the balance at once, once, in any order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        patient = cls._create_patient("20REP")
        cls.first = cls._bill_of(patient, "R-1")
        child = cls._create_patient("20REPB", guarantor_id=patient.id)
        cls.second = cls._bill_of(child, "R-2")
        cls.account = cls.env["hc.collection.account"].search(
            [("partner_id", "=", cls.first._get_party("patient").id)]
        )

    @classmethod
    def _bill_of(cls, patient, number):
        return cls._bill(number, coverage=cls.no_coverage, patient=patient)

    def _confirm(self, reference, amount, **values):
        return self._report(
            "confirmed", reference, amount, account_number=self.account.name, **values
        )

    def test_a_confirmed_payment_settles_the_oldest_or_the_named(self):
        report = self._confirm("A", 60.0)
        self.assertEqual((report.state, report.account_id), ("applied", self.account))
        self.assertEqual(self.account.amount_open, 240.0)
        self.assertEqual((self._open(self.first), self._open(self.second)), (90.0, 150.0))
        self._report("confirmed", "B", 150.0, case_numbers=[self.second.name])
        self.assertEqual((self._open(self.first), self._open(self.second)), (90.0, 0.0))
        self.assertEqual(self.second.stage, "closed")
        self._confirm("C", 100.0)
        self.assertEqual((self.account.amount_open, self.account.amount_unapplied), (0.0, 10.0))

    def test_the_same_report_twice_is_booked_once(self):
        report = self._confirm("A", 60.0)
        self.assertEqual(self._confirm("A", 60.0), report)
        self.assertEqual((self.account.amount_open, report.amount_moved), (240.0, 60.0))
        with self._refused("another Amount"):
            self._confirm("A", 61.0)

    def test_refunds_reopen_the_balance(self):
        self._confirm("A", 200.0)
        self.assertEqual(self.first.stage, "closed")
        self._report("refunded", "A", 80.0, event_reference="r1")
        self.assertEqual((self._open(self.first), self._open(self.second)), (30.0, 150.0))
        self.assertEqual(self.first.stage, "invoiced")
        self._report("refunded", "A", 80.0, event_reference="r1")
        self.assertEqual(self.account.amount_open, 180.0)
        excess = self._report("refunded", "A", 120.01, event_reference="r2")
        self.assertEqual(excess.state, "unmatched")
        self.assertTrue(self._item("payment_unmatched", excess))
        self.assertEqual(self.account.amount_open, 180.0)

    def test_a_refund_before_its_payment_waits(self):
        refund = self._report("refunded", "A", 20.0)
        self.assertEqual((refund.state, self.account.amount_open), ("waiting", 300.0))
        self._confirm("A", 60.0)
        self.assertEqual((refund.state, self.account.amount_open), ("applied", 260.0))
        lost = self._report("refunded", "Z", 5.0)
        lost._leave_waiting()
        self.assertTrue(self._item("payment_unmatched", lost))

    def test_a_charge_back_reopens_and_goes_to_a_person(self):
        self._confirm("A", 150.0)
        self._report("charged_back", "A", 150.0, note="not authorized")
        self.assertEqual(self.account.amount_open, 300.0)
        self.assertTrue(self._item("payment_charged_back", self.account))
        bodies = " ".join(self.account.message_ids.mapped("body"))
        self.assertIn("took back", bodies)

    def test_what_belongs_to_no_account_goes_to_a_person_and_is_assigned(self):
        report = self._report("confirmed", "A", 60.0, account_number="AC9999999")
        item = self._item("payment_unmatched", report)
        self.assertEqual((report.state, len(item)), ("unmatched", 1))
        report.with_user(self.collector)._assign(self.account.with_user(self.collector))
        self.assertEqual((report.state, self.account.amount_open), ("applied", 240.0))
        self.assertEqual(item.state, "resolved")
        failed = self._report("failed", "B", 0.0, account_number=self.account.name)
        self.assertEqual(failed.state, "applied")
        self.assertTrue(self._item("payment_failed", self.account))

    def test_a_foreign_currency_is_not_booked(self):
        foreign = self.env.ref("base.EUR")
        foreign.active = True
        report = self._confirm("A", 60.0, currency="EUR")
        self.assertEqual((report.state, self.account.amount_open), ("unmatched", 300.0))
        with self._refused("patient's account in EUR"):
            report.with_user(self.collector)._assign(self.account.with_user(self.collector))

    def test_hostile_reports_are_refused(self):
        for values, message in (
            ({"amount": -5.0}, "above zero"),
            ({"amount": 5.001}, "decimals"),
            ({"amount": 1e12}, "decimals"),
            ({"amount": 5.0, "currency": "ZZZ"}, "currency"),
            ({"amount": 5.0, "happened_on": self.today + timedelta(days=2)}, "still to come"),
            ({"amount": 5.0, "note": "=HYPERLINK(1)"}, "formula"),
        ):
            with self.subTest(values=values), self._refused(message):
                self._confirm("X", **values)
        with self._refused("no payment source"):
            self.env["hc.payment.report"]._take("nobody", "confirmed", "X", 1.0, "USD", self.today)

    def test_the_same_events_in_any_order_give_the_same_ledger(self):
        number = self.account.name
        day = self.today - timedelta(days=2)
        events = [
            ("confirmed", "A", 100.0, {"account_number": number, "happened_on": day}),
            ("confirmed", "B", 120.0, {"case_numbers": [self.second.name]}),
            ("confirmed", "C", 55.5, {"account_number": number}),
            ("refunded", "A", 40.0, {"event_reference": "r1"}),
            ("refunded", "A", 10.0, {"event_reference": "r2"}),
            ("charged_back", "B", 120.0, {"event_reference": "c1"}),
            ("reversal_undone", "B", 20.0, {"event_reference": "w1"}),
            ("failed", "D", 0.0, {"account_number": number}),
            ("confirmed", "D", 33.33, {"account_number": number}),
        ]
        chance, ledgers = random.Random(6), set()
        for _round in range(4):
            chance.shuffle(events)
            savepoint = self.env.cr.savepoint()
            for event, reference, amount, values in events:
                self._report(event, reference, amount, **values)
            ledgers.add(self._read_ledger())
            savepoint.rollback()
            self.env.invalidate_all()
        self.assertEqual(len(ledgers), 1, ledgers)

    def _read_ledger(self):
        """Which payment settles how much of which case, and what is open."""
        payments = self.env["account.payment"].search([("hc_account_id", "=", self.account.id)])
        settled = sorted(
            (
                partial.credit_move_id.move_id.origin_payment_id.hc_reference,
                partial.debit_move_id.hc_case_id.name or "refund",
                partial.amount,
            )
            for payment in payments
            for partial in payment._get_receivable_line().matched_debit_ids
        )
        return (
            tuple(settled),
            self._open(self.first),
            self._open(self.second),
            self.account.amount_open,
            self.account.amount_unapplied,
            self.first.stage,
            self.second.stage,
        )

    def test_the_operation_and_the_document_report_too(self):
        payload = {
            "source": "lockbox",
            "event": "confirmed",
            "reference": "A",
            "amount": "60.00",
            "currency": self.company.currency_id.name,
            "happened_on": str(self.today),
            "account_number": self.account.name,
        }
        operations = self.env["hc.operation"].with_user(self.integration)
        answer = operations.run("payment.report", payload, "key-1-of-the-sender")
        self.assertEqual(answer["result"]["state"], "applied", answer)
        self.assertEqual(answer["result"]["amount_open"], "240.00")
        refused = operations.with_user(self.collector).run("payment.report", payload, "key-2-x-y-z")
        self.assertEqual(refused["error"]["code"], "access_denied")
        document = {key: payload[key] for key in ("reference", "currency", "happened_on")}
        content = json.dumps({**document, "amount": "10.00"}).encode()
        exchange, _verdict = (
            self.env["hc.exchange"]
            .with_user(self.integration)
            ._receive("payment_refunded", "lockbox", "D-1", content, "refund.json")
        )
        exchange._process(lambda done, left: True)
        self.assertEqual((exchange.sudo().state, self.account.amount_open), ("done", 250.0))
        bad, _verdict = (
            self.env["hc.exchange"]
            .with_user(self.integration)
            ._receive("payment_refunded", "lockbox", "D-2", b"[[[[", "bad.json")
        )
        bad._process(lambda done, left: True)
        self.assertEqual(bad.sudo().state, "rejected")

    def test_another_companys_account_and_strangers(self):
        report = self._report("confirmed", "A", 60.0, account_number="AC9999999")
        with self._refused("in a sentence"):
            report.with_user(self.manager)._dismiss("no")
        stranger = self._create_user("rep.stranger", "collector", facilities=self.other_facility)
        with self.assertRaises(AccessError):
            report.with_user(stranger)._assign(self.account.with_user(stranger))
        with self._refused("Supervisors and finance", error=AccessError):
            report.with_user(self.collector)._dismiss("The pharmacy's payment.")
        report.with_user(self.manager)._dismiss("The pharmacy's payment.")
        self.assertEqual(report.state, "dismissed")


@tagged("post_install", "-at_install")
class TestPaymentTransaction(PaymentCase):
    """Odoo's own payment transactions, and instalments that are charged by them."""

    def test_a_transaction_changes_the_balance_at_once(self):
        case = self._bill_patient("T-1")
        account = self._account_of(case)
        transaction = self._transaction(account, 60.0)
        self._finish(transaction)
        self.assertEqual((account.amount_open, self._open(case)), (90.0, 90.0))
        transaction._post_process()
        self.assertEqual(account.amount_open, 90.0, "post-processed twice, booked once")

    def test_a_refund_and_a_failure(self):
        case = self._bill_patient("T-2")
        account = self._account_of(case)
        transaction = self._transaction(account, 150.0)
        self._finish(transaction)
        self.assertEqual(case.stage, "closed")
        with self._refused("Refunds to patients are requested"):
            transaction.action_refund(50.0)
        refund = transaction._create_child_transaction(50.0, is_refund=True)
        self._finish(refund)
        self.assertEqual((account.amount_open, case.stage), (50.0, "invoiced"))
        failed = self._transaction(account, 50.0, reference="T-2-failed")
        failed._set_error("card refused")
        failed._post_process()
        self.assertEqual(self._item("payment_failed", account).description, "card refused")

    def test_a_report_of_a_payment_made_through_odoo_is_not_booked_twice(self):
        case = self._bill_patient("T-3")
        account = self._account_of(case)
        transaction = self._transaction(account, 60.0, provider_reference="PSP-1")
        self._finish(transaction)
        report = self._report("confirmed", "PSP-1", 60.0, account_number=account.name)
        self.assertEqual(report.payment_id, transaction.payment_id)
        self.assertEqual(account.amount_open, 90.0)
        self._report("charged_back", "PSP-1", 60.0)
        self.assertEqual(account.amount_open, 150.0)

    def test_two_payments_at_once_settle_once(self):
        case = self._bill_patient("T-4")
        account = self._account_of(case)
        first = self._transaction(account, 100.0)
        second = self._transaction(account, 100.0, reference="T-4-second")
        first._set_done()
        second._set_done()
        (first | second)._post_process()
        self.assertEqual((account.amount_open, account.amount_unapplied), (0.0, 50.0))

    def test_anothers_saved_method_is_refused(self):
        case = self._bill_patient("T-7")
        self.account = self._account_of(case)
        other = self._account_of(self._bill_patient("T-8"))
        company = self.env["res.company"].create({"name": "Other Clinic"})
        journal = self.env["account.journal"].create(
            {"name": "Bank", "code": "OBNK", "type": "bank", "company_id": company.id}
        )
        abroad = self._create_provider(company, journal)
        tokens = self.env["payment.token"].with_user(self.collector)
        own = self._token(self.account)
        self.assertTrue(tokens.search([("id", "=", own.id)]), "to choose from in the calculator")
        nobodys = own.sudo().copy({"partner_id": self.collector.company_id.partner_id.id})
        self.assertFalse(tokens.search([("id", "=", nobodys.id)]))
        for token in (self._token(other), self._token(self.account, abroad)):
            with self._refused("not one of the party's"):
                self._propose(case, pay_by="token", token_id=token.id)
        with self._refused("Choose the saved"):
            self._propose(case, pay_by="token")
