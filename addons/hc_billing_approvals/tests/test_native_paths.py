# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import ApprovalCommon


@tagged("post_install", "-at_install")
class TestNativePaths(ApprovalCommon):
    """Accounting's own ways to forgive or give back money lead to a request, or nowhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = cls._create_user("ap.bookkeeper", "finance_manager")
        cls.bookkeeper.group_ids += cls.env.ref("account.group_account_manager")
        cls.invoice = cls.case.invoice_ids
        cls.books = cls.env["account.move"].with_user(cls.bookkeeper)

    def _refused(self, function, words="Adjust Balance"):
        with self.assertRaises(UserError) as caught:
            function()
        self.assertRegex(str(caught.exception), words)
        self.env.invalidate_all()
        self.assertAlmostEqual(self.case.amount_open, 9000.0)

    def _register(self, **values):
        return (
            self.env["account.payment.register"]
            .with_user(self.bookkeeper)
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({"payment_date": fields.Date.today(), **values})
        )

    def test_a_payment_settles_as_ever(self):
        self._register(amount=2000.0)._create_payments()
        self.env.invalidate_all()
        self.assertAlmostEqual(self.case.amount_open, 7000.0)

    def test_the_difference_of_a_payment_is_not_written_off(self):
        account = self.env["account.account"].search([("account_type", "=", "expense")], limit=1)
        register = self._register(
            amount=8000.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=account.id,
        )
        self._refused(register._create_payments)

    def _post_entry(self, account, partner=None):
        receivable = self.invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        entry = self.books.create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create({"account_id": account.id, "debit": 9000.0}),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": (partner or receivable.partner_id).id,
                            "credit": 9000.0,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        return entry, receivable

    def test_a_journal_entry_does_not_forgive_a_case(self):
        account = self.env["account.account"].search([("account_type", "=", "expense")], limit=1)
        entry, receivable = self._post_entry(account)
        credit = entry.line_ids.filtered("credit")
        self._refused((credit | receivable.with_user(self.bookkeeper)).reconcile)

    def test_the_accounts_of_adjustments_take_no_entries_by_hand(self):
        use = self.env["hc.ledger.account"].search([("kind", "=", "bad_debt")], limit=1)
        self._refused(lambda: self._post_entry(use.account_id))

    def test_other_partners_are_accountings_business(self):
        use = self.env["hc.ledger.account"].search([("kind", "=", "bad_debt")], limit=1)
        stranger = self.env["res.partner"].create({"name": "Landlord"})
        entry, _receivable = self._post_entry(use.account_id, partner=stranger)
        self.assertEqual(entry.state, "posted")

    def test_money_goes_back_by_a_request_only(self):
        for partner in (self.payer.partner_id, self.case.patient_id.partner_id):
            self._refused(
                lambda partner=partner: (
                    self.env["account.payment"]
                    .with_user(self.bookkeeper)
                    .create(
                        {
                            "payment_type": "outbound",
                            "partner_type": "customer",
                            "partner_id": partner.id,
                            "amount": 50.0,
                        }
                    )
                ),
                "Refunds are requested",
            )

    def test_money_does_not_go_back_as_if_to_a_vendor(self):
        receivable = self.invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        values = {
            "payment_type": "outbound",
            "partner_type": "supplier",
            "partner_id": self.payer.partner_id.id,
            "destination_account_id": receivable.account_id.id,
            "amount": 50.0,
        }
        payments = self.env["account.payment"].with_user(self.bookkeeper)
        self._refused(lambda: payments.create(values), "Refunds are requested")

    def test_money_does_not_go_back_by_an_entry(self):
        receivable = self.invoice.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        cash = self.env["account.account"].search([("account_type", "=", "asset_cash")], limit=1)
        entry = self.books.create(
            {
                "move_type": "entry",
                "line_ids": [
                    Command.create({"account_id": cash.id, "credit": 50.0}),
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": receivable.partner_id.id,
                            "debit": 50.0,
                        }
                    ),
                ],
            }
        )
        self._refused(entry.action_post, "Refunds are requested")

    def test_a_payment_whose_surplus_went_back_is_not_reset(self):
        action = self._request_refund()
        self._approve(action, self.manager, self.finance_manager)
        payment = self.env["account.payment"].search([("amount", "=", 9400.0)])
        with self.assertRaisesRegex(UserError, "reverse “Refund to Payer"):
            payment.with_user(self.bookkeeper).action_draft()
        self.assertEqual(payment.move_id.state, "posted")

    def test_invoices_are_not_credited_or_reset_by_hand(self):
        invoice = self.invoice.with_user(self.bookkeeper)
        for function in (
            invoice.button_draft,
            invoice.button_cancel,
            lambda: invoice._reverse_moves([{}], cancel=True),
            lambda: invoice.invoice_line_ids[0].write({"discount": 10.0}),
            lambda: invoice.invoice_line_ids[0].write({"price_unit": 1.0}),
        ):
            self._refused(function, ".")

    def test_a_refusal_is_on_record(self):
        use = self.env["hc.ledger.account"].search([("kind", "=", "bad_debt")], limit=1)
        attempts = type(self.env["hc.refused.attempt"])
        with patch.object(attempts, "_note_refusal", autospec=True) as noted:
            self._refused(lambda: self._post_entry(use.account_id))
        self.assertEqual(noted.call_args.kwargs["refusal"], "native_path")

    def test_a_refund_is_paid_by_a_third_person(self):
        action = self._request_refund()
        self.assertEqual(action.state, "pending", action.gate_reason)
        self._approve(action, self.manager)
        with self.assertRaises(UserError):
            self._approve(action, self.manager)
        self.assertEqual(action.state, "pending")
        self._approve(action, self.finance_manager)
        self.assertEqual(action.state, "applied")
        self.assertEqual(action.entry_ids.origin_payment_id.payment_type, "outbound")
