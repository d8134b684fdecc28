# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

import requests
from psycopg2.errors import UniqueViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .payment_common import PaymentCase


class KilledError(BaseException):
    """The worker dies: nothing after its last commit remains."""


class ChargeCase(PaymentCase):
    """A plan that is paid by a saved payment method, and a provider that counts requests."""

    def _autopay(self, number, months=3):
        case = self._bill_patient(number)
        self.account = self._account_of(case)
        token = self._token(self.account)
        return self._propose(case, months, first=0, pay_by="token", token_id=token.id)

    @contextmanager
    def _provider(self, answer=None):
        """Let the provider charge; what it got is in the list that is handed out."""
        sent = []

        def send(charge):
            sent.append(charge.hc_instalment_id.id)
            if answer:
                answer(charge)
            else:
                charge._set_done()

        model = self.env.registry["payment.transaction"]
        with patch.object(model, "_send_payment_request", send):
            yield sent

    @contextmanager
    def _commits(self, dies_at=None):
        """Commits become savepoints; the worker dies right after one of them."""
        crons = self.env.registry["ir.cron"]
        state = {"count": 0, "savepoint": self.env.cr.savepoint()}

        def commit(_crons, _processed=0, **_values):
            self.env.flush_all()
            state["savepoint"].close(rollback=False)
            state["savepoint"] = self.env.cr.savepoint()
            state["count"] += 1
            if state["count"] == dies_at:
                raise KilledError
            return 60.0

        with patch.object(crons, "_commit_progress", commit):
            try:
                yield state
            except KilledError:
                state["savepoint"].rollback()
                self.env.invalidate_all()
            finally:
                state["savepoint"].close(rollback=False)

    def _run(self, dies_at=None):
        with self._commits(dies_at) as state:
            self.env["hc.payment.plan.instalment"]._cron_charge()
        return state["count"]


