# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A hospital that takes payments by Odoo's Stripe module, and a processor on loopback."""

import time
from unittest.mock import patch

from odoo.fields import Command
from odoo.tools import mute_logger

from odoo.addons.hc_collections.tests.test_portal import PortalCase
from odoo.addons.hc_integration.tests import stripe_server
from odoo.addons.hc_integration.tests.sample_records import create_source
from odoo.addons.payment import utils as payment_utils

# Signs events to Odoo's own route, and those to the border.
PROVIDER_SECRET = "whsec_sample_secret_of_the_tests_0001"
SYSTEM_SECRET = "whsec_c2FtcGxlLXNlY3JldC1vZi10ZXN0cw=="
_QUIET = (
    "odoo.addons.hc_integration.controllers.stripe",
    "odoo.addons.payment_stripe.controllers.main",
    "odoo.addons.payment_stripe.models.payment_transaction",
)


class StripeCase(PortalCase):
    """A patient who pays in the portal, and two ways by which the processor tells of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.processor = cls.enterClassContext(stripe_server.serving(int(time.time())))
        cls.card = cls.env.ref("payment.payment_method_card")
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Stripe of the Tests",
                "code": "stripe",
                "company_id": cls.company.id,
                "stripe_publishable_key": "pk_test_sample",
                "stripe_secret_key": stripe_server.SECRET_KEY,
                "stripe_webhook_secret": PROVIDER_SECRET,
                "payment_method_ids": [Command.set(cls.card.ids)],
                "is_published": True,
                "state": "test",
            }
        )
        journal = cls.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", cls.company.id)], limit=1
        )
        cls.provider.journal_id = journal
        cls.card.active = True
        cls.system = create_source(cls, "card-processor")
        cls.system.write(
            {"scheme": "stripe", "kind": "payment", "payment_provider_id": cls.provider.id}
        )
        cls.env["hc.payment.source"].create(
            {"name": "Cards", "code": cls.system.code, "journal_id": journal.id}
        )
        address = cls.processor.url
        cls.startClassPatcher(
            patch.object(
                cls.env.registry["payment.provider"],
                "_build_request_url",
                lambda _self, endpoint, **_options: f"{address}{endpoint}",
            )
        )

    def setUp(self):
        super().setUp()
        self.processor.begin(int(time.time()))
        self.items_before = self.env["hc.work.item"].search([("id", ">", 0)])

    def _begin(self, amount=150.0):
        """Begin a payment in the portal; the transaction and the processor's intent."""
        self.authenticate("w.patient", "w.patient")
        partner, currency = self.account.partner_id, self.account.currency_id
        before = self._transactions()
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
        self.assertIn("result", answer, answer)
        transaction = self._transactions() - before
        intent = answer["result"]["client_secret"].removesuffix("_secret")
        self.assertTrue(intent, transaction.state_message)
        return transaction, intent

    def _transactions(self):
        self.env.invalidate_all()
        return self.env["payment.transaction"].search([("provider_id", "=", self.provider.id)])

    def _deliver(self, event, path="/payment/stripe/webhook", secret=PROVIDER_SECRET):
        """Send an event by HTTP, signed; the answer's status."""
        body, signature = stripe_server.sign(event, secret, int(time.time()))
        headers = {"Content-Type": "application/json", "Stripe-Signature": signature}
        self.env.flush_all()
        with mute_logger(*_QUIET):
            answer = self.url_open(path, data=body, headers=headers)
        self.env.invalidate_all()
        return answer.status_code

    def _deliver_to_border(self, event):
        """Send an event to the border and have it processed; its exchange."""
        status = self._deliver(event, f"/hc/v1/inbound/{self.system.code}", SYSTEM_SECRET)
        self.assertIn(status, (200, 202))
        exchange = self.env["hc.exchange"].search(
            [("source_id", "=", self.system.id), ("external_id", "=", event["id"])]
        )
        if exchange.state == "received":
            exchange._process_safely(lambda _done, _left: True)
        self.env.invalidate_all()
        self.assertEqual(exchange.state, "done", exchange.error)
        return exchange

    def _post(self):
        """Book what is confirmed, as the Scheduled Action of Odoo does."""
        self._transactions().filtered(
            lambda each: not each.is_post_processed and each.state in ("done", "cancel", "error")
        )._post_process()
        self.env.invalidate_all()

    def _open_items(self, *kinds):
        """Open work items that the test has brought."""
        domain = [("state", "in", ("open", "in_progress"))]
        if kinds:
            domain.append(("kind", "in", kinds))
        return self.env["hc.work.item"].search(domain) - self.items_before

    def _payments(self):
        """What is booked of the account: ``{(direction, amount)}`` with repetitions."""
        payments = self.env["account.payment"].search(
            [("hc_account_id", "=", self.account.id), ("move_id.state", "=", "posted")]
        )
        return sorted((payment.payment_type, payment.amount) for payment in payments)
