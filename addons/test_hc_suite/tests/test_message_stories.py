# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.hc_collections.tests.cadence_common import CadenceCase
from odoo.addons.hc_integration.hc_webhook_core import events
from odoo.addons.hc_integration.tests.sample_records import create_gateway, create_source
from odoo.addons.hc_revenue_base.tests.http_common import HOST, LOCALHOST, serving


@tagged("post_install", "-at_install")
class TestMessageStories(CadenceCase):
    """Reminders by text message leave by a gateway, and learn what became of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Hours are another class's subject.
        cls.env["hc.guardrail.rule"].search([("code", "=", "REGF-2")])._config_write(
            {"active": False}
        )
        cls.server = cls.enterClassContext(serving())
        cls.system = create_source(cls, "texting")
        cls.system.user_id.hc_facility_ids = cls.env["hc.facility"].search(
            [("company_id", "=", cls.company.id)]
        )
        asks, agrees = (
            cls._create_user(f"texting.{name}", "administrator") for name in ("asks", "agrees")
        )
        allowance = (
            cls.env["hc.http.allowance"]
            .with_user(asks)
            .create(
                {
                    "target": HOST,
                    "allows_plain": True,
                    "reason": "The gateway of the tests",
                    "expires_on": "2099-12-31",
                }
            )
        )
        allowance.with_user(agrees).action_approve()

    def setUp(self):
        super().setUp()
        self.server.seen.clear()
        self.server.bodies.clear()
        self.enterContext(
            patch.object(
                self.env.registry["hc.http"], "_resolver", staticmethod(lambda *_: [LOCALHOST])
            )
        )

    def _remind(self, *names, path="ok"):
        """Send text messages to guarantors; their contacts."""
        create_gateway(
            self.env,
            self.system,
            document_type="text_message",
            url=f"http://{HOST}:{self.server.port}/{path}",
        )
        level = {"code": "one", "delay_days": 5, "channel": "sms", "spacing_days": 7}
        self._publish_policy("texts", [level])
        contacts = [self._guarantor(name) for name in names]
        run = self._propose()
        run.action_execute()
        self._work()
        return [account.contact_ids for account in contacts]

    def _send(self):
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_send_gateway_messages").method_direct_trigger()
        self.env.invalidate_all()

    def _report(self, reference, status, number):
        exchange = (
            self.env["hc.exchange"]
            .with_user(self.system.user_id)
            ._enter_event(
                self.system,
                events.find("message.status", 1),
                {"message_reference": reference, "status": status},
                datetime(2026, 3, 3, 8),
                external_id=number,
                is_manual=False,
            )
            .sudo()
        )
        exchange._process_safely(lambda _done, _left: True)
        self.env.invalidate_all()
        return exchange

    def test_a_reminder_is_sent_once_delivered_and_answered_by_stop(self):
        first, second = self._remind("T1", "T2")
        self._send()
        self._send()
        self.assertEqual(len(self.server.seen), 2)
        told = {json.loads(body)["reference"] for body in self.server.bodies}
        self.assertEqual(told, {str(first.id), str(second.id)})
        self.assertEqual((first.state, second.state), ("sent", "sent"))
        self.assertEqual(first.exchange_id.state, "done")
        event = self._report(str(first.id), "delivered", "m1")
        self.assertEqual((event.state, first.state), ("done", "delivered"), event.error)
        event = self._report(str(second.id), "opted_out", "m2")
        self.assertEqual(event.state, "done", event.error)
        consent = self.env["hc.contact.consent"].search(
            [("account_id", "=", second.account_id.id)], order="id desc", limit=1
        )
        self.assertEqual((consent.channel, consent.verdict), ("sms", "revoked"))
        messages = self.env["hc.gateway.message"].search(
            [("gateway_id.source_id", "=", self.system.id)]
        )
        self.assertEqual(
            {message.reference: message.state for message in messages},
            {str(first.id): "delivered", str(second.id): "opted_out"},
        )

    def test_a_number_that_does_not_exist_becomes_work(self):
        (contact,) = self._remind("T3", path="refuse/21211")
        self._send()
        self.assertEqual(contact.state, "failed")
        self.assertIn("21211", contact.error)
        item = self.env["hc.work.item"].search([("dedup_key", "=", f"contact_failed:{contact.id}")])
        self.assertEqual(item.state, "open")
