# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.exceptions import AccessError, LockError
from odoo.tests import tagged

from ..hc_core.ledger_acts import ADJUSTMENTS
from ..models.hc_controlled_action import GateDecision
from .ledger_common import LedgerCase


@tagged("post_install", "-at_install")
class TestLedgerAdjustment(LedgerCase):
    def test_every_kind_debits_its_own_account(self):
        payer_case, patient_case = self._bill(), self._bill_patient()
        accounts = set()
        for act in ADJUSTMENTS:
            party = act.responsibilities[0]
            case = payer_case if party == "payer_1" else patient_case
            action = self._adjust(case, act.kind, 10.0, party)
            self.assertEqual(action.state, "applied", act.kind)
            entry = action.entry_ids
            debit = entry.line_ids.filtered("debit")
            use = self.env["hc.ledger.account"]._get_for(self.company, act.kind)
            self.assertEqual((debit.account_id, debit.balance), (use.account_id, 10.0))
            self.assertEqual((entry.state, entry.journal_id.code), ("posted", "PADJ"))
            accounts.add(debit.account_id)
        self.assertEqual(len(accounts), len(ADJUSTMENTS))
        self._assert_adds_up(payer_case)
        self._assert_adds_up(patient_case)

    def test_the_items_name_case_party_and_action(self):
        case = self._bill_patient()
        action = self._adjust(case, "charity_care", 60.0, "patient")
        lines = action.entry_ids.line_ids
        self.assertEqual(lines.hc_case_id, case)
        self.assertEqual(set(lines.mapped("hc_responsibility")), {"patient"})
        self.assertEqual(lines.partner_id, case.patient_id.partner_id)
        self.assertNotIn("Doe", str(action.entry_ids.read(["ref", "name"])))
        balance = self.env["hc.balance"].search([("case_id", "=", case.id)])
        self.assertEqual(
            (balance.amount_invoiced, balance.amount_adjusted, balance.amount_open),
            (150.0, 60.0, 90.0),
        )

    def test_a_settled_case_closes(self):
        case = self._bill()
        self._pay_amount(case, 140.0)
        self.assertEqual(case.stage, "invoiced")
        self._adjust(case, "small_balance", 10.0)
        self.assertEqual((case.stage, case.invoice_ids.payment_state), ("closed", "paid"))
        self._assert_adds_up(case)

    def test_what_is_due_first_is_settled_first(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two parts",
                "line_ids": [
                    (0, 0, {"value": "percent", "value_amount": 40, "nb_days": 60}),
                    (0, 0, {"value": "percent", "value_amount": 60, "nb_days": 30}),
                ],
            }
        )
        self.payer.payment_term_id = term
        case = self._bill()
        self._adjust(case, "denial_write_off", 100.0)
        items = case._get_party_items("payer_1").filtered("debit").sorted("date_maturity")
        self.assertEqual(items.mapped("amount_residual"), [0.0, 50.0])
        self._assert_adds_up(case)

    def test_the_amount_is_above_zero_and_open(self):
        case = self._bill()
        for amount, message in (
            (0.0, "above zero"),
            (0.004, "above zero"),
            (-5.0, "above zero"),
            (150.01, "open are"),
            (1e9, "open are"),
        ):
            with self._refused(message):
                self._adjust(case, "small_balance", amount)
        self.assertFalse(case.controlled_action_count)
        self._adjust(case, "small_balance", 150.004)
        self.assertEqual(self._open(case), 0)
        with self._refused("open are"):
            self._adjust(case, "small_balance", 0.01, key="again")

    def test_an_amount_of_another_currency_is_refused(self):
        currency = self.env.ref("base.JPY")
        currency.active = True
        with self._refused("is billed in"):
            self._adjust(self._bill(), "small_balance", 10.0, currency_id=currency.id)

    def test_acts_apply_to_the_party_that_they_are_made_for(self):
        payer_case, patient_case = self._bill(), self._bill_patient()
        for case, kind, party in (
            (payer_case, "charity_care", "payer_1"),
            (payer_case, "bad_debt", "payer_1"),
            (patient_case, "denial_write_off", "patient"),
            (patient_case, "contract_deviation", "patient"),
            (patient_case, "small_balance", "nobody"),
            (patient_case, "small_balance", None),
        ):
            with self._refused("does not apply"):
                self._adjust(case, kind, 1.0, party)
        with self._refused("open are"):
            self._adjust(payer_case, "charity_care", 1.0, "patient")

    def test_base_alone_asks_for_a_manager(self):
        case = self._bill()
        action = self._adjust(case, "small_balance", 5.0, user=self.clerk)
        self.assertEqual(action.state, "rejected")
        self.assertIn("Managers and finance managers", action.gate_reason)
        self.assertEqual(self._open(case), 150.0)
        applied = self._adjust(case, "small_balance", 5.0, user=self.finance, key="finance")
        self.assertEqual(applied.state, "applied")

    def test_a_user_of_another_facility_cannot_ask(self):
        case = self._bill()
        stranger = self._create_user("ledger.stranger", "clerk", facilities=self.other_facility)
        with self.assertRaises(AccessError):
            self._adjust(case, "small_balance", 5.0, user=stranger)

    def test_the_same_request_is_applied_once(self):
        case = self._bill()
        first = self._adjust(case, "small_balance", 150.0, key="one")
        self.assertEqual(self._adjust(case, "small_balance", 150.0, key="one"), first)
        self.assertEqual(len(first.entry_ids), 1)
        with self._refused("other content"):
            self._adjust(case, "small_balance", 20.0, key="one")

    def test_kinds_that_nobody_performs_are_refused_in_words(self):
        case = self._bill()
        for kind in ("payment_plan", "nonsense"):
            with self._refused("Nothing that is installed performs"):
                self._adjust(case, kind, 5.0)

    def test_what_was_open_at_the_request_must_be_open_at_the_act(self):
        case = self._bill()
        action = self._hold(case, 150.0)
        self._pay_amount(case, 100.0)
        with self._refused("open are"):
            action._settle(self._allow())
        self.assertEqual(action.state, "pending")
        self.assertFalse(action.entry_ids)

    def test_two_waiting_requests_never_forgive_more_than_is_open(self):
        case = self._bill()
        first, second = self._hold(case, 100.0), self._hold(case, 90.0)
        first._settle(self._allow())
        with self._refused("open are"):
            second._settle(self._allow())
        self.assertEqual(self._open(case), 50.0)

    def test_items_that_somebody_else_holds_are_left_alone(self):
        case = self._bill()
        items = case._get_party_items("payer_1")
        taken = LockError("taken")
        self.patch(type(items), "lock_for_update", lambda *args, **kwargs: self._raise(taken))
        with self._refused("Somebody else is settling", LockError):
            self._adjust(case, "small_balance", 5.0)

    def test_a_closed_period_leaves_nothing_done(self):
        case = self._bill()
        self.company.fiscalyear_lock_date = case._get_today()
        with self._refused("cannot add/modify entries"):
            self._adjust(case, "small_balance", 5.0)
        self.assertFalse(case.controlled_action_count)
        self.assertEqual(self._open(case), 150.0)

    def test_without_an_account_nothing_is_posted(self):
        case = self._bill()
        use = self.env["hc.ledger.account"]._get_for(self.company, "small_balance")
        self.env.cr.execute("DELETE FROM hc_ledger_account WHERE id = %s", [use.id])
        self.env.invalidate_all()
        with self._refused("Create Missing Accounts"):
            self._adjust(case, "small_balance", 5.0)

    def _raise(self, error):
        raise error

    def _allow(self):
        return GateDecision("allow")

    def _hold(self, case, amount):
        """A request that waits for people, as under an approval policy."""
        gate = type(self.env["hc.controlled.action"])._gate
        self.patch(
            type(self.env["hc.controlled.action"]),
            "_gate",
            lambda action: GateDecision("wait", "waits for two people"),
        )
        action = self._adjust(case, "denial_write_off", amount)
        self.patch(type(self.env["hc.controlled.action"]), "_gate", gate)
        return action
