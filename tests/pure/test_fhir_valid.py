# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What leaves, and what is taken in, judged by an independent model of FHIR (R4B)."""

from decimal import Decimal

import pytest
from fhir_documents import errors, read_one, samples
from hc_fhir import r4_writer

models = pytest.importorskip("fhir.resources.R4B", reason="fhir.resources is not installed")

COMMON = {"id": "7", "changed_at": "2026-03-02T08:00:00.000+00:00"}
SUBJECT = {"patient_id": 3, "mrn": "300001"}
PLACE = {"facility_code": "RIV", "facility_name": "Riverside"}
VALUES = {
    "patient": SUBJECT
    | {
        "active": True,
        "last_name": "Rivers",
        "first_name": "Kim",
        "birth_date": "1975-02-03",
        "death_date": "2026-03-01",
        "sex": "female",
        "street": "5 Oak Street",
        "phone": "555-0100",
    },
    "coverage": SUBJECT
    | {
        "active": True,
        "member_id": "W1",
        "relation": "self",
        "date_from": "2026-01-01",
        "payer_code": "ACME",
        "payer_name": "Acme",
        "group_number": "G",
        "plan_name": "P",
        "order": 1,
    },
    "encounter": SUBJECT
    | PLACE
    | {
        "number": "V-1",
        "state": "completed",
        "encounter_class": "inpatient",
        "started_at": "2026-03-02T08:00:00+00:00",
        "ended_at": "",
        "diagnoses": ["Z00.00"],
        "performer_npi": "1679576722",
        "performer_name": "Ada",
    },
    "account": SUBJECT
    | PLACE
    | {
        "number": "C-1",
        "stage": "ready",
        "is_closed": False,
        "currency": "USD",
        "charged": Decimal("150.00"),
        "date_from": "2026-03-02",
        "date_to": "2026-03-02",
        "encounter_id": 4,
        "coverage_ids": [5],
        "balances": [
            {"responsibility": "payer_1", "date_due": "", "amount_open": Decimal("0.10")},
            {"responsibility": "patient", "date_due": "2026-04-01", "amount_open": Decimal(1)},
        ],
    },
    "audit_event": {
        "kind": "transition",
        "occurred_at": "2026-03-02T08:00:00+00:00",
        "actor": "user/2",
        "observer": "Company",
        "model": "hc.encounter",
        "record_id": 4,
        "field_name": "state",
        "from_state": "planned",
        "to_state": "completed",
        "hash": "0f",
    },
}


def model_of(resource):
    return models.get_fhir_model_class(resource["resourceType"])


@pytest.mark.parametrize("name", VALUES)
def test_what_leaves_is_valid(name):
    resource = getattr(r4_writer, f"write_{name}")(COMMON | VALUES[name])
    model_of(resource).model_validate(resource)


@pytest.mark.parametrize("name", VALUES)
def test_what_is_empty_is_left_out(name):
    bare = dict(VALUES[name])
    bare |= dict.fromkeys(("last_name", "member_id", "performer_npi", "field_name"), "")
    resource = getattr(r4_writer, f"write_{name}")(COMMON | bare)
    assert not list(empties(resource))
    model_of(resource).model_validate(resource)


def empties(value):
    """Every empty text, list and object inside a value."""
    if value in ("", [], {}, None):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from empties(item)
    elif isinstance(value, list):
        for item in value:
            yield from empties(item)


@pytest.mark.parametrize("resource", [*samples.master_data(), *samples.visit(), samples.claim()])
def test_what_is_taken_in_is_valid(resource):
    assert errors(read_one(resource)) == []
    model_of(resource).model_validate(resource)


REQUIRED = [
    (samples.coverage, ("status", "beneficiary", "payor")),
    (samples.encounter, ("status", "class")),
    (samples.charge_item, ("status", "code", "subject")),
    (samples.document_reference, ("status", "content")),
    (
        samples.claim,
        ("status", "type", "use", "patient", "created", "provider", "priority", "insurance"),
    ),
]


@pytest.mark.parametrize(
    ("make", "name"), [(make, name) for make, names in REQUIRED for name in names]
)
def test_what_r4_requires_is_required(make, name):
    resource = make()
    del resource[name]
    with pytest.raises(ValueError, match=name):
        model_of(resource).model_validate(resource)
    assert any(text.endswith(f".{name}: missing") for text in errors(read_one(resource)))
