# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64encode

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon

from .event_common import EventCase
from .sample_records import create_source
from .test_event_encounter import COMPLETED


@tagged("post_install", "-at_install")
class TestSourceCodes(HcCommon):
    """Nobody sends under somebody else's name."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = create_source(cls, "clearing-house")
        cls.stranger = cls._create_user("codes.stranger", "integration")
        cls.operations = cls.env["hc.operation"]

    def _submit(self, user, source, number, company=None):
        operations = self.operations.with_user(user)
        if company:
            operations = operations.with_context(allowed_company_ids=company.ids)
        content = b64encode(b"a,b").decode()
        payload = {
            "document_type": "charge_csv",
            "source": source,
            "external_id": number,
            "content_base64": content,
        }
        answer = operations.run("exchange.submit", payload, f"codes-{number}-{user.id}")
        return answer["result"]["verdict"] if answer["status"] == "ok" else answer["error"]["code"]

    def test_the_code_of_a_connected_system_is_its_users_alone(self):
        self.assertEqual(self._submit(self.stranger, "clearing-house", "1"), "access_denied")
        self.assertFalse(self.env["hc.exchange"].search([("source", "=", "clearing-house")]))
        self.assertEqual(self._submit(self.source.user_id, "clearing-house", "1"), "new")
        # Not even to learn whether a document is known.
        self.assertEqual(self._submit(self.stranger, "clearing-house", "1"), "access_denied")

    def test_a_system_that_was_disconnected_keeps_its_code(self):
        self.source.action_retire()
        self.assertEqual(self._submit(self.stranger, "clearing-house", "1"), "access_denied")

    def test_a_code_of_another_companys_system_is_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        user = self.source.user_id
        user.company_ids += company
        self.assertEqual(self._submit(user, "clearing-house", "1", company), "access_denied")

    def test_any_other_code_belongs_to_who_used_it_first(self):
        self.assertEqual(self._submit(self.stranger, "kiosk", "1"), "new")
        self.assertEqual(self._submit(self.source.user_id, "kiosk", "2"), "access_denied")
        self.assertEqual(self._submit(self.stranger, "kiosk", "2"), "new")
        code = self.env["hc.integration.code"].search([("code", "=", "kiosk")])
        self.assertEqual(code.user_id, self.stranger)
        code.with_user(self._create_user("codes.admin", "administrator")).unlink()
        self.assertEqual(self._submit(self.source.user_id, "kiosk", "3"), "new")

    def test_people_hand_over_in_their_own_name(self):
        clerk = self._create_user("codes.clerk", "clerk")
        self.assertEqual(self._submit(clerk, "clearing-house", "1"), "new")
        self.assertEqual(self._submit(clerk, "kiosk", "2"), "new")
        self.assertFalse(self.env["hc.integration.code"].search([("code", "=", "kiosk")]))

    def test_nobody_claims_a_code_by_hand(self):
        administrator = self._create_user("codes.admin2", "administrator")
        with self.assertRaises(AccessError):
            self.env["hc.integration.code"].with_user(administrator).create(
                {"code": "x", "user_id": administrator.id, "company_id": self.env.company.id}
            )


@tagged("post_install", "-at_install")
class TestSourceCodesOfEvents(EventCase):
    """An event may not speak for another system either."""

    def test_a_payment_in_the_name_of_another_system_is_refused(self):
        create_source(self, "the-processor")
        payment = {
            "payment_source": "the-processor",
            "reference": "p1",
            "amount": "10.00",
            "currency": "USD",
            "happened_on": "2026-03-03",
        }
        if not self.env["hc.event.handler"]._has_operation("payment.report"):
            self.skipTest("the module that reports payments is not installed")
        exchange = self._send("payment.confirmed", payment)
        self.assertEqual((exchange.state, exchange.event_outcome), ("rejected", "refused"))
        self.assertEqual(self._send("encounter.completed", COMPLETED).event_outcome, "applied")
