# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.payment import utils as payment_utils

from .stripe_common import StripeCase


@tagged("post_install", "-at_install")
class TestStripeBegun(StripeCase):
    """A payment page that was left open cannot pay beside the next one."""

    def _forget(self):
        """Eleven minutes pass."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = create_date - interval '11 minutes'"
            " WHERE provider_id = %s",
            [self.provider.id],
        )
        self.env.invalidate_all()

    @mute_logger("odoo.http", "odoo.addons.payment.models.payment_provider")
    def _begin_refused(self, amount=150.0):
        """What the payer is told who may not begin a payment."""
        partner, currency = self.account.partner_id, self.account.currency_id
        answer = self._call(
            self._url("/transaction"),
            provider_id=self.provider.id,
            payment_method_id=self.card.id,
            token_id=None,
            amount=amount,
            flow="direct",
            tokenization_requested=False,
            landing_route="/",
            is_validation=False,
            access_token=payment_utils.generate_access_token(
                partner.id, amount, currency.id, env=self.env
            ),
        )
        self.env.invalidate_all()
        return answer["error"]["data"]["message"]

    def _statuses(self):
        objects = self.processor.objects.values()
        return [each["status"] for each in objects if each["object"] == "payment_intent"]

    def test_an_old_page_cannot_pay_beside_a_new_one(self):
        first, _intent = self._begin()
        self._forget()
        second, intent = self._begin()
        self.assertEqual(self._statuses(), ["canceled", "requires_payment_method"])
        self.assertEqual((first.state, second.state), ("cancel", "draft"))
        # The provider's own word of it comes after, and changes nothing.
        self.assertEqual(self._deliver(self.processor.events[-2]), 200)
        self.assertEqual(self._deliver(self.processor.pay(intent)), 200)
        self._post()
        self.assertEqual(self._payments(), [("inbound", 150.0)])

    def test_an_old_page_that_was_paid_is_recognised(self):
        first, intent = self._begin()
        self.processor.pay(intent)  # the word of it got lost
        self._forget()
        self.assertIn("We received your payment", self._begin_refused())
        self.assertEqual(first.state, "done")
        self.assertEqual(self._statuses(), ["succeeded"])
        self._post()
        self.assertEqual(self._payments(), [("inbound", 150.0)])
        self.assertEqual(self.account.amount_open, 0.0)

    def test_a_declined_card_on_an_old_page_is_not_tried_again(self):
        first, intent = self._begin()
        self.assertEqual(self._deliver(self.processor.pay(intent, declined=True)), 200)
        self.assertEqual(first.state, "error")
        self._begin()
        self.assertEqual(self._statuses(), ["canceled", "requires_payment_method"])

    def test_nothing_is_begun_while_the_end_of_the_old_one_is_unknown(self):
        first, _intent = self._begin()
        self._forget()
        self.processor.broken = 503
        self.assertIn("was begun a moment ago", self._begin_refused())
        self.assertEqual((self._transactions(), first.state), (first, "draft"))
        self.processor.broken = 0
        self._begin()
        self.assertEqual(self._statuses(), ["canceled", "requires_payment_method"])

    def test_two_parts_have_room_beside_each_other(self):
        first, _intent = self._begin(60.0)
        self._forget()
        self._begin(90.0)
        self.assertEqual(self._statuses(), ["requires_payment_method"] * 2)
        self.assertEqual(first.state, "draft")

    def test_a_provider_that_was_disabled_keeps_nobody_from_paying(self):
        first, _intent = self._begin()
        self._forget()
        asked = len(self.processor.asked)
        self.provider.state = "disabled"
        self.assertFalse(self.account._close_forgotten_payments(150.0, 150.0))
        self.assertEqual((first.state, len(self.processor.asked)), ("draft", asked))