@tagged("post_install", "-at_install")
class TestPaymentCharge(ChargeCase):
    """No instalment is charged twice, and none is forgotten."""

    def test_a_saved_method_is_charged_once_for_what_is_due(self):
        case = self._bill_patient("T-5")
        self.account = self._account_of(case)
        token = self._token(self.account)
        plan = self._propose(case, first=0, pay_by="token", token_id=token.id)
        parts = self.env["hc.payment.plan.instalment"].sudo()
        hold = self.env["hc.collection.hold"]._place(
            self.account, "bankruptcy", "chapter 7 was filed"
        )
        self.assertFalse(parts.search([*parts._get_charge_domain(), ("plan_id", "=", plan.id)]))
        hold._release("the case was dismissed")
        due = parts.search([*parts._get_charge_domain(), ("plan_id", "=", plan.id)])
        self.assertEqual(due.mapped("number"), [1])
        due._prepare_charge()
        self.assertFalse(parts.search([*parts._get_charge_domain(), ("plan_id", "=", plan.id)]))
        charge = due.transaction_ids
        self.assertEqual((charge.amount, charge.state), (50.0, "draft"))
        with mute_logger("odoo.sql_db"), self._refused("once", error=UniqueViolation):
            due._prepare_charge()
            self.env.flush_all()
        charge._send_charge()
        self._finish(charge)
        self.assertEqual(plan.instalment_ids.mapped("amount_open"), [0.0, 50.0, 50.0])
        charge._send_charge()
        self.assertEqual(plan.amount_left, 100.0)
        refund = charge._create_child_transaction(50.0, is_refund=True)
        self._finish(refund)
        self.assertEqual(plan.instalment_ids.mapped("amount_open"), [50.0, 50.0, 50.0])
        self.assertFalse(parts.search([*parts._get_charge_domain(), ("plan_id", "=", plan.id)]))

    def test_a_run_charges_what_is_due_and_no_more(self):
        plan = self._autopay("CH-1")
        with self._provider() as sent:
            self._run()
            self._run()
        first = plan.instalment_ids[0]
        self.assertEqual(sent, [first.id])
        first.transaction_ids._post_process()
        self.assertEqual(plan.amount_paid, 50.0)

    def test_what_the_run_did_not_reach_is_sent_by_the_next_one(self):
        plan = self._autopay("CH-2")
        part = plan.instalment_ids[0]
        part._prepare_charge()
        charge = part.transaction_ids
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - interval '9 hours'"
            " WHERE id = %s",
            [charge.id],
        )
        with self._provider() as sent:
            self._run()
        self.assertEqual((sent, charge.state), ([part.id], "done"))
        self.assertFalse(self._item("payment_failed", self.account), "nobody was lost")

    def test_a_worker_that_dies_charges_at_most_once_and_loses_none(self):
        plans = [self._autopay(f"CH-K{number}") for number in range(2)]
        parts = [plan.instalment_ids[0] for plan in plans]
        with self._provider() as sent:
            steps = self._measure_steps()
        self.assertGreaterEqual(steps, 5)
        for dies_at in range(1, steps + 1):
            with self.subTest(dies_at=dies_at), self._undone():
                with self._provider() as sent:
                    self._run(dies_at)
                    self._run()
                self._check_accounted(parts, sent)

    def test_a_worker_that_dies_while_it_sends_leaves_it_to_a_person(self):
        part = self._autopay("CH-3").instalment_ids[0]

        def die(_charge):
            raise KilledError

        with self._provider(die) as sent:
            self._run()
        charge = part.transaction_ids
        self.assertEqual((charge.state, bool(charge.hc_sent_at)), ("draft", True))
        with self._provider() as again:
            self._run()
        self.assertEqual((sent, again), ([part.id], []))
        charge.hc_sent_at -= timedelta(hours=3)
        with self._provider() as again:
            self._run()
        self.assertEqual(again, [])
        self.assertIn("Ask the provider", self._item("payment_failed", self.account).description)

    def _measure_steps(self):
        with self._undone():
            return self._run()

    @contextmanager
    def _undone(self):
        savepoint = self.env.cr.savepoint()
        try:
            yield
        finally:
            savepoint.rollback()
            savepoint.close(rollback=False)
            self.env.invalidate_all()

    def _check_accounted(self, parts, sent):
        for part in parts:
            self.assertLessEqual(sent.count(part.id), 1)
            charge = part.transaction_ids
            self.assertEqual(len(charge), 1)
            is_asked = charge.state == "draft" and charge.hc_sent_at
            self.assertTrue(charge.state == "done" or is_asked, (charge.state, charge.hc_sent_at))
            self.assertEqual(charge.state == "done", part.id in sent)

    @mute_logger("odoo.addons.hc_collections.models.payment_transaction_charge")
    def test_a_lost_answer_is_no_failure(self):
        part = self._autopay("CH-4").instalment_ids[0]

        def lose(charge):
            charge._send_api_request("POST", "/charges")

        with (
            patch.object(requests, "request", side_effect=requests.exceptions.ReadTimeout),
            patch.object(
                self.env.registry["payment.provider"],
                "_build_request_url",
                lambda *_args, **_kwargs: "https://provider.example/charges",
            ),
            self._provider(lose) as sent,
        ):
            self._run()
            self._run()
        charge = part.transaction_ids
        self.assertEqual((sent, charge.state), ([part.id], "draft"), "unknown, and not failed")
        item = self._item("payment_failed", self.account)
        self.assertIn("answer was lost", item.description)
        self._finish(charge)
        self.assertEqual((item.state, self.account.amount_open), ("resolved", 100.0))

    def test_a_refusal_is_a_failure(self):
        part = self._autopay("CH-5").instalment_ids[0]

        def refuse(charge):
            raise ValidationError(charge.env._("card expired"))

        with self._provider(refuse):
            self._run()
        self.assertEqual(part.transaction_ids.state, "error")

    def test_what_the_provider_says_is_entered_by_supervisors(self):
        plan = self._autopay("CH-6")
        part = plan.instalment_ids[0]
        part._prepare_charge()
        charge = part.transaction_ids
        charge.hc_sent_at = self.env.cr.now() - timedelta(hours=3)
        self.assertTrue(part.has_unknown_charge)
        reason = "Its dashboard shows no such charge."
        with self.assertRaises(AccessError):
            charge.with_user(self.collector)._enter_answer(False, reason)
        supervisor = self._create_user("ch.supervisor", "supervisor")
        wizard = (
            self.env["hc.payment.charge.wizard"]
            .with_user(supervisor)
            .create({"instalment_id": part.id, "reason": "no"})
        )
        self.assertEqual(wizard.amount, 50.0)
        with self._refused("in a sentence"):
            wizard.action_confirm_unknown()
        wizard.reason = reason
        wizard.action_confirm_unknown()
        self.assertEqual((charge.state, charge.hc_is_unsent), ("cancel", True))
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [part.id], "it may be charged again, once")
        with self._refused("waits for no answer"):
            charge.with_user(supervisor)._enter_answer(True, reason)

    def test_a_charge_under_way_blocks_what_would_ask_again(self):
        plan = self._autopay("CH-7")
        part = plan.instalment_ids[0]
        part._prepare_charge()
        charge = part.transaction_ids
        self.assertEqual(self.account._get_payable_amount(), 150.0, "it was not sent yet")
        charge.hc_sent_at = self.env.cr.now()
        self.assertEqual(self.account._get_payable_amount(), 100.0)
        self.assertEqual(part._get_amount_to_pay(), 0.0)
        previous = plan.with_user(self.collector)
        with self._refused("is under way"):
            self._propose(plan.case_ids, 2, previous=previous, reason="less a month")
        with self._refused("Nothing of this instalment"):
            part.with_user(self.collector).action_send_link()
        charge._set_pending()
        with self._refused("is under way"):
            self._propose(plan.case_ids, 2, previous=previous, reason="less a month")
        self._finish(charge)
        new = self._propose(plan.case_ids, 2, previous=previous, reason="less a month")
        self.assertEqual((new.state, new.amount_total), ("active", 100.0))

    def test_the_end_of_a_plan_withdraws_what_was_not_sent(self):
        plan = self._autopay("CH-8")
        part = plan.instalment_ids[0]
        part._prepare_charge()
        plan.with_user(self.collector)._cancel("Pays the rest at once.")
        self.assertEqual(part.transaction_ids.state, "cancel")
        with self._provider() as sent:
            self._run()
        self.assertEqual(sent, [])

    def test_what_is_not_due_any_more_is_not_sent(self):
        part = self._autopay("CH-9").instalment_ids[0]
        part._prepare_charge()
        self.env["hc.collection.hold"]._place(self.account, "bankruptcy", "chapter 7 was filed")
        with self._provider() as sent:
            self._run()
        self.assertEqual((sent, part.transaction_ids.hc_is_unsent), ([], True))
