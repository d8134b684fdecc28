# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.hc_claims.tests.claim_common import ClaimCase
from odoo.addons.hc_collections.tests.payment_common import PaymentCase
from odoo.addons.hc_integration.hc_webhook_core import events
from odoo.addons.hc_integration.tests.sample_records import create_source

START = datetime(2026, 3, 10, 8)


def _tell(case, code, data, minutes, message_id):
    """An event of the case's system, applied."""
    exchange_sudo = (
        case.env["hc.exchange"]
        .with_user(case.system.user_id)
        ._enter_event(
            case.system,
            events.find(code, 1),
            data,
            START + timedelta(minutes=minutes),
            external_id=message_id,
            is_manual=False,
        )
        .sudo()
    )
    exchange_sudo._process_safely(lambda _done, _left: True)
    case.env.invalidate_all()
    return exchange_sudo


@tagged("post_install", "-at_install")
class TestLateRejections(ClaimCase):
    """A network brings a rejection behind what was said after it: the claim is rejected still."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = create_source(cls, "clearinghouse")
        cls.system.user_id.hc_facility_ids = cls.facility

    def _say(self, claim, category, minutes):
        statuses = [{"category": category, "status_code": "20"}]
        rejected = category in ("A3", "A7")
        day = "rejected_on" if rejected else "effective_on"
        data = {"claim_number": claim.name, day: "2026-03-10", "statuses": statuses}
        code = "claim.rejected" if rejected else "claim.status"
        return _tell(self, code, data, minutes, f"{category}-{minutes}")

    def _sent(self, number):
        claim = self._claim(number)
        self._send(claim).action_mark_sent()
        return claim

    def test_a_receipt_outranks_no_rejection(self):
        claim = self._sent("LR-1")
        self.assertEqual(self._say(claim, "A1", 5).state, "done")
        late = self._say(claim, "A7", 1)
        self.assertEqual(late.event_outcome, "applied")
        self.assertEqual(claim.state, "rejected")

    def test_an_older_acceptance_takes_no_rejection_back(self):
        claim = self._sent("LR-2")
        self._say(claim, "A7", 5)
        late = self._say(claim, "A2", 1)
        self.assertEqual(late.event_outcome, "superseded")
        self.assertEqual(claim.state, "rejected")


@tagged("post_install", "-at_install")
class TestLateOptOuts(PaymentCase):
    """Whoever wants no more messages is heard, whatever was told in between."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = create_source(cls, "gateway")
        cls.system.user_id.hc_facility_ids = cls.facility

    def test_a_delivery_outranks_no_opt_out(self):
        account = self._account_of(self._bill_patient("LO-1"))
        contact = self.env["hc.contact"]._record(
            [{"account_id": account.id, "key": "lo", "channel": "sms", "purpose": "reminder"}]
        )
        reference = {"message_reference": str(contact.id)}
        _tell(self, "message.status", {**reference, "status": "delivered"}, 5, "delivered")
        late = _tell(self, "message.status", {**reference, "status": "opted_out"}, 1, "stop")
        self.assertEqual((late.state, late.event_outcome), ("done", "applied"))
        self.assertIn("revoked", account.consent_ids.mapped("verdict"))
