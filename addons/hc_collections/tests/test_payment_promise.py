# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

from .payment_common import PaymentCase


@tagged("post_install", "-at_install")
class TestPaymentPromise(PaymentCase):
    """A promise stops the follow-up until its day; the ledger says whether it was kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.promises = cls.env["hc.payment.promise"]

    def _promise(self, number, amount=100.0, days=5, **values):
        self.case = self._bill_patient(number)
        account = self._account_of(self.case).with_user(self.collector)
        due_on = self.today + timedelta(days=days)
        return (
            self.promises.with_user(self.collector)
            ._give(account, amount, due_on, "call", **values)
            .sudo()
        )

    def _let_pass(self, promise, days):
        """Let a promise have been given some days earlier."""
        earlier = {
            name: promise[name] - timedelta(days=days) for name in ("made_on", "due_on", "grace_on")
        }
        promise._write_guarded(earlier)

    def _hold_of(self, promise):
        return self.env["hc.collection.hold"].search(
            [("source_model", "=", promise._name), ("source_id", "=", promise.id)]
        )

    def test_a_promise_holds_the_account_and_is_kept_by_payments(self):
        promise = self._promise("PR-1")
        hold = self._hold_of(promise)
        self.assertEqual(
            (hold.kind, hold.state, hold.date_to), ("promise", "active", promise.grace_on)
        )
        self.assertEqual(promise.grace_on, promise.due_on + timedelta(days=3))
        self._pay_amount(self.case, 60.0)
        promise._judge()
        self.assertEqual((promise.state, promise.amount_paid), ("open", 60.0))
        self._pay_amount(self.case, 40.0)
        promise._judge()
        self.assertEqual((promise.state, hold.state), ("kept", "released"))
        self.assertFalse(promise.account_id.activity_ids)

    def test_nothing_paid_is_broken_and_goes_to_a_person(self):
        promise = self._promise("PR-2")
        self._let_pass(promise, 8)
        promise._judge()
        self.assertEqual(promise.state, "open", "the last day of grace still counts")
        self._let_pass(promise, 1)
        promise._judge()
        self.assertEqual((promise.state, self._hold_of(promise).state), ("broken", "released"))
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"promise_broken:{promise.id}")])
        self.assertEqual((item.kind, item.severity), ("promise_broken", "warning"))
        promise.account_id._score_priority()
        self.assertIn("Promises broken: 1.", promise.account_id.priority_reasons)

    def test_a_part_is_partly_kept(self):
        promise = self._promise("PR-3")
        self._pay_amount(self.case, 99.99)
        self.env.cr.execute(
            "UPDATE account_move_line SET date = date - 20 WHERE id = ANY(%s)",
            [promise.account_id.item_ids.ids],
        )
        self.env.invalidate_all()
        self._let_pass(promise, 20)
        promise._judge()
        self.assertEqual((promise.state, promise.amount_paid), ("partly_kept", 99.99))

    def test_beyond_the_policy_is_refused(self):
        account = self._account_of(self._bill_patient("PR-4")).with_user(self.collector)
        give = self.promises.with_user(self.collector)._give
        for amount, days, message in (
            (150.01, 5, "is owed"),
            (9.99, 5, "at least"),
            (-1.0, 5, "at least"),
            (50.0, 31, "Choose a day"),
            (50.0, -1, "Choose a day"),
        ):
            with self.subTest(amount=amount, days=days), self._refused(message):
                give(account, amount, self.today + timedelta(days=days), "call")
        give(account, 10.0, self.today + timedelta(days=30), "call")
        with self._refused("open promise already"):
            give(account, 10.0, self.today, "call")

    def test_after_two_broken_ones_none_is_taken(self):
        first = self._promise("PR-5")
        self._let_pass(first, 9)
        first._judge()
        second = self.promises.with_user(self.collector)._give(
            first.account_id, 20.0, self.today, "email"
        )
        self._let_pass(second.sudo(), 4)
        second.sudo()._judge()
        self.assertEqual(second.state, "broken")
        items = self.env["hc.work.item"].search([("dedup_key", "=", f"promise_broken:{second.id}")])
        self.assertEqual(items.severity, "critical")
        notes = first.account_id.message_ids.filtered("subject").mapped("subject")
        self.assertEqual(notes, ["Promises not kept"])
        with self._refused("payment plan"):
            self.promises.with_user(self.collector)._give(
                first.account_id, 20.0, self.today, "call"
            )

    def test_payments_before_the_promise_do_not_count(self):
        case = self._bill_patient("PR-6")
        payment = self._pay_amount(case, 50.0)
        line = payment.move_id.line_ids.filtered("hc_collection_account_id")
        self.env.cr.execute("UPDATE account_move_line SET date = date - 1 WHERE id = %s", [line.id])
        self.env.invalidate_all()
        account = self._account_of(case).with_user(self.collector)
        promise = self.promises.with_user(self.collector)._give(account, 50.0, self.today, "call")
        promise.sudo()._judge()
        self.assertEqual((promise.state, promise.amount_paid), ("open", 0.0))

    def test_a_promise_is_withdrawn_with_a_reason_or_when_nothing_is_owed(self):
        promise = self._promise("PR-7")
        with self._refused("Say in a sentence"):
            promise.with_user(self.collector)._withdraw("no")
        promise.with_user(self.collector)._withdraw("The insurance pays after all.")
        self.assertEqual((promise.state, self._hold_of(promise).state), ("withdrawn", "released"))
        other = self._promise("PR-8")
        action = self._adjust(self.case, "charity_care", 150.0, "patient")
        if action.state == "pending":
            action._settle(GateDecision("allow"))
        other._judge()
        self.assertEqual(other.state, "withdrawn")

    def test_nobody_writes_a_promise_or_sees_another_facilitys(self):
        promise = self._promise("PR-9").with_user(self.collector)
        for vals in ({"amount": 1.0}, {"state": "kept"}, {"due_on": self.today}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                promise.with_context(hc_force=True).write(vals)
        stranger = self._create_user("p.stranger", "collector", facilities=self.other_facility)
        self.assertFalse(promise.with_user(stranger).search([("id", "=", promise.id)]))
        with self.assertRaises(AccessError):
            promise.with_user(stranger)._withdraw("I am somebody else.")

    def test_the_wizard_asks_and_takes(self):
        account = self._account_of(self._bill_patient("PR-10")).with_user(self.collector)
        action = account.action_open_promise()
        wizard = (
            self.env[action["res_model"]]
            .with_user(self.collector)
            .with_context(**action["context"])
            .create({"due_on": self.today, "channel": "person", "note": "at the desk"})
        )
        self.assertEqual(wizard.amount, 150.0)
        self.assertIn("30 days", wizard.policy_text)
        wizard.action_confirm()
        self.assertEqual(account.open_promise_id.channel, "person")

    def _confirm(self, promise, reference, amount, **values):
        number = promise.account_id.name
        return self._report("confirmed", reference, amount, account_number=number, **values)

    def _judge_again(self, promise):
        """As the Scheduled Action does, of what has changed."""
        self.assertTrue(promise.is_stale)
        promise._judge()
        self.assertFalse(promise.is_stale)

    def test_money_of_the_morning_does_not_keep_a_promise_of_the_afternoon(self):
        case = self._bill_patient("PR-11")
        self._pay_amount(case, 50.0)
        account = self._account_of(case).with_user(self.collector)
        promise = self.promises.with_user(self.collector)._give(account, 50.0, self.today, "call")
        promise.sudo()._judge()
        self.assertEqual((promise.state, promise.amount_paid), ("open", 0.0))
        self._pay_amount(case, 50.0)
        promise.sudo()._judge()
        self.assertEqual((promise.state, promise.amount_paid), ("kept", 50.0))

    def test_a_charge_back_breaks_a_kept_promise_on_record(self):
        promise = self._promise("PR-12")
        self._let_pass(promise, 20)
        day = promise.due_on
        self._confirm(promise, "A", 60.0, happened_on=day)
        self._confirm(promise, "B", 40.0, happened_on=day)
        promise._judge()
        self.assertEqual(promise.state, "kept")
        self._report("charged_back", "B", 40.0)
        self._judge_again(promise)
        self.assertEqual((promise.state, promise.amount_paid), ("partly_kept", 60.0))
        self._report("charged_back", "A", 60.0)
        self._judge_again(promise)
        self.assertEqual((promise.state, promise.amount_paid), ("broken", 0.0))
        self._report("reversal_undone", "A", 60.0)
        self._judge_again(promise)
        self.assertEqual((promise.state, promise.amount_paid), ("partly_kept", 60.0))
        moves = self.env["hc.transition"].search(
            [("res_model", "=", promise._name), ("res_id", "=", promise.id)], order="sequence"
        )
        self.assertEqual(
            moves.mapped("to_state"), ["open", "kept", "partly_kept", "broken", "partly_kept"]
        )
        key = f"promise_broken:{promise.id}"
        self.assertTrue(self.env["hc.work.item"].search([("dedup_key", "=", key)]))

    def test_a_refund_by_the_office_breaks_no_promise(self):
        promise = self._promise("PR-13")
        self._let_pass(promise, 20)
        self._confirm(promise, "A", 100.0, happened_on=promise.due_on)
        promise._judge()
        self._report("refunded", "A", 30.0)
        self._judge_again(promise)
        self.assertEqual(promise.state, "kept")

    def test_a_charge_back_before_the_day_lets_wait_again(self):
        promise = self._promise("PR-14")
        self._confirm(promise, "A", 100.0)
        promise._judge()
        self.assertEqual((promise.state, self._hold_of(promise).state), ("kept", "released"))
        self._report("charged_back", "A", 100.0)
        self._judge_again(promise)
        self.assertEqual((promise.state, promise.amount_paid), ("open", 0.0))
        self.assertIn("active", self._hold_of(promise).mapped("state"))

    def test_a_refund_of_an_earlier_payment_is_not_the_promises(self):
        promise = self._promise("PR-15")
        self._confirm(promise, "OLD", 20.0, happened_on=self.today - timedelta(days=3))
        self._confirm(promise, "A", 100.0)
        self._report("refunded", "OLD", 20.0)
        promise._judge()
        self.assertEqual((promise.state, promise.amount_paid), ("kept", 100.0))
