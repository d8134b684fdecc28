# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo.tests import tagged

from odoo.addons.hc_revenue_base.tests.common import HcCommon


@tagged("post_install", "-at_install")
class TestOperationMessages(HcCommon):
    """What gateways report of messages: late, twice, and in any order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.integration = cls._create_user("message.integration", "integration")
        cls.patient.facility_ids = cls.facility
        cls.account = cls.env["hc.collection.account"]._open_accounts(
            {(cls.patient.company_id.id, cls.patient.partner_id.id)}
        )

    def _text(self, key="text-1", **vals):
        return self.env["hc.contact"]._record(
            [
                {
                    "account_id": self.account.id,
                    "key": key,
                    "channel": "sms",
                    "purpose": "reminder",
                    **vals,
                }
            ]
        )

    def _say(self, contact, status, key, **extra):
        payload = {"message_reference": str(contact.id), "status": status, **extra}
        return (
            self.env["hc.operation"]
            .with_user(self.integration)
            .run("message.record_status", payload, key)
        )

    def test_delivered_needs_no_sent_before(self):
        contact = self._text()
        answer = self._say(contact, "delivered", "key-00001")
        self.assertEqual((answer["result"]["state"], contact.state), ("delivered", "delivered"))
        late = self._say(contact, "sent", "key-00002")
        self.assertEqual((late["result"]["is_moved"], contact.state), (False, "delivered"))

    def test_what_did_not_arrive_is_work(self):
        contact = self._text()
        self._say(contact, "sent", "key-00001")
        self._say(contact, "failed", "key-00002", reason_code="30003")
        self.assertEqual(contact.state, "failed")
        self.assertIn("30003", contact.error)
        item = self.env["hc.work.item"].search(
            [("kind", "=", "collection_undelivered"), ("res_id", "=", contact.id)]
        )
        self.assertEqual(len(item), 1)
        self._say(contact, "failed", "key-00003", reason_code="30003")
        self.assertEqual(contact.state, "failed")

    def test_an_opt_out_counts_at_once(self):
        contact = self._text()
        self._say(contact, "opted_out", "key-00001")
        verdicts = self.env["hc.contact.consent"]._get_verdicts(self.account)
        self.assertEqual(verdicts[self.account.id, "sms"], "revoked")

    def test_references_that_are_nobodys(self):
        inbound = self._text("in-1", direction="in")
        for reference in ("0", "99999999999", "x", "-1", str(inbound.id)):
            with self.subTest(reference=reference):
                answer = (
                    self.env["hc.operation"]
                    .with_user(self.integration)
                    .run(
                        "message.record_status",
                        {"message_reference": reference, "status": "sent"},
                        "key-00001",
                    )
                )
                self.assertEqual(answer["error"]["code"], "not_found")
