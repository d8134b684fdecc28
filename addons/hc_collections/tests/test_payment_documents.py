# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import LockError
from odoo.fields import Command
from odoo.tests import tagged

from .payment_common import PaymentCase
from .placement_common import PlacementCase


class _BusyAccounts:
    """Accounts that another worker holds: a test has one connection, and waits for nobody."""

    @contextmanager
    def _busy_accounts(self):
        def refuse(accounts):
            raise LockError(accounts.env._("Somebody else is booking on this account."))

        accounts = self.env.registry["hc.collection.account"]
        with patch.object(accounts, "_lock_for_settlement", refuse):
            yield


@tagged("post_install", "-at_install")
class TestPaymentDocuments(_BusyAccounts, PaymentCase):
    """A document that reports a payment is booked as a whole, or not at all and again later."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        case = cls._bill("PD-1", coverage=cls.no_coverage, patient=cls._create_patient("20PAYDOC"))
        cls.account = cls.env["hc.collection.account"].search(
            [("partner_id", "=", case._get_party("patient").id)]
        )

    def _receive_report(self, number, source="lockbox"):
        document = {
            "reference": "PD-A",
            "amount": "60.00",
            "currency": self.company.currency_id.name,
            "happened_on": str(self.today),
            "account_number": self.account.name,
        }
        # Each document is another file: the same one twice is one document.
        content = json.dumps(document, indent=number).encode()
        exchange, _verdict = (
            self.env["hc.exchange"]
            .with_user(self.integration)
            ._receive("payment_confirmed", source, f"PD-{number}", content, "paid.json")
        )
        return exchange

    def _search_reports(self):
        return self.env["hc.payment.report"].search([("reference", "=", "PD-A")])

    def test_what_fails_half_way_is_booked_when_it_comes_again(self):
        journal = self.bank.copy({"name": "No ways in", "code": "NOWAY"})
        journal.inbound_payment_method_line_ids.unlink()
        self.env["hc.payment.source"].create(
            {"name": "New bank", "code": "newbank", "journal_id": journal.id}
        )
        first = self._receive_report(1, "newbank")
        first._process(lambda done, left: True)
        self.assertEqual(first.sudo().state, "rejected")
        self.assertIn("no payment method", first.sudo().error)
        self.assertFalse(self._search_reports(), "nothing is left half-way")
        manual = self.env.ref("account.account_payment_method_manual_in")
        journal.inbound_payment_method_line_ids = [
            Command.create({"payment_method_id": manual.id, "name": "Manual"})
        ]
        second = self._receive_report(2, "newbank")
        second._process(lambda done, left: True)
        self.assertEqual(second.sudo().state, "done")
        self.assertEqual(self._search_reports().state, "applied")
        self.assertEqual(self.account.amount_open, 90.0)

    def test_a_busy_account_is_no_reason_to_reject(self):
        exchange = self._receive_report(3)
        with self._busy_accounts(), self.assertRaises(LockError):
            exchange._process(lambda done, left: True)
        self.assertFalse(self._search_reports())
        self.assertNotEqual(exchange.sudo().state, "rejected")
        exchange._process(lambda done, left: True)
        self.assertEqual((exchange.sudo().state, self.account.amount_open), ("done", 90.0))

    def test_a_report_left_unbooked_is_booked_when_told_again(self):
        vals = {"account_number": self.account.name, "happened_on": self.today}
        reports = self.env["hc.payment.report"]
        with patch.object(self.env.registry[reports._name], "_apply", lambda _report: None):
            left = self._report("confirmed", "PD-A", 60.0, **vals)
        self.assertEqual((left.state, self.account.amount_open), ("received", 150.0))
        again = self._report("confirmed", "PD-A", 60.0, **vals)
        self.assertEqual((again, left.state, self.account.amount_open), (left, "applied", 90.0))


@tagged("post_install", "-at_install")
class TestAgencyReportBusy(_BusyAccounts, PlacementCase):
    """A row whose account another worker holds is not refused: its step is done again."""

    def test_a_busy_account_refuses_no_row(self):
        bank = self.env["account.journal"].search(
            [("company_id", "=", self.company.id), ("type", "=", "bank")], limit=1
        )
        self.agency.source_id = self.env["hc.payment.source"].create(
            {"name": "Agency", "code": "agency", "journal_id": bank.id}
        )
        placement = self._place()
        self._write_file()
        currency = self.company.currency_id.name
        content = (
            "kind,reference,placement,amount,currency,paid_on\n"
            f"PAYMENT,B-1,{placement.name},50.00,{currency},{self.today}\n"
        )
        exchange, _verdict = self.env["hc.exchange"]._receive_agency_report(
            self.agency, content.encode(), "report.csv"
        )
        with self._busy_accounts(), self.assertRaises(LockError):
            exchange._process(lambda done, left: True)
        self.assertEqual((exchange.processed_count, exchange.failed_count), (0, 0))
        exchange._process(lambda done, left: True)
        self.assertEqual((exchange.state, exchange.imported_count), ("done", 1))
        self.assertEqual(self._open(self.case), 100.0)
