# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What connected systems say: an event of every outcome."""

from datetime import timedelta

from odoo.addons.hc_revenue_base.models.hc_exchange_processing import MAX_ATTEMPTS

from .sender import Sender
from .systems import CLEARINGHOUSE, EHR, MESSAGING, N8N, PAYMENTS

_COMPLETED, _CHARGED = "encounter.completed.v1", "charge.posted.v1"
_UPDATED, _DOCUMENT = "patient.updated.v1", "document.received.v1"


class EventStory:
    """Visits, charges and patients of the record system, and what the others report.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.sender = Sender(office.company.env)
        self.day = as_of - timedelta(days=1)
        self.facility = office.ref("facility_harbor")
        patients = self.sender.env["hc.patient"].search(
            [("facility_ids", "in", self.facility.ids), ("street", "!=", False)],
            order="id",
            limit=6,
        )
        self.patients = list(patients)

    def run(self):
        """Tell every chapter."""
        self._visits()
        self._patients()
        self._late_and_lost()
        self._failures()
        self._others()
        self._by_hand()

    def _visit(self, number, patient, **changes):
        return {
            "facility_code": self.facility.code,
            "encounter_number": number,
            "patient_mrn": patient if isinstance(patient, str) else patient.mrn,
            "started_at": f"{self.day}T09:00:00",
            "completed_at": f"{self.day}T09:40:00",
            **changes,
        }

    def _person(self, patient, **groups):
        return {"facility_code": self.facility.code, "patient_mrn": patient.mrn, **groups}

    def _visits(self):
        """Two visits end; of one a charge has a code that nobody knows."""
        first, second = self.patients[0], self.patients[1]
        for number, patient, hours in (("HR-20881", first, 9), ("HR-20884", second, 8)):
            self.sender.send(
                EHR,
                f"{number.lower()}-end",
                _COMPLETED,
                self._visit(number, patient),
                hours_ago=hours,
            )
        charge = {
            "service_date": str(self.day),
            "diagnosis_codes": ["I10"],
            "performer_npi": self.office.ref("practitioner_asher").npi,
        }
        charges = [
            {"external_id": "HR-20884-1", "procedure_code": "OV200", **charge},
            {"external_id": "HR-20884-2", "procedure_code": "LB999", **charge},
        ]
        posted = self._person(
            second,
            encounter_number="HR-20884",
            encounter_start=f"{self.day}T09:00:00",
            charges=charges,
        )
        self.sender.send(EHR, "hr-20884-charges", _CHARGED, posted, hours_ago=7)

    def _patients(self):
        """One says otherwise than the record, one fills it, one comes too late."""
        moved, filled = self.patients[2], self.patients[3]
        update = self._person(
            moved,
            address={"street": "18 Ferry Landing", "city": "Portland", "zip": "04102"},
            contact={"phone": "207-555-0199"},
        )
        self.sender.send(EHR, "hr-update-311", _UPDATED, update, hours_ago=6, sequence=4)
        reachable = {"email": "reachable@patient.example"}
        update = self._person(filled, contact=reachable)
        self.sender.send(EHR, "hr-update-318", _UPDATED, update, hours_ago=5, sequence=9)
        update = self._person(filled, contact={"email": "earlier@patient.example"})
        self.sender.send(EHR, "hr-update-302", _UPDATED, update, hours_ago=30, sequence=8)

    def _late_and_lost(self):
        """One waits for a patient who is still to come, one in vain; one is refused."""
        self.sender.send(
            EHR, "hr-20890-end", _COMPLETED, self._visit("HR-20890", "NW990001"), hours_ago=2
        )
        lost = self.sender.send(
            EHR, "hr-20702-end", _COMPLETED, self._visit("HR-20702", "NW990002"), hours_ago=40
        )
        lost._write_guarded({"event_wait_until": self.sender.now - timedelta(hours=1)})
        lost._try_again()
        self.sender.process(lost)
        reversed_dates = self._visit(
            "HR-20892", self.patients[4], completed_at=f"{self.day}T08:00:00"
        )
        self.sender.send(EHR, "hr-20892-end", _COMPLETED, reversed_dates, hours_ago=4)
        # The same id for something else: the first one stands.
        other = self._visit("HR-20881", self.patients[0], completed_at=f"{self.day}T09:55:00")
        self.sender.receive(EHR, "hr-20881-end", _COMPLETED, other, hours_ago=3)

    def _failures(self):
        """A facility that is not in the tables: given up once, and to be tried again once."""
        visit = self._visit("LS-114", self.patients[4], facility_code="LAKESIDE")
        given_up = self.sender.send(EHR, "hr-ls-114-end", _COMPLETED, visit, hours_ago=12)
        while given_up.attempts < MAX_ATTEMPTS:
            self.sender.process(given_up)
        visit = self._visit("LS-115", self.patients[5], facility_code="LAKESIDE")
        self.sender.send(EHR, "hr-ls-115-end", _COMPLETED, visit, hours_ago=1)

    def _others(self):
        """Documents come in; what the others report is about things that are not here yet."""
        document = self._person(
            self.patients[0],
            document_id="DOC-5512",
            encounter_number="HR-20881",
            document_type="clinical_note",
            name="Visit note",
            document_date=str(self.day),
            repository_url="https://documents.example.com/DOC-5512",
        )
        self.sender.send(N8N, "n8n-doc-5512", _DOCUMENT, document, hours_ago=3)
        status = {
            "claim_number": "NW-0000",
            "effective_on": str(self.day),
            "statuses": [{"category": "A2", "status_code": "20"}],
        }
        self.sender.send(CLEARINGHOUSE, "cl-77120", "claim.status.v1", status, hours_ago=11)
        message = {"message_reference": "SMS-90412", "status": "delivered"}
        self.sender.send(MESSAGING, "sms-90412", "message.status.v1", message, hours_ago=2)
        payment = {
            "payment_source": PAYMENTS,
            "reference": "pi_4412",
            "amount": "45.00",
            "currency": "USD",
            "happened_on": str(self.day),
            "account_number": "NW-ACC-0",
        }
        self.sender.send(PAYMENTS, "evt_4412", "payment.confirmed.v1", payment, hours_ago=10)

    def _by_hand(self):
        """The record system was down: a clerk entered a visit, which came later after all."""
        clerk = self.office.env_of("clerk_a")
        visit = self._visit("HR-20887", self.patients[5])
        entry = clerk["hc.event.entry"].create(
            {
                "source_id": self.sender.source(EHR).id,
                "event_type": _COMPLETED,
                "occurred_at": self.sender.now - timedelta(hours=5),
            }
        )
        for line in entry.line_ids:
            line.value = visit.get(line.path, False)
        entry.action_enter()
        late = visit | {"completed_at": f"{self.day}T09:50:00"}
        self.sender.send(EHR, "hr-20887-end", _COMPLETED, late, hours_ago=5)
