# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.hc_revenue_base.tests.http_common import HOST, LOCALHOST, serving

from ..models.hc_transport_request_carrier import CARRIER_CODE
from .transport_common import TransportCommon

_EXCHANGE_LOGGER = "odoo.addons.hc_revenue_base.models.hc_exchange_processing"


@tagged("post_install", "-at_install")
class TestContractsBorder(TransportCommon):
    """Documents, secrets, calls and letters of a sibling."""

    def _receive(self, number, content):
        exchange, _verdict = (
            self.env["hc.exchange"]
            .with_user(self.clerk)
            ._receive("transport_answer", "Swift Vans", number, content, "answer.json")
        )
        with mute_logger(_EXCHANGE_LOGGER):
            exchange.sudo()._process_safely(lambda done, left: True)
        return exchange

    def test_a_document_type_with_its_handler(self):
        content = json.dumps({"accepted": [self.request.id]}).encode()
        exchange = self._receive("A-1", content)
        self.assertEqual(exchange.state, "done")
        self.assertEqual((self.request.state, self.request.carrier), ("booked", "Swift Vans"))
        again, verdict = self.env["hc.exchange"]._receive(
            "transport_answer", "Swift Vans", "A-1", content, "answer.json"
        )
        self.assertEqual((again, verdict), (exchange, "duplicate"))

    def test_a_hostile_document_is_rejected_as_a_whole(self):
        for number, content in enumerate((b"{", b"[]", b'{"accepted": ["x"]}', b"\xff\x00")):
            exchange = self._receive(f"H-{number}", content)
            self.assertEqual((exchange.state, self.request.state), ("rejected", "requested"))
            self.assertIn("no JSON object", exchange.error)

    def test_an_order_goes_to_the_carrier_with_the_secret(self):
        self.enterContext(self.enter_registry_test_mode())
        self.enterContext(patch.dict(os.environ, {"HC_SECRET_KEY": "33" * 32}))
        server = self.enterContext(serving())
        url = f"http://{HOST}:{server.port}"
        self._allow(server.port)
        request = self.request.with_user(self.clerk)
        with self.assertRaisesRegex(UserError, CARRIER_CODE):
            request._send_order(f"{url}/ok")
        self.env["hc.secret"].create(
            {"name": "Carrier", "code": CARRIER_CODE, "value": "token-of-the-carrier"}
        )
        with patch.object(
            self.registry["hc.http"], "_resolver", staticmethod(lambda *_: [LOCALHOST])
        ):
            request._send_order(f"{url}/ok")
            with self.assertRaisesRegex(UserError, "answered 404"):
                request._send_order(f"{url}/status/404")
        self.assertEqual(server.seen[0][2]["Authorization"], "Bearer token-of-the-carrier")
        self.assertEqual(json.loads(server.bodies[0])["reference"], f"T-{self.request.id}")
        calls = self.env["hc.http.call"].search([("purpose", "=", "transport_order")])
        self.assertEqual(sorted(calls.mapped("status")), [200, 404])

    def _allow(self, port):
        proposer, approver = (
            self._create_user(f"transport.{name}", "administrator") for name in ("asks", "agrees")
        )
        allowance = (
            self.env["hc.http.allowance"]
            .with_user(proposer)
            .create(
                {
                    "target": HOST,
                    "port": port,
                    "allows_plain": True,
                    "reason": "The carrier's test server",
                    "expires_on": "2099-12-31",
                }
            )
        )
        allowance.with_user(approver).action_approve()

    def test_a_letter(self):
        self.request.carrier = "Swift Vans"
        letter = self.request.with_user(self.clerk)._render_letter()
        self.assertTrue(letter.startswith(b"%PDF-"))
        self.assertEqual(letter, self.request.with_user(self.clerk)._render_letter())

    def test_an_operation_runs_once_per_key(self):
        operations = self.env["hc.operation"].with_user(self.clerk)
        payload = {"request": self.request.id, "carrier": "Swift Vans"}
        first = operations.run("transport.book", payload, "key-00001")
        self.assertEqual((first["result"], first["replayed"]), ({"state": "booked"}, False))
        self.assertTrue(operations.run("transport.book", payload, "key-00001")["replayed"])
        answer = operations.run("transport.book", {**payload, "request": 10**9}, "key-00002")
        self.assertEqual(answer["error"]["code"], "not_found")

    def test_a_resource_is_read_page_by_page(self):
        reader = self._create_user("transport.reader", "integration")
        # What a running transaction may still change is not served yet.
        self.env.flush_all()
        self.env.cr.execute("UPDATE hc_transport_request SET write_date = '2026-03-03'")
        self.env.invalidate_all()
        answer = (
            self.env["hc.operation"]
            .with_user(reader)
            .run("resource.read", {"resource": "transports"})
        )
        self.assertEqual(answer["status"], "ok", answer)
        self.assertEqual(
            [(row["state"], row["amount"]) for row in answer["result"]["records"]],
            [("requested", "40.00")],
        )
