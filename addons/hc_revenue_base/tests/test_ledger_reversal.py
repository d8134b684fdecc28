# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerReversal(LedgerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            "ledger.accountant",
            groups="base.group_user,account.group_account_manager,"
            "hc_revenue_base.group_hc_all_facilities",
        )

    def test_a_reversal_undoes_exactly_its_act_and_opens_the_case_again(self):
        case = self._bill()
        self._pay_amount(case, 30.0)
        kept = self._adjust(case, "contract_deviation", 20.0)
        undone = self._adjust(case, "denial_write_off", 100.0)
        self.assertEqual(case.stage, "closed")
        reversal = self._reverse(undone)
        self.assertEqual((reversal.state, undone.reversal_id), ("applied", reversal))
        self.assertEqual((case.stage, self._open(case)), ("invoiced", 100.0))
        stages = self.env["hc.transition"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id), ("kind", "=", "transition")],
            limit=2,
        )
        self.assertEqual(stages.mapped("to_state"), ["invoiced", "reopened"])
        sums = undone.entry_ids.line_ids | reversal.entry_ids.line_ids
        for account in sums.account_id:
            items = sums.filtered(lambda item, account=account: item.account_id == account)
            self.assertEqual(sum(items.mapped("balance")), 0)
            self.assertEqual(sum(items.mapped("amount_residual")), 0)
        self.assertTrue(kept.is_reversible)
        # Where others agree later, nothing is remembered of the request: it is found all the same.
        self.env.invalidate_all()
        self.assertEqual(reversal._get_reversed_action(), undone)
        self._assert_adds_up(case)

    def test_an_act_is_reversed_once(self):
        case = self._bill()
        action = self._adjust(case, "small_balance", 10.0)
        self._reverse(action)
        self.assertFalse(action.is_reversible)
        with self._refused("was reversed already"):
            self._reverse(action, key="again")
        self.assertEqual(self._open(case), 150.0)
        balance = self.env["hc.balance"].search([("case_id", "=", case.id)])
        self.assertEqual((balance.amount_invoiced, balance.amount_adjusted), (150.0, 0.0))

    def test_the_database_knows_of_one_reversal_only(self):
        action = self._adjust(self._bill(), "small_balance", 10.0)
        reversal = self._reverse(action)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO hc_controlled_action (name, kind, state, res_model, res_id, "
                "company_id, currency_id, requester_id, idempotency_key, parameters) "
                "SELECT name, kind, state, res_model, res_id, company_id, currency_id, "
                "requester_id, 'other', parameters FROM hc_controlled_action WHERE id = %s",
                [reversal.id],
            )

    def test_after_a_reversal_the_right_act_may_follow(self):
        case = self._bill()
        self._reverse(self._adjust(case, "denial_write_off", 150.0))
        self._adjust(case, "administrative_write_off", 150.0)
        self.assertEqual((case.stage, self._open(case)), ("closed", 0))
        self._assert_adds_up(case)

    def test_only_applied_adjustments_and_refunds_of_the_case_are_reversed(self):
        case, other = self._bill(), self._bill_patient()
        action = self._adjust(case, "small_balance", 10.0)
        reversal = self._reverse(action)
        with self._refused("cannot be reversed"):
            self._reverse(reversal)
        rejected = self._adjust(case, "small_balance", 10.0, user=self.clerk, key="refused")
        with self._refused("cannot be reversed"):
            self._reverse(rejected)
        foreign = self._adjust(other, "charity_care", 10.0, "patient")
        with self._refused("does not belong"):
            case._request_reversal(foreign, idempotency_key="foreign")
        with self._refused("as a whole"):
            self.env["hc.controlled.action"].with_user(self.manager)._request(
                "reversal",
                other,
                idempotency_key="part",
                amount=1.0,
                parameters={"action_id": foreign.id},
            )

    def test_a_clerk_does_not_reverse(self):
        action = self._adjust(self._bill(), "small_balance", 10.0)
        self.assertEqual(self._reverse(action, user=self.clerk).state, "rejected")
        self.assertTrue(action.is_reversible)

    def test_a_closed_period_keeps_the_act_in_force(self):
        case = self._bill()
        action = self._adjust(case, "small_balance", 150.0)
        self.company.fiscalyear_lock_date = case._get_today()
        with self._refused("cannot add/modify entries"):
            self._reverse(action)
        self.assertEqual((case.stage, self._open(case)), ("closed", 0))

    def test_nobody_undoes_an_act_by_accounting(self):
        case = self._bill()
        entry = self._adjust(case, "small_balance", 50.0).entry_ids.with_user(self.accountant)
        attempts = (
            entry.button_draft,
            entry.button_cancel,
            entry.unlink,
            lambda: entry.write({"date": "2026-01-01"}),
            lambda: entry.write({"state": "draft"}),
            lambda: entry.write({"line_ids": [Command.clear()]}),
            lambda: entry.line_ids[0].write({"debit": 1.0}),
            entry.line_ids.unlink,
            entry.line_ids.remove_move_reconcile,
            lambda: entry._reverse_moves(cancel=True),
            lambda: entry._reverse_moves().action_post(),
            entry.line_ids.matched_debit_ids.unlink,
            case.invoice_ids.with_user(self.accountant).line_ids.remove_move_reconcile,
        )
        for attempt in attempts:
            with self.assertRaises(UserError), self.env.cr.savepoint():
                attempt()
            self.env.invalidate_all()
        self.assertEqual((entry.state, self._open(case)), ("posted", 100.0))

    def test_nobody_forges_an_act(self):
        case = self._bill()
        action = self._adjust(case, "small_balance", 50.0)
        moves = self.env["account.move"].with_user(self.accountant)
        forged = moves.with_context(
            default_hc_action_id=action.id, default_hc_case_id=case.id, move_reverse_cancel=True
        ).create({"move_type": "entry"})
        self.assertFalse(forged.hc_action_id or forged.hc_case_id)
        for vals in ({"hc_action_id": action.id}, {"hc_case_id": case.id}):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                moves.create({"move_type": "entry", **vals})
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                forged.write(vals)
        copy = action.entry_ids.with_user(self.accountant).copy()
        self.assertFalse(copy.hc_action_id or copy.hc_case_id or copy.line_ids.hc_case_id)

    def test_an_adjustment_settles_nothing_but_its_case(self):
        payer_case = self._bill()
        other = self._bill("E-2", services=(("L2002", 1.0),))
        action = self._adjust(payer_case, "small_balance", 40.0)
        credit = action.entry_ids.line_ids.filtered("credit")
        with credit.move_id._permit_undoing():
            credit.remove_move_reconcile()
        debit = other._get_party_items("payer_1")
        with self._refused("settles nothing else"):
            (credit | debit).reconcile()
