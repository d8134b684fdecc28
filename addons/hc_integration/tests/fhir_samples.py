# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""FHIR documents of one visit at Riverside Clinic, as a clinical system would send them."""

import json

NPI = "http://hl7.org/fhir/sid/us-npi"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"
PROCEDURES = "http://example.org/fhir/CodeSystem/procedures"
IDENTIFIER_TYPE = "http://terminology.hl7.org/CodeSystem/v2-0203"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def concept(system, code):
    """A CodeableConcept of one code."""
    return {"coding": [{"system": system, "code": code}]}


def meta(version, day=2):
    """The version of a resource, made on a day of March."""
    return {"versionId": str(version), "lastUpdated": f"2026-03-{day:02}T20:00:00Z"}


def patient(number="1", **changes):
    """A patient with a record number."""
    return {
        "resourceType": "Patient",
        "id": f"p{number}",
        "meta": meta(1),
        "identifier": [
            {
                "type": concept(IDENTIFIER_TYPE, "MR"),
                "system": "urn:x:mrn",
                "value": f"30000{number}",
            }
        ],
        "name": [{"use": "official", "family": "Rivers", "given": ["Kim"]}],
        "gender": "female",
        "birthDate": "1975-02-03",
        "address": [{"line": ["5 Oak Street"], "city": "Springfield", "state": "IL"}],
        "telecom": [{"system": "phone", "value": "555-0100"}],
        **changes,
    }


def coverage(number="1", **changes):
    """Insurance with Acme, named by its payer id."""
    return {
        "resourceType": "Coverage",
        "id": f"c{number}",
        "meta": meta(1),
        "status": "active",
        "subscriberId": f"W77{number}",
        "beneficiary": {"reference": f"Patient/p{number}"},
        "relationship": concept("http://x", "self"),
        "period": {"start": "2026-01-01"},
        "payor": [{"reference": "Organization/acme"}],
        "order": 1,
        **changes,
    }


def encounter(number="1", **changes):
    """A finished visit of half an hour."""
    return {
        "resourceType": "Encounter",
        "id": f"e{number}",
        "meta": meta(1),
        "identifier": [{"system": "urn:x:visits", "value": f"FV-{number}"}],
        "status": "finished",
        "class": {"system": ACT_CODE, "code": "AMB"},
        "subject": {"reference": f"Patient/p{number}"},
        "participant": [{"individual": {"reference": "Practitioner/stone"}}],
        "period": {"start": "2026-03-02T14:00:00-05:00", "end": "2026-03-02T14:30:00-05:00"},
        "reasonCode": [concept(ICD, "Z00.00")],
        "serviceProvider": {"reference": "Organization/riverside"},
        **changes,
    }


def charge_item(number="1", line="1", code="V1001", **changes):
    """A service that is ready to be billed."""
    return {
        "resourceType": "ChargeItem",
        "id": f"ci{number}-{line}",
        "meta": meta(1),
        "status": "billable",
        "code": concept(PROCEDURES, code),
        "subject": {"reference": f"Patient/p{number}"},
        "context": {"reference": f"Encounter/e{number}"},
        "occurrenceDateTime": "2026-03-02T14:05:00-05:00",
        "performer": [{"actor": {"reference": "Practitioner/stone"}}],
        "quantity": {"value": 1},
        "reason": [concept(ICD, "Z00.00")],
        **changes,
    }


def claim(number="1", *items, **changes):
    """A claim with an item for each of the codes."""
    return {
        "resourceType": "Claim",
        "id": f"cl{number}",
        "meta": meta(1),
        "status": "active",
        "type": concept("http://terminology.hl7.org/CodeSystem/claim-type", "professional"),
        "use": "claim",
        "patient": {"reference": f"Patient/p{number}"},
        "created": "2026-03-02",
        "provider": {"reference": "Organization/riverside"},
        "priority": concept("http://terminology.hl7.org/CodeSystem/processpriority", "normal"),
        "insurance": [
            {"sequence": 1, "focal": True, "coverage": {"reference": f"Coverage/c{number}"}}
        ],
        "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": concept(ICD, "Z00.00")}],
        "item": [
            {
                "sequence": position,
                "productOrService": concept(PROCEDURES, code),
                "encounter": [{"reference": f"Encounter/e{number}"}],
                "servicedDate": "2026-03-02",
                "diagnosisSequence": [1],
            }
            for position, code in enumerate(items or ("V1001",), start=1)
        ],
        **changes,
    }


def document_reference(number="1", **changes):
    """A small text about the visit."""
    return {
        "resourceType": "DocumentReference",
        "id": f"d{number}",
        "meta": meta(1),
        "status": "current",
        "subject": {"reference": f"Patient/p{number}"},
        "date": "2026-03-02T20:00:00Z",
        "content": [
            {"attachment": {"contentType": "text/plain", "title": "Note", "data": "aGVsbG8="}}
        ],
        "context": {"encounter": [{"reference": f"Encounter/e{number}"}]},
        **changes,
    }


def master_data():
    """The clinic, the payer and the practitioner, as their numbers tell."""
    return [
        {
            "resourceType": "Organization",
            "id": "riverside",
            "identifier": [{"system": NPI, "value": "1234567893"}],
            "name": "The clinic at the river",
        },
        {
            "resourceType": "Organization",
            "id": "acme",
            "identifier": [{"system": "urn:x:payers", "value": "60054"}],
            "name": "ACME of another name",
        },
        {
            "resourceType": "Practitioner",
            "id": "stone",
            "identifier": [{"system": NPI, "value": "1679576722"}],
            "name": [{"family": "Stone", "given": ["Ada"]}],
        },
    ]


def visit(number="1"):
    """All resources of one visit with a charge."""
    return [
        patient(number),
        coverage(number),
        encounter(number),
        charge_item(number),
    ]


def bundle(*resources, kind="collection"):
    """A Bundle of resources, with the master data that they point to."""
    entries = [
        {
            "fullUrl": f"https://ehr.example.org/fhir/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
        }
        for resource in [*master_data(), *resources]
    ]
    return {"resourceType": "Bundle", "type": kind, "entry": entries}


def content(document):
    """A document as bytes."""
    return json.dumps(document).encode()
