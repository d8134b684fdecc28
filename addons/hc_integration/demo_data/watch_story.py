# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What people watch: proofs of days, payments compared, a silent system, texts that left."""

import json
from datetime import timedelta, timezone
from decimal import Decimal

from ..hc_webhook_core import payment_matching as matching
from .sender import Sender, keep_going
from .systems import EHR, IMAGING, MESSAGING

_UPDATED = "patient.updated.v1"
# Reserved names: nobody answers there, and no outgoing allowance lets a call out.
_GATEWAY_URL = "https://api.shoreline-sms.example.com/messages"
_TEXTS = (
    ("R-101", "207-555-0151", "delivered", ""),
    ("R-102", "207-555-0163", "sent", ""),
    ("R-103", "207-555-0170", "failed", "unknown_number"),
    ("R-104", "207-555-0188", "opted_out", "21610"),
)


class WatchStory:
    """Mostly it fits; where it does not, somebody is asked.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.day = as_of
        self.sender = Sender(office.company.env)
        self.env = self.sender.env
        facility = office.ref("facility_harbor")
        self.facility_code = facility.code
        self.patient = self.env["hc.patient"].search(
            [("facility_ids", "in", facility.ids), ("street", "!=", False)],
            order="id desc",
            limit=1,
        )

    def run(self):
        """Tell every chapter."""
        self._prove_days()
        self._fall_silent()
        self._take_hl7()
        self._compare_payments()
        self._send_texts()

    def _prove_days(self):
        """Of two days one is whole; on the other a message that was sent is not here."""
        self.sender.source(EHR).write(
            {
                "is_proof_expected": True,
                "proof_since": (self.sender.now - timedelta(hours=96)).date(),
                # The days between are told in the evening: nobody is asked for them yet.
                "proof_grace_hours": 168,
            }
        )
        for hours_ago, lost in ((96, ()), (72, ("hr-update-270",))):
            sent = []
            for number in (1, 2):
                name = f"hr-update-{hours_ago}-{number}"
                update = {
                    "facility_code": self.facility_code,
                    "patient_mrn": self.patient.mrn,
                    "contact": {"phone": self.patient.phone or "207-555-0123"},
                }
                # Earlier than what is known by now: on record, and changing nothing.
                self.sender.send(EHR, name, _UPDATED, update, hours_ago=hours_ago, sequence=number)
                sent.append(name)
            sent += lost
            day = (self.sender.now - timedelta(hours=hours_ago)).date()
            total = {"event_type": "patient.updated", "count": len(sent), "message_ids": sent}
            self.sender.send(
                EHR, f"hr-totals-{day}", "source.totals.v1", {"day": f"{day}", "totals": [total]}
            )

    def _fall_silent(self):
        """Nothing came for two days from a system that sends every four hours."""
        source = self.sender.source(IMAGING)
        source.expected_every_hours = 4
        source._write_guarded({"connected_at": self.sender.now - timedelta(days=2)})

    def _take_hl7(self):
        """A patient is admitted; the message is of the older kind."""
        day = f"{self.day - timedelta(days=1):%Y%m%d}"
        content = "\r".join(
            (
                f"MSH|^~\\&|HHR|{self.facility_code}|HC|OFFICE|{day}150000-0500||ADT^A01|HR-88120"
                "|P|2.5.1",
                f"EVN||{day}140000-0500",
                f"PID|1||NW930044^^^{self.facility_code}^MR||Tarrow^Linnea||19810911|F|||"
                "9 Quay Street^^Portland^ME^04101||207-555-0144",
                f"PV1|1|O|ROOM^2^^{self.facility_code}||||||||||||||||HR-30044"
                + "|" * 25
                + f"{day}140000-0500|",
            )
        )
        border = self.sender.borders[EHR]
        exchanges = self.env["hc.exchange"].with_user(border.user_id).sudo(False)
        exchanges = exchanges.with_context(allowed_company_ids=[border.company_id])
        exchange, _verdict = exchanges._receive(
            "hl7v2", EHR, "HR-88120", f"{content}\r".encode(), "adt-HR-88120.hl7"
        )
        exchange._as_sender()._process(keep_going)

    def _compare_payments(self):
        """One payment is the same on both sides; of the other the processor alone knows."""
        company = self.office.company
        provider = self.env["payment.provider"].search(
            [("name", "=", "Stripe"), ("company_id", "=", company.id)], limit=1
        )
        if not provider:
            return
        self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": "NW-CARD-1",
                "provider_reference": "pi_3QdemoA",
                "amount": 85.0,
                "currency_id": company.currency_id.id,
                "partner_id": company.partner_id.id,
                "operation": "online_direct",
                "state": "done",
                "is_post_processed": True,
            }
        )
        day = self.day - timedelta(days=1)
        run = self.env["hc.payment.reconciliation"]._begin(provider, [day])
        begins = self.sender.now.replace(tzinfo=timezone.utc) - timedelta(hours=31)
        run._keep_theirs(
            [
                matching.Movement(
                    matching.PAYMENT,
                    number,
                    number,
                    Decimal(amount),
                    company.currency_id.name,
                    matching.SETTLED,
                    int(begins.timestamp()),
                )  # fmt: skip
                for number, amount in (("pi_3QdemoA", "85.00"), ("pi_3QdemoB", "40.00"))
            ]
        )
        run._match()
        run._finish()

    def _send_texts(self):
        """Texts that left, with what their gateway told of each."""
        source = self.sender.source(MESSAGING)
        gateway = self.office.env_of("administrator")["hc.message.gateway"].create(
            {
                "name": "Shoreline Text Messages",
                "source_id": source.id,
                "document_type": "person_message",
                "url": _GATEWAY_URL,
                "secret_id": source.secret_id.id,
            }
        )
        rows = [
            {"id": reference, "to": number, "text": "Northwind: your statement is ready."}
            for reference, number, _state, _code in _TEXTS
        ]
        exchange = self.env["hc.exchange"]._send(
            "person_message",
            "reminders",
            "reminders-1",
            json.dumps({"messages": rows}).encode(),
            "reminders-1.json",
            self.office.company,
        )
        exchange._give_to_gateway(gateway.sudo())
        messages = exchange.gateway_message_ids.sorted("reference")
        messages._lease("demonstration")
        for message, (_reference, _number, state, code) in zip(messages, _TEXTS, strict=True):
            if state == "delivered":
                message._transition("sent")
            message._transition(state)
            # Nobody waits for the word of it.
            message._write_guarded({"reason_code": code, "reported_state": state, "status": 200})
