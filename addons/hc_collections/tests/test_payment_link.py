# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import timedelta

from odoo.tests import tagged

from .payment_common import PaymentCase


@tagged("post_install", "-at_install")
class TestPaymentLink(PaymentCase):
    """Instalments that are asked for by e-mail, and paid by their own link."""

    def _plan_by_link(self, number, **values):
        plan = self._plan(number, first=0, **values)
        self.account.patient_id.email = "guarantor@example.com"
        return plan

    def _send(self, part):
        part.with_user(self.collector).action_send_link()
        contact = self.account.contact_ids.filtered(lambda each: each.purpose == "plan")
        # What the hours of the law put off is no matter of holds, and the test runs at any hour.
        contact._withdraw_stopped(self.company, "patient")
        return contact

    def test_the_link_goes_out_under_the_hold_of_its_plan(self):
        part = self._plan_by_link("LK-1").instalment_ids[0]
        contact = self._send(part)
        self.assertEqual((contact.state, contact.address), ("queued", "guarantor@example.com"))
        self.assertIn(part._get_link_token(), contact.body)
        self.assertEqual(self._send(part), contact, "once")

    def test_the_link_speaks_the_language_of_the_guarantor(self):
        part = self._plan_by_link("LK-11").instalment_ids[0]
        self.account.patient_id.language = "es_US"
        contact = self._send(part)
        self.assertEqual(contact.subject.partition("$")[0].strip(), "Su pago de")
        self.assertIn("de su plan de pagos", contact.body)
        self.assertEqual(contact.language, "es_419")

    def test_sending_asks_for_the_delivery(self):
        self._plan_by_link("LK-2").instalment_ids[0].with_user(self.collector).action_send_link()
        contact = self.account.contact_ids.filtered(lambda each: each.purpose == "plan")
        job = self.env["hc.job"].search([("key", "=like", f"contact_delivery:{contact.id}:%")])
        self.assertTrue(job)

    def test_other_holds_stop_the_link(self):
        part = self._plan_by_link("LK-3").instalment_ids[0]
        hold = self.env["hc.collection.hold"]._place(self.account, "bankruptcy", "chapter 7")
        contact = self._send(part)
        self.assertEqual(contact.state, "cancelled")
        parts = self.env["hc.payment.plan.instalment"]
        self.assertFalse(part.filtered_domain(parts._get_unheld_domain(("plan",))))
        hold._release("it was dismissed")
        self.assertTrue(part.filtered_domain(parts._get_unheld_domain(("plan",))))

    def test_a_dispute_of_all_that_is_open_stops_the_link(self):
        part = self._plan_by_link("LK-9").instalment_ids[0]
        holds = self.env["hc.collection.hold"]
        holds._place(self.account, "dispute", "wrong", amount=self.account.amount_open)
        self.assertEqual(self._send(part).state, "cancelled")

    def test_who_has_no_email_is_left_to_a_person(self):
        plan = self._plan("LK-4", first=0)
        self.account.patient_id.email = False
        with self._refused("no e-mail address"):
            plan.instalment_ids[0].with_user(self.collector).action_send_link()
        plan.instalment_ids[0]._send_link()
        item = self._item("payment_link", self.account)
        self.assertTrue(item)
        item._resolve("fixed")
        plan.instalment_ids[0]._send_link()
        self.assertFalse(self._item("payment_link", self.account), "they were asked once")
        self.account.patient_id.email = "guarantor@example.com"
        self.env["hc.contact.consent"]._record(self.account, ["email"], "revoked", "call")
        self.assertFalse(plan.instalment_ids[0]._send_link())

    def test_a_payment_settles_the_plan_of_its_link(self):
        first = self._plan_by_link("LK-5", months=3)
        child = self._create_patient("LK5B", guarantor_id=self.account.patient_id.id)
        case = self._bill("LK-5B", coverage=self.no_coverage, patient=child)
        second = self._propose(case, 3, first=5)
        self.assertEqual(second.account_id, first.account_id)
        part = second.instalment_ids[0]
        self._finish(self._transaction(self.account, 50.0, hc_instalment_id=part.id))
        self.assertEqual((first.amount_paid, second.amount_paid), (0.0, 50.0))
        self.assertEqual(part.amount_open, 0.0)
        self._finish(self._transaction(self.account, 50.0, reference="LK-5-unnamed"))
        self.assertEqual((first.amount_paid, second.amount_paid), (50.0, 50.0), "due first")

    def test_new_cases_are_outside_the_plan(self):
        plan = self._plan_by_link("LK-6")
        child = self._create_patient("LK6B", guarantor_id=self.account.patient_id.id)
        case = self._bill("LK-6B", coverage=self.no_coverage, patient=child)
        self.assertEqual((plan.amount_left, plan.case_ids), (150.0, self.case))
        self.assertEqual(self.account._get_plannable_cases(), case)

    def test_the_link_of_an_ended_plan_asks_for_nothing(self):
        plan = self._plan_by_link("LK-7")
        part = plan.instalment_ids[0]
        self.assertEqual(part._get_amount_to_pay(), 50.0)
        plan._cancel("Pays the rest at once.")
        self.assertEqual(part._get_amount_to_pay(), 0.0)
        with self._refused("Nothing of this instalment"):
            part.with_user(self.collector).action_send_link()

    def test_a_transfer_that_never_comes_is_not_waited_for_without_end(self):
        plan = self._plan_by_link("LK-8")
        transfer = self._transaction(self.account, 50.0)
        transfer._set_pending()
        self.assertEqual(self.account._get_payable_amount(), 100.0)
        transfer.last_state_change -= timedelta(days=11)
        self.assertEqual(self.account._get_payable_amount(), 150.0)
        self.assertEqual(self.account._say_nothing_to_pay(), "portal_part_paid")
        new = self._propose(
            plan.case_ids, 2, previous=plan.with_user(self.collector), reason="less a month"
        )
        self.assertEqual(new.state, "active")
