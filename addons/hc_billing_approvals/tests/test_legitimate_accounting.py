# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestLegitimateAccounting(ApprovalCommon):
    """What accounting does besides the cases of patients goes on as without the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = cls._create_user("ap.bookkeeper", "finance_manager")
        cls.bookkeeper.group_ids += cls.env.ref("account.group_account_manager")
        cls.books = cls.env["account.move"].with_user(cls.bookkeeper)
        cls.landlord = cls.env["res.partner"].create({"name": "Landlord"})
        cls.bank = cls.env["account.journal"].search([("type", "=", "bank")], limit=1)

    def _account(self, account_type):
        return self.env["account.account"].search([("account_type", "=", account_type)], limit=1)

    def _post(self, move_type, partner, amount=100.0):
        move = self.books.create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "rent",
                            "price_unit": amount,
                            "account_id": self._account(
                                "expense" if move_type.startswith("in_") else "income"
                            ).id,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _register(self, moves, **values):
        return (
            self.env["account.payment.register"]
            .with_user(self.bookkeeper)
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"payment_date": fields.Date.today(), **values})
            ._create_payments()
        )

    def _post_entry(self, *lines):
        entry = self.books.create(
            {"move_type": "entry", "line_ids": [Command.create(line) for line in lines]}
        )
        entry.action_post()
        return entry

    def test_vendor_bills_are_paid(self):
        for partner in (self.landlord, self.payer.partner_id):
            with self.subTest(partner=partner.name):
                bill = self._post("in_invoice", partner)
                payment = self._register(bill)
                self.assertEqual(payment.payment_type, "outbound")
                self.assertIn(bill.payment_state, ("paid", "in_payment"))

    def test_other_customers_are_invoiced_refunded_and_forgiven(self):
        invoice = self._post("out_invoice", self.landlord)
        account = self._account("expense")
        self._register(
            invoice,
            amount=90.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        payment = (
            self.env["account.payment"]
            .with_user(self.bookkeeper)
            .create(
                {
                    "payment_type": "outbound",
                    "partner_type": "customer",
                    "partner_id": self.landlord.id,
                    "amount": 50.0,
                }
            )
        )
        payment.action_post()
        self.assertIn(payment.state, ("in_process", "paid"))

    def test_an_entry_of_no_case_is_reversed_and_reset(self):
        invoice = self._post("out_invoice", self.landlord)
        credit = invoice._reverse_moves([{"invoice_date": fields.Date.today()}], cancel=True)
        self.assertEqual((credit.state, invoice.payment_state), ("posted", "reversed"))
        entry = self._post_entry(
            {"account_id": self._account("expense").id, "debit": 10.0},
            {"account_id": self._account("liability_current").id, "credit": 10.0},
        )
        entry.button_draft()
        entry.button_cancel()
        self.assertEqual(entry.state, "cancel")

    def test_bank_statements_are_entered_whatever_the_sign(self):
        for amount, partner in (
            (250.0, self.payer.partner_id),
            (-40.0, self.landlord),
            (-7.5, self.env["res.partner"]),
        ):
            line = self.env["account.bank.statement.line"].create(
                {
                    "journal_id": self.bank.id,
                    "date": fields.Date.today(),
                    "payment_ref": "statement",
                    "partner_id": partner.id,
                    "amount": amount,
                }
            )
            self.assertEqual(line.move_id.state, "posted")

    def test_the_year_is_closed(self):
        forgiven = self.env["hc.ledger.account"].search([("kind", "=", "bad_debt")], limit=1)
        entry = self._post_entry(
            {"account_id": self._account("income").id, "debit": 900.0},
            {"account_id": forgiven.account_id.id, "credit": 300.0},
            {"account_id": self._account("equity").id, "credit": 600.0},
        )
        self.assertEqual(entry.state, "posted")

    def test_allowances_for_all_receivables_are_accrued(self):
        receivable = self._account("asset_receivable")
        entry = self._post_entry(
            {"account_id": self._account("expense").id, "debit": 75.0},
            {"account_id": receivable.id, "credit": 75.0},
        )
        self.assertEqual(entry.state, "posted")

    def test_a_payer_pays_several_cases_and_on_account(self):
        other = self._create_case("AP-L", 10)
        payments = self._register(self.case.invoice_ids | other.invoice_ids, group_payment=False)
        self.assertEqual(sum(payments.mapped("amount")), 9000.0 + 1500.0)
        self.env.invalidate_all()
        self.assertAlmostEqual(self.case.amount_open, 0.0)
        advance = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.payer.partner_id.id,
                "amount": 70.0,
            }
        )
        advance.with_user(self.bookkeeper).action_post()
        advance.with_user(self.bookkeeper).action_draft()
        self.assertEqual(advance.state, "draft", "nothing was paid back of it")
