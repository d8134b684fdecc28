# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Documents that systems hand in: a FHIR bundle with faults, and files in a folder."""

import json
import tempfile
from datetime import timedelta
from pathlib import Path

from ..tools.drop_folder import DropFolder
from .sender import Sender, keep_going
from .systems import EHR, LABORATORY

_FOLDER = "charges"
_NPI = "http://hl7.org/fhir/sid/us-npi"
_CODES = "http://northwind.example.com/codes"
_ICD = "http://hl7.org/fhir/sid/icd-10-cm"
_IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
_CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


class DocumentStory:
    """The record system sends a bundle; the laboratory leaves files.

    :param office: the demonstration group
    :param as_of: the day from which all dates are counted
    """

    def __init__(self, office, as_of):
        self.office = office
        self.day = as_of - timedelta(days=2)
        self.administrator = office.env_of("administrator")
        self.sender = Sender(office.company.env)
        self.npi = office.ref("practitioner_asher").npi

    def run(self):
        """Hand in both."""
        self._send_bundle()
        self._drop_files()

    def _send_bundle(self):
        """A visit with two services: the price of one would be a guess, so the visit waits."""
        content = json.dumps(self._bundle(), indent=2).encode()
        border = self.sender.borders[EHR]
        exchanges = self.sender.env["hc.exchange"].with_user(border.user_id).sudo(False)
        exchanges = exchanges.with_context(allowed_company_ids=[border.company_id])
        exchange, _verdict = exchanges._receive(
            "fhir_bundle", EHR, "hr-bundle-2210", content, "visit-HR-30012.json"
        )
        exchange._as_sender()._process(keep_going)

    def _bundle(self):
        resources = [
            *self._people(),
            self._visit(),
            self._service("s1", "OV200"),
            self._service("s2", "LB100", factorOverride=0.8),
            {"resourceType": "Observation", "id": "o1", "status": "final"},
        ]
        server = "https://fhir.harbor-record.example.com/r4"
        return {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"fullUrl": f"{server}/{each['resourceType']}/{each['id']}", "resource": each}
                for each in resources
            ],
        }

    def _people(self):
        facility = self.office.ref("facility_harbor")
        return [
            {
                "resourceType": "Patient",
                "id": "p30012",
                "identifier": [{"type": _concept(_IDENTIFIER_TYPE, "MR"), "value": "NW930012"}],
                "name": [{"use": "official", "family": "Wexcombe", "given": ["Imogen"]}],
                "gender": "female",
                "birthDate": "1968-04-21",
                "address": [{"line": ["4 Mill Lane"], "city": "Portland", "state": "ME"}],
            },
            {
                "resourceType": "Organization",
                "id": "harbor",
                "identifier": [{"system": _NPI, "value": facility.npi}],
                "name": facility.name,
            },
        ]

    def _visit(self):
        return {
            "resourceType": "Encounter",
            "id": "e30012",
            "identifier": [{"system": "urn:northwind:visits", "value": "HR-30012"}],
            "status": "finished",
            "class": {"system": _CLASSES, "code": "AMB"},
            "subject": {"reference": "Patient/p30012"},
            "period": {
                "start": f"{self.day}T10:00:00-05:00",
                "end": f"{self.day}T10:30:00-05:00",
            },
            "serviceProvider": {"reference": "Organization/harbor"},
        }

    def _service(self, number, code, **changes):
        return {
            "resourceType": "ChargeItem",
            "id": number,
            "status": "billable",
            "code": _concept(_CODES, code),
            "subject": {"reference": "Patient/p30012"},
            "context": {"reference": "Encounter/e30012"},
            "occurrenceDateTime": f"{self.day}T10:10:00-05:00",
            "quantity": {"value": 1},
            "reason": [_concept(_ICD, "J20.9")],
            **changes,
        }

    def _drop_files(self):
        """One file is taken, one came before, one is empty, one is still being written."""
        drop = self.administrator["hc.file.drop"].create(
            {
                "name": "Laboratory Charges",
                "source_id": self.sender.source(LABORATORY).id,
                "folder": _FOLDER,
                "document_type": "charge_csv",
                "completeness": "marker",
            }
        )
        charges = self._charges()
        with tempfile.TemporaryDirectory() as root, DropFolder(root, LABORATORY, _FOLDER) as folder:
            incoming = Path(root, LABORATORY, _FOLDER, "in")
            for name, content in (
                (f"charges-{self.day}.csv", charges),
                (f"charges-{self.day}-again.csv", charges),
                ("charges-empty.csv", b""),
            ):
                (incoming / name).write_bytes(content)
                (incoming / f"{name}.done").touch()
                self._take(drop, folder)
            (incoming / "charges-evening.csv").write_bytes(charges[:60])
            self._take(drop, folder)
        received = drop.sudo().file_ids.exchange_id
        received._as_sender()._process(keep_going)

    def _take(self, drop, folder):
        drop.env["hc.file.drop.file"].sudo()._take_all(drop.sudo(), folder, keep_going)
        drop.sudo()._write_guarded({"last_look_at": self.sender.now})

    def _charges(self):
        patient = self.sender.env["hc.patient"].search(
            [("facility_ids", "in", self.office.ref("facility_harbor").ids)],
            order="id desc",
            limit=1,
        )
        rows = (
            "facility_code,encounter_number,patient_mrn,encounter_class,encounter_start,"
            "external_id,service_date,procedure_code,units,diagnosis_codes,performer_npi",
            f"HARBOR,CL-7001,{patient.mrn},ambulatory,{self.day} 08:00,"
            f"CL-7001-1,{self.day},LB100,1,E78.5,{self.npi}",
            f"HARBOR,CL-7001,{patient.mrn},ambulatory,{self.day} 08:00,"
            f"CL-7001-2,{self.day},LB999,1,E78.5,{self.npi}",
        )
        return ("\n".join(rows) + "\n").encode()


def _concept(system, code):
    return {"coding": [{"system": system, "code": code}]}
