# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import hashlib
import hmac
import json
import time
from unittest import skipUnless

from odoo.exceptions import ValidationError
from odoo.modules.module import get_manifest
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..models.payment_provider import is_loopback

SECRET = "whsec_sample_secret_of_the_tests_0001"
WEBHOOK = "/payment/stripe/webhook"
GUARD_LOGGER = "odoo.addons.hc_integration.controllers.stripe"


class TestLoopback(HcCommon):
    def test_only_this_machine_is_loopback(self):
        for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1"):
            self.assertTrue(is_loopback(host), host)
        for host in (None, "", "10.0.0.1", "localhost.example.com", "127.0.0.1.example.com"):
            self.assertFalse(is_loopback(host), host)


@tagged("post_install", "-at_install")
@skipUnless(get_manifest("payment_stripe"), "this Odoo comes without payment_stripe")
class TestPaymentGuard(HcCommon, HttpCase):
    """Confirmations of Stripe: signed, of now, once, as a whole."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "stripe_webhook_secret" not in cls.env["payment.provider"]._fields:
            cls.skipTest(cls, "payment_stripe is not installed")
        cls.provider = cls.env["payment.provider"].create(
            {
                "name": "Stripe of the Tests",
                "code": "stripe",
                "stripe_publishable_key": "pk_test_sample",
                "stripe_secret_key": "sk_test_sample",
                "stripe_webhook_secret": SECRET,
                "state": "test",
            }
        )
        method = cls.env.ref("payment.payment_method_card")
        cls.transaction = cls.env["payment.transaction"].create(
            {
                "provider_id": cls.provider.id,
                "payment_method_id": method.id,
                "reference": "S-0001",
                "amount": 80.0,
                "currency_id": cls.env.ref("base.USD").id,
                "partner_id": cls.env.user.partner_id.id,
                "operation": "online_direct",
            }
        )

    def _event(self, event_id="evt_1", kind="payment_intent.succeeded", **subject):
        known = {
            "id": "pi_1",
            "object": "payment_intent",
            "description": "S-0001",
            "amount": 8000,
            "currency": "usd",
            "status": "succeeded",
        }
        return {
            "id": event_id,
            "type": kind,
            "created": int(time.time()),
            "data": {"object": known | subject},
        }

    def _sign(self, body, *, age_seconds=0, secrets=(SECRET,)):
        seconds = int(time.time()) - age_seconds
        digests = [
            hmac.new(secret.encode(), b"%d.%s" % (seconds, body), hashlib.sha256).hexdigest()
            for secret in secrets
        ]
        return ",".join([f"t={seconds}", *(f"v1={digest}" for digest in digests)])

    def _post(self, event, *, signature=None, **signing):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        header = self._sign(body, **signing) if signature is None else signature
        headers = {"Content-Type": "application/json"}
        if header:
            headers["Stripe-Signature"] = header
        with mute_logger(GUARD_LOGGER, "odoo.addons.payment_stripe.controllers.main"):
            answer = self.url_open(WEBHOOK, data=body, headers=headers)
        self.env.invalidate_all()
        return answer

    def _items(self):
        key = f"payment_event:{self.provider.id}:%"
        return self.env["hc.work.item"].search([("dedup_key", "=like", key)])

    def _count(self):
        return self.env["hc.payment.event"].search_count([("provider_id", "=", self.provider.id)])

    def test_without_its_secret_no_provider_is_live(self):
        for state in ("enabled", "test"):
            with self.subTest(state=state), self.assertRaisesRegex(ValidationError, "anybody"):
                self.provider.write({"state": state, "stripe_webhook_secret": False})
        with self.assertRaisesRegex(ValidationError, "anybody"):
            self.provider.stripe_webhook_secret = False
        with self.assertRaisesRegex(ValidationError, "too short"):
            self.provider.stripe_webhook_secret = "whsec_x"
        with self.assertRaisesRegex(ValidationError, "anybody"):
            self.env["payment.provider"].create(
                {
                    "name": "Other",
                    "code": "stripe",
                    "stripe_publishable_key": "pk",
                    "stripe_secret_key": "sk",
                    "state": "enabled",
                }
            )
        self.provider.state = "disabled"
        self.provider.stripe_webhook_secret = False

    def test_a_provider_that_was_live_before_is_found(self):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_provider SET stripe_webhook_secret = NULL WHERE id = %s",
            [self.provider.id],
        )
        self.provider.invalidate_recordset()
        for _turn in range(2):
            self.env["payment.provider"]._cron_watch_confirmations()
        item = self.env["hc.work.item"].search(
            [("dedup_key", "=", f"payment_provider:{self.provider.id}:forgeable")]
        )
        self.assertEqual(item.severity, "critical")
        self.assertEqual(self._post(self._event()).status_code, 401, "its door stays shut")
        self.assertEqual(self.transaction.state, "draft")

    def test_a_signed_event_is_processed_once(self):
        event = self._event()
        self.assertEqual(self._post(event).status_code, 200)
        self.assertEqual(self.transaction.state, "done")
        self.transaction.state = "pending"
        self.env.flush_all()
        self.assertEqual(self._post(event).status_code, 200)
        self.assertEqual(self.transaction.state, "pending", "the same event does nothing twice")
        self.assertEqual(self._count(), 1)

    def test_forged_old_and_future_events_are_refused(self):
        event = self._event()
        body = json.dumps(event).encode()
        cases = {
            "missing": {"signature": ""},
            "nonsense": {"signature": "t=,v1"},
            "no time": {"signature": self._sign(body).partition(",")[2]},
            "other secret": {"secrets": ("whsec_another_secret_0000000001",)},
            "of another body": {"signature": self._sign(body + b" ")},
            "old": {"age_seconds": 330},
            "future": {"age_seconds": -330},
        }
        for name, signing in cases.items():
            with self.subTest(name):
                self.assertEqual(self._post(event, **signing).status_code, 401)
        self.assertEqual(self.transaction.state, "draft")
        self.assertFalse(self._count())
        self.assertEqual(self._post(b"[]").status_code, 400)
        self.assertEqual(self._post(b'{"id": "evt_1", "type": "x"}').status_code, 400)

    def test_one_of_several_signatures_is_enough(self):
        other = "whsec_another_secret_0000000001"
        for number, secrets in enumerate(((SECRET, other), (other, SECRET))):
            event = self._event(f"evt_{number}")
            self.transaction.state = "draft"
            self.env.flush_all()
            self.assertEqual(self._post(event, secrets=secrets).status_code, 200)
            self.assertEqual(self.transaction.state, "done", number)

    def test_an_unknown_reference_is_work(self):
        self.assertEqual(self._post(self._event(description="NOBODY")).status_code, 200)
        self.assertIn("No payment of that reference", self._items().description)

    def test_a_provider_speaks_of_its_own_payments_only(self):
        secret = "whsec_another_secret_0000000001"
        self.env["payment.provider"].create(
            {
                "name": "Another Stripe",
                "code": "stripe",
                "stripe_publishable_key": "pk_test_other",
                "stripe_secret_key": "sk_test_other",
                "stripe_webhook_secret": secret,
                "state": "test",
            }
        )
        self.env.flush_all()
        answer = self._post(self._event(), secrets=(secret,))
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(self.transaction.state, "draft")

    def test_a_charge_back_is_never_lost(self):
        event = self._event(
            "evt_d", "charge.dispute.funds_withdrawn", id="dp_1", payment_intent="pi_1"
        )
        for _turn in range(2):
            self.assertEqual(self._post(event).status_code, 200)
        self.assertEqual(len(self._items()), 1)
        self.assertIn("dp_1", self._items().description)

    def test_what_fails_is_sent_again(self):
        # To keep the card for later the payment method is asked for at Stripe, which fails here.
        self.transaction.tokenize = True
        self.env.flush_all()
        event = self._event("evt_f", payment_method="pm_1")
        with mute_logger("odoo.addons.payment.models.payment_provider"):
            self.assertEqual(self._post(event).status_code, 503)
        self.assertFalse(self._count(), "it is taken when it comes again")
        self.assertEqual(len(self._items()), 1)
        self.transaction.tokenize = False
        self.env.flush_all()
        self.assertEqual(self._post(event).status_code, 200)
        self.assertEqual(self.transaction.state, "done")
