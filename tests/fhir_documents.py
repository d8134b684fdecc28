# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FHIR documents of any size."""

import importlib.util
import json
import time
import zlib
from datetime import date, timedelta
from pathlib import Path

_SAMPLES = Path(__file__).resolve().parents[1] / "addons/hc_integration/tests/fhir_samples.py"


def load_samples():
    """The documents of the add-on's own tests."""
    spec = importlib.util.spec_from_file_location("fhir_samples", _SAMPLES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _person(visit_name):
    """Name and birth date of one person in a town: namesakes are many, twins are few."""
    number = zlib.crc32(visit_name.encode())
    family = f"Family{number % 997}"
    born = date(1940, 1, 1) + timedelta(days=number % 25013)
    return {"name": [{"family": family, "given": ["Kim"]}], "birthDate": born.isoformat()}


def make_document(count, name=""):
    """A bundle of visits, each of its own patient, with a coverage and a charge.

    Args:
        count: how many visits.
        name: stands before the number of each; by default one that no other document has.

    Returns:
        the JSON, as bytes; facility, payer and codes are those of `charge_files`.
    """
    samples = load_samples()
    run = name or f"{count}-{time.time_ns()}"
    npi = {"identifier": {"system": samples.NPI, "value": "1999000007"}}
    resources = []
    for number in range(count):
        visit_name = f"{run}-{number}"
        mrn = [{"type": samples.concept(samples.IDENTIFIER_TYPE, "MR"), "value": visit_name}]
        visit = [{"system": "urn:x:visits", "value": visit_name}]
        resources += [
            samples.patient(visit_name, identifier=mrn, **_person(visit_name)),
            samples.coverage(visit_name, payor=[{"identifier": {"value": "IMPORTPLAN"}}]),
            samples.encounter(
                visit_name,
                identifier=visit,
                serviceProvider={"identifier": {"value": "IMPORT"}},
                participant=[{"individual": npi}],
                reasonCode=[samples.concept(samples.ICD, "BD001")],
            ),
            samples.charge_item(
                visit_name,
                code="BP001",
                performer=[{"actor": npi}],
                reason=[samples.concept(samples.ICD, "BD001")],
            ),
        ]
    return json.dumps(samples.bundle(*resources)).encode()
