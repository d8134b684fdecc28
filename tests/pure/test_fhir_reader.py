# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FHIR R4 read as records: what is taken, what is refused, and by which element."""

import json
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from fhir_documents import drafts, errors, read, read_one, samples
from hc_fhir.fhir_reader import MAX_ENTRIES, read_fhir
from hc_fhir.findings import DocumentError
from hc_fhir.json_reader import JsonLimits, load_json
from hc_fhir.records import Charge, Encounter, Patient


def test_a_patient_is_read_element_by_element():
    found = read_one(samples.patient()).select(Patient)[0]
    assert (found.mrn, found.last_name, found.first_name) == ("300001", "Rivers", "Kim")
    assert (found.birth_date, found.sex, found.phone) == (date(1975, 2, 3), "female", "555-0100")
    assert found.version.last_updated == datetime(2026, 3, 2, 20, tzinfo=timezone.utc)


def test_amounts_are_exact():
    text = json.dumps(samples.charge_item(priceOverride={"value": "PRICE", "currency": "USD"}))
    intake = read_fhir(text.replace('"PRICE"', "100000000000000.10").encode())
    assert intake.select(Charge)[0].unit_price == Decimal("100000000000000.10")


# How a sound resource is spoiled, and what is said about it.
FAULTS = [
    ("Patient", {"identifier": None, "id": None}, "Patient.identifier: missing"),
    ("Patient", {"gender": "F"}, "Patient.gender: is no code of administrative-gender"),
    ("Patient", {"birthDate": "1975-02-30"}, "Patient.birthDate: is no day of the calendar"),
    ("Patient", {"birthDate": 1975}, "Patient.birthDate: must be a text"),
    ("Patient", {"name": {"family": "X"}}, "Patient.name: must be a list"),
    ("Patient", {"name": ["X"]}, "Patient.name[0]: must be an object"),
    ("Patient", {"name": [{"family": "a\u0000b"}]}, "characters that no text can keep"),
    ("Patient", {"modifierExtension": [{"url": "x"}]}, "Patient.modifierExtension: changes"),
    ("Patient", {"colour": "red"}, "Patient.'colour': is no element of Patient in R4"),
    ("Coverage", {"status": "on"}, "Coverage.status: is no code of fm-status"),
    ("Coverage", {"payor": None}, "Coverage.payor: missing"),
    ("Coverage", {"beneficiary": {}}, "Coverage.beneficiary: must not be empty"),
    ("Encounter", {"status": "done"}, "Encounter.status: is no code of encounter-status"),
    ("Encounter", {"status": None}, "Encounter.status: missing"),
    ("Encounter", {"class": None}, "Encounter.class: missing"),
    (
        "Encounter",
        {"period": {"start": "2026-03-02T10:00:00Z", "end": "2026-03-02T09:00:00Z"}},
        "Encounter.period.end: is before the start",
    ),
    ("ChargeItem", {"code": None}, "ChargeItem.code: missing"),
    ("ChargeItem", {"code": {"text": "visit"}}, "ChargeItem.code.coding: missing"),
    ("ChargeItem", {"quantity": {"value": "2"}}, "ChargeItem.quantity.value: must be a number"),
    ("ChargeItem", {"factorOverride": 2}, "ChargeItem.factorOverride: other than 1"),
    ("Claim", {"use": "bill"}, "Claim.use: is no code of claim-use"),
    ("Claim", {"insurance": None}, "Claim.insurance: missing"),
    ("Claim", {"created": None}, "Claim.created: missing"),
    ("Claim", {"item": [{"sequence": 1}]}, "Claim.item[0].productOrService: missing"),
    ("DocumentReference", {"content": None}, "DocumentReference.content: missing"),
    (
        "DocumentReference",
        {"content": [{"attachment": {"url": "javascript:alert(1)"}}]},
        "DocumentReference.content[0].attachment.url: is no whole web address",
    ),
    (
        "DocumentReference",
        {"content": [{"attachment": {"data": "aGVsbG8=", "hash": "AAAA"}}]},
        "DocumentReference.content[0].attachment.hash: is not that of the data",
    ),
]

MAKERS = {
    "Patient": samples.patient,
    "Coverage": samples.coverage,
    "Encounter": samples.encounter,
    "ChargeItem": samples.charge_item,
    "Claim": samples.claim,
    "DocumentReference": samples.document_reference,
}


@pytest.mark.parametrize(("resource_type", "changes", "message"), FAULTS)
def test_a_fault_is_named_by_its_element(resource_type, changes, message):
    resource = MAKERS[resource_type]()
    assert errors(read_one(resource)) == []
    for name, value in changes.items():
        resource.pop(name, None)
        if value is not None:
            resource[name] = value
    found = errors(read_one(resource))
    assert any(message in text for text in found), found


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b"\xff\xfe", "not_utf8"),
        (b'{"resourceType": "Patient", "id": "a", "id": "b"}', "not_json"),
        (b'{"resourceType": "Patient", "multipleBirthInteger": NaN}', "not_json"),
        (b'{"resourceType": "Patient", "x": 1e999999999}', "not_json"),
        (b'{"resourceType": "Patient", "x": ' + b"9" * 5000 + b"}", "not_json"),
        (b"[" * 100_000 + b"]" * 100_000, "too_deep"),
        (b'{"a":' * 70 + b"1" + b"}" * 70, "too_deep"),
        (b"[]", "not_fhir"),
        (b'{"resourceType": 5}', "not_fhir"),
        (b'{"resourceType": "Observation"}', "not_taken"),
        (b'{"resourceType": "Bundle"}', "bad_bundle"),
        (b'{"resourceType": "Bundle", "type": "history"}', "bad_bundle"),
        (b'{"resourceType": "Bundle", "type": "batch", "entry": {}}', "bad_bundle"),
    ],
)
def test_what_cannot_be_read_is_refused_as_a_whole(content, code):
    with pytest.raises(DocumentError) as refusal:
        read_fhir(content)
    assert refusal.value.code == code


