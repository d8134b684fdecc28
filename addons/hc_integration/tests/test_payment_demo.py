# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
from io import BytesIO
from unittest import skipUnless
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.modules.module import get_manifest
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger
from odoo.tools.convert import convert_xml_import

from odoo.addons.hc_revenue_base.tests.common import HcCommon

_MADE_UP = {"name": "Made Up", "code": "demo"}
_RECORD = b"""<?xml version="1.0" encoding="utf-8"?>
<odoo>
    <record id="demo_provider_of_the_tests" model="payment.provider">
        <field name="name">Made Up</field>
        <field name="code">demo</field>
        <field name="state">test</field>
    </record>
</odoo>
"""


@tagged("post_install", "-at_install")
@skipUnless(get_manifest("payment_demo"), "this Odoo comes without payment_demo")
class TestPaymentDemo(HcCommon, HttpCase):
    """Payments are made up where there is demonstration data, on loopback, and nowhere else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The module need not be installed for its code to be a provider's: the rule is by code.
        field = cls.env["payment.provider"]._fields["code"]
        if "demo" not in field.get_values(cls.env):
            known = {**field._selection, "demo": "Demo"}
            cls.startClassPatcher(patch.object(field, "_selection", known))
        cls.providers = cls.env["payment.provider"]
        cls.known = cls.providers.create({"name": "Made Up", "code": "demo", "state": "disabled"})
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls.base = cls.env.ref("base.module_base")
        cls._be(is_demo=False, address="https://pay.example.com")

    @classmethod
    def _be(cls, *, is_demo, address):
        cls.base.demo = is_demo
        cls.parameters.set_param("web.base.url", address)
        cls.env.flush_all()

    def _refused(self):
        return self.assertRaisesRegex(ValidationError, "makes payments up")

    def test_both_conditions_are_needed(self):
        for is_demo, address, is_allowed in (
            (False, "http://127.0.0.1:8069", False),
            (True, "https://pay.example.com", False),
            (True, "https://localhost.example.com", False),
            (True, "", False),
            (True, "http://localhost:8069", True),
        ):
            self._be(is_demo=is_demo, address=address)
            with self.subTest(is_demo=is_demo, address=address):
                if is_allowed:
                    self.known.state = "test"
                else:
                    with self._refused():
                        self.known.state = "test"

    def test_it_is_not_enabled_by_create(self):
        for state in ("test", "enabled"):
            with self._refused():
                self.providers.create({"name": "Another", "code": "demo", "state": state})

    def test_it_is_not_enabled_by_write(self):
        for state in ("test", "enabled"):
            with self._refused():
                self.known.state = state
        other = self.providers.create({"name": "Other", "code": "none", "state": "test"})
        with self._refused():
            other.code = "demo"
        with self._refused():
            self.known.copy({"state": "test"})

    def test_it_is_not_enabled_by_module_data(self):
        with self._refused():
            self.providers._load_records(
                [{"xml_id": "hc_integration.demo_of_tests", "values": {"state": "test"} | _MADE_UP}]
            )
        with self.assertRaises(Exception) as refusal, mute_logger("odoo.tools.convert"):
            self._convert(_RECORD)
        self.assertIn("makes payments up", f"{refusal.exception} {refusal.exception.__cause__}")

    def _convert(self, text):
        data = BytesIO(text)
        data.name = "provider.xml"
        convert_xml_import(self.env, "hc_integration", data, {}, mode="init")

    @mute_logger("odoo.http")
    def test_it_is_not_enabled_by_rpc_as_the_system_s_administrator(self):
        self.env.ref("base.user_admin").password = "admin-of-tests"
        self.authenticate("admin", "admin-of-tests")
        calls = (
            ("write", [[self.known.id], {"state": "enabled"}]),
            ("create", [[{"state": "test"} | _MADE_UP]]),
            ("web_save", [[self.known.id], {"state": "test"}, {"state": {}}]),
        )
        for method, arguments in calls:
            with self.subTest(method=method):
                body = {
                    "jsonrpc": "2.0",
                    "params": {
                        "model": "payment.provider",
                        "method": method,
                        "args": arguments,
                        "kwargs": {},
                    },
                }
                answer = self.url_open(
                    f"/web/dataset/call_kw/payment.provider/{method}",
                    data=json.dumps(body),
                    headers={"Content-Type": "application/json"},
                ).json()
                self.assertIn("makes payments up", answer["error"]["data"]["message"])
        self.env.invalidate_all()
        self.assertEqual(self.known.state, "disabled")

    def test_one_that_was_live_before_makes_no_payment_up(self):
        self._be(is_demo=True, address="http://localhost:8069")
        self.known.state = "test"
        self._be(is_demo=True, address="https://pay.example.com")
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": self.known.id,
                "payment_method_id": self.env.ref("payment.payment_method_unknown").id,
                "reference": "MADE-UP-1",
                "amount": 5.0,
                "currency_id": self.env.ref("base.USD").id,
                "partner_id": self.env.user.partner_id.id,
                "operation": "online_token",
            }
        )
        with self.assertRaisesRegex(ValidationError, "made up"):
            transaction._process("demo", {"reference": "MADE-UP-1", "simulated_state": "done"})
        self.assertEqual(transaction.state, "draft")
        self.providers._cron_watch_confirmations()
        key = f"payment_provider:{self.known.id}:forgeable"
        self.assertTrue(self.env["hc.work.item"].search([("dedup_key", "=", key)]))
        answer = self.url_open(
            "/payment/demo/simulate_payment",
            data="{}",
            headers={"Content-Type": "application/json"},
        )
        self.assertNotIn('"result": null', answer.text)
        self.assertEqual(transaction.state, "draft")
