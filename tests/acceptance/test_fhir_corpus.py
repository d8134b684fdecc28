# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Real documents: every bundle passes, or is refused by the element that is wrong."""

import json
import os
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hc_fhir.drafts import Naming, build_drafts, names_needed
from hc_fhir.fhir_reader import read_fhir
from hc_fhir.findings import DocumentError
from hc_fhir.records import Charge, Encounter, Patient
from synthea import FOLDER, read_corpus

CORPUS = Path(os.environ.get("HC_CORPUS") or "../shared/corpus")
FILES = sorted(CORPUS.glob(f"{FOLDER}/*.json")) + sorted(
    CORPUS.glob("CMSgov__beneficiary-fhir-data/**/*.json")
)
NEW_YORK = ZoneInfo("America/New_York")
# A finding begins with the path of an element.
PATH = re.compile(r"(Bundle\.entry\[\d+\]\.resource|[A-Z][A-Za-z]+)(\.[\w\[\]'.]+)?: .+")
# A payer's samples hold this where a moment would be.
PLACEHOLDER = b"IGNORED_FIELD"

needs_corpus = pytest.mark.skipif(not FILES, reason=f"no FHIR files in {CORPUS} (HC_CORPUS)")


def drafts_of(intake):
    """Drafts with every facility and payer known."""
    facilities, payers = names_needed(intake)
    places = dict.fromkeys(facilities, ("RIV", NEW_YORK))
    return build_drafts(intake, Naming(places, dict.fromkeys(payers, "ACME")))


@needs_corpus
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_passes_or_names_the_element(path):
    try:
        intake = read_fhir(path.read_bytes())
    except DocumentError as refusal:
        assert refusal.code in ("not_fhir", "not_taken")
        return
    faults = [f for draft in drafts_of(intake) for f in draft.findings]
    for finding in faults:
        assert PATH.fullmatch(str(finding)), finding
    if FOLDER in str(path):
        assert not [finding for finding in faults if finding.is_error]


@needs_corpus
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_is_taken_in_is_valid_r4(path):
    models = pytest.importorskip("fhir.resources.R4B", reason="fhir.resources is not installed")
    content = path.read_bytes().replace(PLACEHOLDER, b"2026-01-01T00:00:00Z")
    try:
        intake = read_fhir(content)
    except DocumentError:
        return  # Refused as a whole: the test above says that it was refused for a known reason.
    document = json.loads(content)
    for entry in intake.entries:
        if not entry.is_refused:
            resource = document
            if document["resourceType"] == "Bundle":
                resource = document["entry"][entry.position - 1]["resource"]
            models.get_fhir_model_class(entry.resource_type).model_validate(resource)


@needs_corpus
def test_the_bundles_say_what_the_charge_file_says():
    expected = read_corpus(CORPUS / FOLDER)
    intakes = [read_fhir(path.read_bytes()) for path in FILES if FOLDER in str(path)]
    visits = {visit.number for intake in intakes for visit in intake.select(Encounter)}
    assert visits == expected.encounter_numbers
    by_number = {row["encounter_number"]: row for row in expected.rows}
    for intake in intakes:
        for draft in drafts_of(intake):
            if draft.kind == "visit" and draft.record.number in by_number:
                row = by_number[draft.record.number]
                for name in ("patient_last_name", "patient_birth_date", "service_date"):
                    assert draft.cells[name] == row[name]
                for name in ("encounter_class", "patient_city", "patient_state"):
                    assert draft.cells[name] == row[name]
    people = {patient.resource_id for intake in intakes for patient in intake.select(Patient)}
    assert people == {row["patient_mrn"] for row in expected.rows}
    priced = {
        charge.unit_price
        for intake in intakes
        for charge in intake.select(Charge)
        if charge.unit_price is not None
    }
    assert {f"{price:.2f}" for price in priced} <= {row["unit_price"] for row in expected.rows}
