# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Synthea FHIR bundles as a charge file, with the tables that its codes need.

What a bundle lacks is not invented, except numbers that only have to be well-formed: a
practitioner's short number is completed to an NPI with its check digit. Clinical codes become
local codes with a prefix for their system.
"""

import csv
import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from hc_core import npi
from hc_core.charge_columns import COLUMN_BY_NAME

FOLDER = "smart-on-fhir__generated-sample-data"
NO_INSURANCE = "no_insurance"
TIME_ZONE = "America/New_York"

_PREFIXES = {
    "http://snomed.info/sct": "SCT",
    "http://hl7.org/fhir/sid/cvx": "CVX",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RXN",
}
_CLASSES = {"AMB": "ambulatory", "EMER": "emergency", "IMP": "inpatient", "VR": "virtual"}
_PLACES = {"ambulatory": "22", "emergency": "23", "inpatient": "21", "virtual": "02"}


@dataclass
class Corpus:
    """The charges of a folder of bundles, and the master data that they name."""

    rows: list = field(default_factory=list)
    codes: dict = field(default_factory=dict)
    facilities: dict = field(default_factory=dict)
    practitioners: dict = field(default_factory=dict)
    payers: dict = field(default_factory=dict)
    encounter_numbers: set = field(default_factory=set)

    def write_charges(self, path):
        """Write the charge file."""
        with path.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, list(COLUMN_BY_NAME), restval="")
            writer.writeheader()
            writer.writerows(self.rows)

    def add_code(self, system, coding):
        """Note a clinical code as a local code and return it."""
        code = f"{_PREFIXES[coding['system']]}-{coding['code']}"
        self.codes[system, code] = coding["display"]
        return code


def read_corpus(folder: Path) -> Corpus:
    """Read all patient bundles of a folder."""
    corpus = Corpus()
    for path in sorted(folder.glob("*.json")):
        bundle = json.loads(path.read_text(encoding="utf-8"))
        by_url = {entry["fullUrl"]: entry["resource"] for entry in bundle["entry"]}
        kinds = {}
        for resource in by_url.values():
            kinds.setdefault(resource["resourceType"], []).append(resource)
        if "Patient" in kinds:
            _Bundle(corpus, by_url, kinds).read()
    return corpus


class _Bundle:
    """One patient's bundle on its way into the corpus."""

    def __init__(self, corpus, by_url, kinds):
        self.corpus = corpus
        self.by_url = by_url
        self.kinds = kinds

    def read(self):
        """Add the rows of every claim of the patient."""
        patient = self._patient_cells(self.kinds["Patient"][0])
        for encounter in self.kinds.get("Encounter", ()):
            self.corpus.encounter_numbers.add(encounter["id"])
        for claim in self.kinds.get("Claim", ()):
            shared = patient | self._encounter_cells(claim) | self._coverage_cells(claim)
            for position, (code, price) in enumerate(self._billable_items(claim), start=1):
                self.corpus.rows.append(
                    shared
                    | {
                        "external_id": f"{claim['id']}-{position}",
                        "procedure_code": code,
                        "units": "1",
                        "unit_price": f"{price:.2f}",
                    }
                )

    def _patient_cells(self, patient):
        address, name = patient["address"][0], patient["name"][0]
        return {
            "patient_mrn": patient["id"],
            "patient_last_name": name["family"],
            "patient_first_name": " ".join(name["given"]),
            "patient_birth_date": patient["birthDate"],
            "patient_sex": patient["gender"],
            "patient_street": " ".join(address["line"]),
            "patient_city": address["city"],
            "patient_state": address["state"],
            "patient_zip": address.get("postalCode", ""),
        }

    def _encounter_cells(self, claim):
        encounter = self.by_url[claim["item"][0]["encounter"][0]["reference"]]
        encounter_class = _CLASSES[encounter["class"]["code"]]
        start = datetime.fromisoformat(encounter["period"]["start"])
        return {
            "source_system": "synthea",
            "facility_code": self._facility(self.by_url[encounter["serviceProvider"]["reference"]]),
            "encounter_number": encounter["id"],
            "encounter_class": encounter_class,
            "encounter_start": encounter["period"]["start"],
            "encounter_end": encounter["period"]["end"],
            "service_date": start.astimezone(ZoneInfo(TIME_ZONE)).date().isoformat(),
            "performer_npi": self._practitioner(
                self.by_url[encounter["participant"][0]["individual"]["reference"]]
            ),
            "place_of_service": _PLACES[encounter_class],
            "diagnosis_codes": " ".join(self._diagnoses(claim, encounter)),
            "encounter_status": "completed",
            "coding_approved": "yes",
        }

    def _coverage_cells(self, claim):
        payer = claim["insurance"][0]["coverage"]["display"]
        if payer == NO_INSURANCE:
            return {}
        code = payer.upper()
        self.corpus.payers[code] = payer.capitalize()
        return {
            "payer_code": code,
            "member_id": claim["patient"]["reference"][-12:].upper(),
            "subscriber_relation": "self",
        }

    def _billable_items(self, claim):
        """Codes and prices; the visit itself is what the total leaves after the other lines."""
        if "prescription" in claim:
            request = self.by_url[claim["prescription"]["reference"]]
            coding = request["medicationCodeableConcept"]["coding"][0]
            return [(self.corpus.add_code("procedure", coding), claim["total"]["value"])]
        priced = [
            (self._procedure(item), item["net"]["value"]) for item in claim["item"] if "net" in item
        ]
        visit = claim["total"]["value"] - sum(price for _code, price in priced)
        return [(self._procedure(claim["item"][0]), visit), *priced]

    def _procedure(self, item):
        return self.corpus.add_code("procedure", item["productOrService"]["coding"][0])

    def _diagnoses(self, claim, encounter):
        """The claim's diagnoses, else the reason of the encounter."""
        concepts = [
            self.by_url[diagnosis["diagnosisReference"]["reference"]]["code"]
            for diagnosis in claim.get("diagnosis", ())
        ] or encounter.get("reasonCode", [])
        return [self.corpus.add_code("diagnosis", concept["coding"][0]) for concept in concepts]

    def _facility(self, organization):
        code = organization["id"][:8].upper()
        self.corpus.facilities[code] = organization
        return code

    def _practitioner(self, practitioner):
        first_nine = f"1{int(practitioner['identifier'][0]['value']):08}"
        number = first_nine + npi.check_digit(first_nine)
        name = practitioner["name"][0]
        self.corpus.practitioners[number] = f"{name['given'][0]} {name['family']}"
        return number


def facility_npi(position):
    """A well-formed number for the facility at a position."""
    first_nine = f"2{position:08}"
    return first_nine + npi.check_digit(first_nine)