def test_too_much_is_refused_before_it_is_parsed():
    with pytest.raises(DocumentError, match="more than 10"):
        load_json(b" " * 11, JsonLimits(size_bytes=10))
    many = {"resourceType": "Bundle", "type": "batch", "entry": [{}] * (MAX_ENTRIES + 1)}
    with pytest.raises(DocumentError, match="at most"):
        read_fhir(json.dumps(many).encode())


def test_references_are_found_by_every_way_of_writing_them():
    for target in (
        {"reference": "Patient/p1"},
        {"reference": "Patient/p1/_history/7"},
        {"reference": "https://ehr.example.org/fhir/Patient/p1"},
        {"reference": "Patient?identifier=urn:x:mrn|300001"},
        {"identifier": {"system": "urn:x:mrn", "value": "300001"}},
    ):
        intake = read(samples.patient(), samples.encounter(subject=target))
        visit = drafts(intake)["visit"][0]
        assert visit.cells["patient_mrn"] == "300001", target
        assert not visit.errors


def test_a_contained_resource_is_found_by_its_owner_only():
    inside = samples.patient() | {"id": "inner"}
    own = samples.encounter(contained=[inside], subject={"reference": "#inner"})
    other = samples.encounter("2", subject={"reference": "#inner"})
    made = drafts(read(own, other))["visit"]
    assert made[0].cells["patient_mrn"] == "300001"
    assert "points to no Patient" in str(made[1].errors[0])


def test_what_points_to_a_refused_resource_says_so():
    intake = read(samples.patient(gender="?"), samples.encounter())
    assert [d.kind for d in drafts(intake)["refused"]] == ["refused"]
    message = "Bundle.entry[4].resource.subject: points to a resource that was refused"
    assert message in map(str, drafts(intake)["visit"][0].errors)


def test_a_refused_charge_names_the_visit_that_must_wait():
    faulty = samples.charge_item(line="2")
    del faulty["code"]
    refused = drafts(read(*samples.visit(), faulty))["refused"]
    assert refused[0].visits == (("RIV", "FV-1"),)


def test_the_day_of_a_service_is_that_of_the_facility():
    late = samples.charge_item(occurrenceDateTime="2026-03-03T01:30:00Z")
    charge = drafts(read(samples.patient(), samples.encounter(), late))["charge"][0]
    assert charge.cells["service_date"] == "2026-03-02"


def test_codes_are_final_only_if_all_charges_are():
    open_item = samples.charge_item(line="2", status="planned")
    visit = drafts(read(*samples.visit(), open_item))["visit"][0]
    assert visit.cells["coding_approved"] == "no"
    assert drafts(read(*samples.visit()))["visit"][0].cells["coding_approved"] == "yes"


def test_what_is_not_to_be_billed_is_not_charged():
    skipped = [
        samples.charge_item(line=status, status=status)
        for status in ("not-billable", "aborted", "billed", "entered-in-error")
    ]
    draft_claim = samples.claim("1", status="draft")
    made = drafts(read(samples.patient(), samples.encounter(), *skipped, draft_claim))
    assert "charge" not in made
    remarks = [str(f) for draft in made["noted"] for f in draft.findings]
    assert len([text for text in remarks if "not taken in" in text]) == 5


def test_resources_of_other_types_are_counted_not_dropped_silently():
    observation = {"resourceType": "Observation", "id": "o", "status": "final", "code": {}}
    assert read(*samples.visit(), observation).ignored == {"Observation": 1}


def test_a_deletion_is_refused():
    bundle = samples.bundle(samples.patient())
    bundle["entry"][-1]["request"] = {"method": "DELETE", "url": "Patient/p1"}
    assert errors(read_fhir(json.dumps(bundle).encode())) == [
        "Bundle.entry[3].request.method: cannot delete"
    ]


def test_of_paged_answers_the_newest_version_counts():
    old = samples.bundle(samples.patient(), kind="searchset")
    new = samples.bundle(
        samples.patient(meta=samples.meta(2, day=9), gender="male"), kind="searchset"
    )
    for pages in ([old, new], [new, old]):
        document = samples.bundle(kind="collection")
        document["entry"] = [{"resource": page} for page in pages]
        intake = read_fhir(json.dumps(document).encode())
        assert errors(intake) == []
        assert [patient.sex for patient in intake.select(Patient)] == ["male"]


def test_one_id_twice_in_a_document_is_refused():
    intake = read(samples.patient(), samples.patient(gender="male"))
    assert errors(intake) == ["Bundle.entry[4].resource.id: is used twice in the document"]
    assert [patient.sex for patient in intake.select(Patient)] == ["female"]


def test_the_principal_diagnosis_comes_first():
    ranked = [
        {"condition": {"reference": "Condition/b"}, "rank": 2},
        {"condition": {"reference": "Condition/a"}, "rank": 1},
    ]
    conditions = [
        {"resourceType": "Condition", "id": name, "code": samples.concept(samples.ICD, code)}
        for name, code in (("a", "J45.20"), ("b", "E11.9"))
    ]
    visit = samples.encounter(diagnosis=ranked)
    intake = read(samples.patient(), visit, *conditions)
    assert drafts(intake)["visit"][0].cells["diagnosis_codes"] == "J45.20 E11.9"
    assert len(intake.select(Encounter)) == 1
