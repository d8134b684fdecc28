# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .test_billing_flow import BillingFlowCase


@tagged("post_install", "-at_install")
class TestLedgerSettlement(BillingFlowCase):
    """Accounting may settle a case by its own means; the case's log says who did, and how."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bookkeeper = new_test_user(
            cls.env, "settle.bookkeeper", groups="base.group_user,account.group_account_manager"
        )
        cls.accountant = cls.bookkeeper.copy({"login": "settle.accountant"})
        cls.accountant.group_ids += cls.env.ref("hc_revenue_base.group_hc_all_facilities")
        accounts = cls.env["account.account"]
        cls.write_off_account = accounts.search([("account_type", "=", "expense")], limit=1)

    def _events(self, case):
        rows = self.env["hc.transition"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id), ("kind", "=", "event")]
        )
        return [(row.actor_id, row.facts) for row in rows]

    def _settle_by_entry(self, case):
        line = case.invoice_ids.line_ids.filtered(lambda item: item.hc_responsibility)
        entry = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": "entry",
                    "line_ids": [
                        Command.create(
                            {
                                "account_id": line.account_id.id,
                                "partner_id": line.partner_id.id,
                                "credit": line.balance,
                            }
                        ),
                        Command.create(
                            {"account_id": self.write_off_account.id, "debit": line.balance}
                        ),
                    ],
                }
            )
        )
        entry.action_post()
        pair = line | entry.line_ids.filtered("credit")
        pair.with_user(self.accountant).reconcile()
        return entry

    def test_a_payment_with_a_write_off_is_logged_with_what_it_wrote_off(self):
        case = self._bill()
        invoice = case.invoice_ids
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "payment_date": fields.Date.today(),
                    "amount": invoice.amount_total - 10,
                    "payment_difference_handling": "reconcile",
                    "writeoff_account_id": self.write_off_account.id,
                }
            )
        )
        wizard._create_payments()
        ((actor, facts),) = self._events(case)
        self.assertEqual(actor, self.accountant)
        self.assertEqual((facts["event"], facts["by"]), ("settled", "payment"))
        self.assertEqual(facts["written_off"], "10.0")

    def test_a_journal_entry_and_its_undoing_are_logged(self):
        case = self._bill()
        entry = self._settle_by_entry(case)
        ((actor, facts),) = self._events(case)
        self.assertEqual(actor, self.accountant)
        self.assertEqual((facts["by"], facts["move"]), ("journal_entry", entry.id))
        self.assertNotIn("written_off", facts)
        entry.line_ids.with_user(self.accountant).remove_move_reconcile()
        self.assertEqual(self._events(case)[0][1]["event"], "unsettled")

    def test_payments_of_patients_are_seen_by_their_facilities(self):
        self.patient.facility_ids = self.facility
        payment = self.env["account.payment"].create(
            {"partner_id": self.patient.partner_id.id, "amount": 5, "payment_type": "inbound"}
        )
        readers = {
            facility: self._create_user(f"settle.{facility.code}", "clerk")
            for facility in (self.facility, self.other_facility)
        }
        readers[self.other_facility].hc_facility_ids = self.other_facility
        self.assertEqual(payment.with_user(readers[self.facility]).amount, 5)
        with self.assertRaises(AccessError):
            payment.with_user(readers[self.other_facility]).read(["amount"])
        payer_payment = payment.copy({"partner_id": self.payer.partner_id.id})
        self.assertEqual(payer_payment.with_user(readers[self.other_facility]).amount, 5)

    def test_an_accountant_without_a_role_of_the_suite_keeps_the_ledger(self):
        """Installing the suite takes no journal item away from those who keep the books."""
        entries = self.env["account.move"].with_user(self.bookkeeper)
        line = {"account_id": self.write_off_account.id}
        entry = entries.create(
            {
                "line_ids": [
                    Command.create(line | {"debit": 5}),
                    Command.create(line | {"credit": 5}),
                ]
            }
        )
        items = entries.env["account.move.line"].search([("move_id", "=", entry.id)])
        self.assertEqual(len(items), 2)
        items[0].name = "Corrected"
        foreign = self._bill().invoice_ids
        with self.assertRaises(AccessError):
            foreign.with_user(self.bookkeeper).read(["amount_total"])
