# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from base64 import b64encode
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.hc_collections.tests.payment_common import PaymentCase
from odoo.addons.hc_integration.hc_webhook_core import events
from odoo.addons.hc_integration.tests.sample_records import create_source

START = datetime(2026, 3, 3, 8)


@tagged("post_install", "-at_install")
class TestEventStories(PaymentCase):
    """Events that siblings act on, without any of them knowing the border."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = create_source(cls, "lockbox")
        cls.system.user_id.hc_facility_ids = cls.facility

    def _event(self, code, data, minutes=0, message_id="m1"):
        exchange = (
            self.env["hc.exchange"]
            .with_user(self.system.user_id)
            ._enter_event(
                self.system,
                events.find(code, 1),
                data,
                START + timedelta(minutes=minutes),
                external_id=message_id,
                is_manual=False,
            )
            .sudo()
        )
        exchange._process_safely(lambda _done, _left: True)
        self.env.invalidate_all()
        return exchange

    def _payment(self, account, **changes):
        return {
            "reference": "PAY-1",
            "amount": "60.00",
            "currency": self.company.currency_id.name,
            "happened_on": fields.Date.to_string(fields.Date.context_today(self.env.user)),
            "account_number": account.name,
            **changes,
        }

    def test_payments_in_any_order_are_booked_once(self):
        account = self._account_of(self._bill_patient("EV-1"))
        owed = account.amount_open
        refund = self._event(
            "payment.refunded",
            self._payment(account, amount="10.00", event_reference="r1"),
            5,
            "refund",
        )
        paid = self._event("payment.confirmed", self._payment(account), 1, "paid")
        again = self._event("payment.confirmed", self._payment(account), 2, "again")
        self.assertEqual([e.state for e in (refund, paid, again)], ["done"] * 3)
        self.assertEqual(account.amount_open, owed - 50.0)
        self.assertFalse(again.event_changes)

    def test_an_account_of_nobody_is_a_persons_work(self):
        account = self._account_of(self._bill_patient("EV-2"))
        event = self._event("payment.confirmed", self._payment(account, account_number="NOBODY"))
        self.assertIn(event.state, ("done", "failed"))

    def test_a_remittance_goes_to_the_module_that_reads_it(self):
        data = {"payment_reference": "EFT1", "content_base64": b64encode(b"ISA*no").decode()}
        event = self._event("remittance.received", data)
        received = self.env["hc.exchange"].browse(event.event_res_id)
        self.assertEqual((event.state, received.document_type), ("done", "remittance_835"))
        self.assertEqual(received.source, "lockbox")
        named = self._event(
            "remittance.received", {"payment_reference": "EFT2", "document_id": "later.835"}, 1, "n"
        )
        self.assertEqual(named.state, "waiting")
        self.env["hc.exchange"]._receive("remittance_835", "sftp", "later.835", b"ISA", "later.835")
        named._try_again()
        named._process_safely(lambda _done, _left: True)
        self.assertEqual(named.state, "done")

    def test_a_message_status_reaches_the_contact(self):
        account = self._account_of(self._bill_patient("EV-3"))
        contact = self.env["hc.contact"]._record(
            [{"account_id": account.id, "key": "ev", "channel": "sms", "purpose": "reminder"}]
        )
        data = {
            "message_reference": str(contact.id),
            "native_status": {"system": "twilio_message", "code": "undelivered"},
        }
        self._event("message.status", data, 5)
        self.assertEqual(contact.state, "failed")
        late = self._event(
            "message.status", {"message_reference": str(contact.id), "status": "sent"}, 1, "x"
        )
        self.assertEqual(late.event_outcome, "superseded")

    def test_another_companys_message_is_refused(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        patient = self._create_patient("EV-X", company_id=company.id, facility_ids=False)
        account = self.env["hc.collection.account"]._open_accounts(
            {(company.id, patient.partner_id.id)}
        )
        contact = self.env["hc.contact"]._record(
            [{"account_id": account.id, "key": "ev", "channel": "sms", "purpose": "reminder"}]
        )
        event = self._event(
            "message.status", {"message_reference": str(contact.id), "status": "delivered"}
        )
        self.assertEqual((event.state, event.event_result["code"]), ("rejected", "record_hidden"))
        self.assertEqual(contact.state, "queued")
