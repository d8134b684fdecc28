# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from datetime import datetime, timedelta

from odoo.tests import tagged

from odoo.addons.hc_claims.tests.claim_common import ClaimCase
from odoo.addons.hc_claims.tests.eligibility_common import EligibilityCase
from odoo.addons.hc_collections.tests.payment_common import PaymentCase
from odoo.addons.hc_integration.hc_webhook_core import events
from odoo.addons.hc_integration.hooks import uninstall_hook
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


@tagged("post_install", "-at_install")
class TestModuleThatGoes(EligibilityCase):
    """What is on record by a message of another system stays proven when the border goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.system = create_source(cls, "portal")
        cls.system.user_id.hc_facility_ids = cls.facility
        cls.patient.facility_ids = cls.facility

    def test_evidence_stays_and_nothing_waits_for_ever(self):
        data = {
            "facility_code": self.facility.code,
            "patient_mrn": self.patient.mrn,
            "payer_code": self.payer.code,
            "outcome": "active",
            "checked_on": "2026-03-02",
            "reference": "REF-1",
        }
        evidence = _tell(self, "coverage.verified", data, 0, "told")
        answer = self.env["hc.eligibility.answer"].search([("exchange_id", "=", evidence.id)])
        self.assertTrue(answer)
        waiting = _tell(self, "coverage.verified", {**data, "patient_mrn": "NOBODY"}, 1, "waits")
        failed = _tell(self, "coverage.verified", {**data, "facility_code": "NONE"}, 2, "fails")
        self.assertEqual((waiting.state, failed.state), ("waiting", "failed"))
        self.env["hc.integration.key"]._issue(self.system, "k", 30)
        body = evidence.payload_body
        uninstall_hook(self.env)
        self.assertEqual((waiting.state, failed.state), ("rejected", "rejected"))
        self.assertEqual((evidence.state, evidence.document_type), ("done", "former"))
        self.assertEqual(evidence.payload_attachment_id.raw, bytes(body))
        self.assertEqual(self.system.key_ids.state, "revoked")
