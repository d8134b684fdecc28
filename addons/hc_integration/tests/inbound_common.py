# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What tests of received messages share: a sender over HTTP, and a handler that tells its calls."""

import json
import time
from unittest.mock import patch

from odoo.tests import HttpCase

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from ..hc_webhook_core.envelope import Event
from ..hc_webhook_core.signatures import sign_standard
from .sample_records import create_source

SECRET = "whsec_c2FtcGxlLXNlY3JldC1vZi10ZXN0cw=="
OCCURRED_AT = "2026-05-04T10:00:00Z"


def event_body(message_id, data=None, **attributes):
    """The JSON of an event, as bytes."""
    event = {
        "specversion": "1.0",
        "id": message_id,
        "source": "test",
        "type": "encounter.completed.v1",
        "time": OCCURRED_AT,
        "data": data or {},
    }
    return json.dumps(event | attributes).encode()


class InboundCase(HttpCase, HcCommon):
    """A connected system that sends over HTTP."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "sending-system")

    def _send(self, message_id, body=None, source=None, secret=SECRET, **headers):
        """Send a signed message; further headers replace those of the signature."""
        body = event_body(message_id) if body is None else body
        seconds = int(time.time())
        signed = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign_standard(secret, message_id, seconds, body),
        }
        signed |= {name.replace("_", "-"): value for name, value in headers.items()}
        code = self.source.code if source is None else source
        return self.url_open(f"/hc/v1/inbound/{code}", data=body, headers=signed)

    def _find(self, message_id):
        return self.env["hc.exchange"].search([("external_id", "=", message_id)])


class EventCase(HcCommon):
    """Events that wait, and a handler that tells in which order it was called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "sending-system")
        cls.border = cls.env["hc.integration.source"]._get_borders()[cls.source.code]

    def setUp(self):
        super().setUp()
        self.handled, self.failing = [], set()
        case = self

        def handle(exchange, checkpoint):
            if exchange.source_id == case.source:
                case.handled.append((exchange.external_id, exchange.env.user, exchange.env.company))
            exchange.sudo()._write_guarded({"event_result": {"half": "done"}})
            if exchange.external_id in case.failing:
                raise ValueError("a value that nobody may see")
            exchange.sudo()._transition_where_allowed("processing")
            checkpoint(1, 0)
            exchange.sudo()._transition("done")
            return True

        model = self.registry["hc.exchange"]
        self.startPatcher(patch.object(model, "_handle_event", handle, create=True))

    def _receive(self, message_id, subject="", sequence=0, minute=0, body=b"{}"):
        """Receive a verified message; its exchange."""
        occurred_at = self.env.cr.now().replace(microsecond=0, minute=minute)
        event = Event(message_id, "encounter.completed", 1, occurred_at, subject, sequence)
        exchanges = self.env["hc.exchange"].with_user(self.source.user_id).sudo()
        receipt = exchanges._receive_event(self.border, event, body)
        return self.env["hc.exchange"].browse(receipt.exchange_id)

    def _drain(self):
        """Process until nothing is due; the ids of the messages whose handler was called."""
        self.handled.clear()
        with self.enter_registry_test_mode():
            self.env.ref("hc_integration.ir_cron_process_events_1").method_direct_trigger()
        self.env.invalidate_all()
        return [message_id for message_id, _user, _company in self.handled]
