# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from .stripe_common import StripeCase

BY_PROVIDER, BY_BORDER = "provider", "border"
FORGED = "whsec_another_secret_0000000001"


@tagged("post_install", "-at_install")
class TestStripePayments(StripeCase):
    """From the click in the portal to the money on the case, with a processor on loopback."""

    def _tell(self, event, way):
        if way == BY_PROVIDER:
            self.assertEqual(self._deliver(event), 200)
        else:
            self.assertEqual(self._deliver_to_border(event).state, "done")
        self._post()

    def test_a_payment_is_confirmed_once_and_closes_the_case(self):
        transaction, intent = self._begin()
        event = self.processor.pay(intent)
        self.assertEqual(self._deliver(event), 200)
        self.assertEqual((transaction.state, transaction.provider_reference), ("done", intent))
        self._post()
        self.assertEqual((self.account.amount_open, self.case.stage), (0.0, "closed"))
        self.assertEqual(self._deliver(event), 200)
        self._post()
        self.assertEqual(self._payments(), [("inbound", 150.0)])

    def test_the_return_page_and_the_event_tell_the_same(self):
        transaction, intent = self._begin(60.0)
        event = self.processor.pay(intent)
        path = f"/payment/stripe/return?reference={transaction.reference}&payment_intent={intent}"
        self.url_open(path, allow_redirects=False)
        self.assertEqual(transaction.state, "done")
        self._post()
        self.assertEqual(self._deliver(event), 200)
        self._post()
        self.assertEqual(self._payments(), [("inbound", 60.0)])
        self.assertEqual(self.account.amount_open, 90.0)

    def test_both_ways_in_either_order_book_once(self):
        for ways in ((BY_PROVIDER, BY_BORDER), (BY_BORDER, BY_PROVIDER)):
            with self.subTest(ways=ways):
                booked, owed = self._payments(), self.account.amount_open
                transaction, intent = self._begin(30.0)
                event = self.processor.pay(intent)
                for way in ways:
                    self._tell(event, way)
                self.assertEqual(transaction.state, "done")
                self.assertEqual(self._payments(), sorted([*booked, ("inbound", 30.0)]))
                self.assertEqual(self.account.amount_open, owed - 30.0)
        self.assertFalse(self._open_items("payment_unmatched", "payment_failed"))

    def test_the_border_may_tell_before_odoo_has_booked(self):
        transaction, intent = self._begin(40.0)
        event = self.processor.pay(intent)
        self.assertEqual(self._deliver(event), 200)
        self.assertFalse(transaction.is_post_processed)
        self.assertEqual(self._deliver_to_border(event).state, "done")
        self._post()
        self.assertEqual(self._payments(), [("inbound", 40.0)])

    def test_a_payment_at_a_terminal_comes_in_once_by_either_way(self):
        for ways in ((BY_PROVIDER, BY_BORDER), (BY_BORDER, BY_PROVIDER)):
            with self.subTest(ways=ways):
                booked = self._payments()
                event = self.processor.take(2550, account_number=self.account.name)
                for way in (*ways, *ways):
                    self._tell(event, way)
                self.assertEqual(self._payments(), sorted([*booked, ("inbound", 25.5)]))
        self.assertEqual(self.account.amount_open, 99.0)

    def test_a_payment_of_nobody_is_a_persons_work(self):
        event = self.processor.take(1000)
        self._tell(event, BY_BORDER)
        self.assertEqual(len(self._open_items("payment_unmatched")), 1)
        self.assertFalse(self._payments())

    def test_a_declined_card_and_the_next_try(self):
        transaction, intent = self._begin()
        declined = self.processor.pay(intent, declined=True)
        paid = self.processor.pay(intent)
        # Out of order: the success comes first and stands.
        for event in (paid, declined, paid):
            self.assertEqual(self._deliver(event), 200)
            self._post()
        self.assertEqual(transaction.state, "done")
        self.assertEqual(self._payments(), [("inbound", 150.0)])

    def test_a_refund_from_odoo_is_booked_once(self):
        transaction, intent = self._begin()
        self._tell(self.processor.pay(intent), BY_PROVIDER)
        child = transaction._refund(amount_to_refund=50.0)
        self.assertEqual((child.state, child.operation), ("done", "refund"))
        event = self.processor.events[-1]
        self.assertEqual(event["type"], "charge.refunded")
        for way in (BY_PROVIDER, BY_BORDER):
            self._tell(event, way)
        self.assertEqual(self._payments(), [("inbound", 150.0), ("outbound", 50.0)])
        self.assertEqual(self.account.amount_open, 50.0)

    def test_refunds_at_the_processor_are_booked_once_by_either_way(self):
        _transaction, intent = self._begin()
        self._tell(self.processor.pay(intent), BY_PROVIDER)
        charge = self.processor.objects[intent]["latest_charge"]
        for amount, ways in ((1000, (BY_PROVIDER, BY_BORDER)), (2000, (BY_BORDER, BY_PROVIDER))):
            self.processor.now += 60
            self.processor.refund(charge, amount)
            for way in ways:
                self._tell(self.processor.events[-1], way)
        self.assertEqual(
            self._payments(), [("inbound", 150.0), ("outbound", 10.0), ("outbound", 20.0)]
        )
        self.assertEqual(self.account.amount_open, 30.0)

    def test_a_dispute_takes_the_money_and_gives_it_back(self):
        for ways in ((BY_PROVIDER, BY_BORDER), (BY_BORDER, BY_PROVIDER)):
            with self.subTest(ways=ways):
                owed = self.account.amount_open
                _transaction, intent = self._begin(30.0)
                self._tell(self.processor.pay(intent), BY_PROVIDER)
                dispute = self.processor.dispute(self.processor.objects[intent]["latest_charge"])
                withdrawn = self.processor.events[-1]
                for way in ways:
                    self._tell(withdrawn, way)
                self.assertEqual(self.account.amount_open, owed)
                self.assertTrue(self._open_items("payment_charged_back"))
                won = self.processor.win(dispute["id"])
                for way in ways:
                    self._tell(won, way)
                self.assertEqual(self.account.amount_open, owed - 30.0)

    def test_money_that_comes_back_before_it_went_waits(self):
        _transaction, intent = self._begin(30.0)
        paid = self.processor.pay(intent)
        dispute = self.processor.dispute(self.processor.objects[intent]["latest_charge"])
        withdrawn = self.processor.events[-1]
        for event in (self.processor.win(dispute["id"]), withdrawn, paid):
            self._deliver_to_border(event)
        self.assertEqual(self.account.amount_open, 120.0)
        self.assertEqual(
            self._payments(), [("inbound", 30.0), ("inbound", 30.0), ("outbound", 30.0)]
        )

    def test_a_wrong_amount_is_no_payment(self):
        transaction, intent = self._begin()
        self.processor.objects[intent]["amount"] = 100
        self._deliver(self.processor.pay(intent))
        self._post()
        self.assertEqual(transaction.state, "error")
        self.assertFalse(self._payments())
        self.assertTrue(self._open_items("payment_failed"))

    def test_an_unknown_reference_goes_to_a_person(self):
        event = self.processor.take(1000)
        event["data"]["object"]["description"] = "NOBODY"
        self._tell(event, BY_PROVIDER)
        self.assertTrue(self._open_items("payment_unmatched"))

    def test_what_nobody_reads_is_kept_and_told_once(self):
        kept = []
        for number in range(3):
            event = {
                "id": f"evt_payout_{number}",
                "object": "event",
                "type": "payout.paid",
                "created": self.processor.now,
                "data": {"object": {"id": f"po_{number}", "object": "payout"}},
            }
            kept.append(self._deliver_to_border(event))
        self.assertEqual([each.event_outcome for each in kept], ["unread"] * 3)
        self.assertEqual({each.event_type for each in kept}, {"stripe.payout.paid"})
        items = self._open_items("event")
        self.assertEqual(len(items), 1)
        self.assertIn("payout.paid", items.name)

    def test_a_forged_event_does_not_enter_the_border(self):
        event = self.processor.take(1000, account_number=self.account.name)
        path = f"/hc/v1/inbound/{self.system.code}"
        self.assertEqual(self._deliver(event, path, FORGED), 401)
        self.assertFalse(self._payments())
