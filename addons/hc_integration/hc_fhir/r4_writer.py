# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""R4 resources from plain values: what leaves, element by element.

Values are dicts of texts, dates and numbers as texts; what is empty is left out, as R4 demands.
"""

from types import MappingProxyType

IDENTIFIER_TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"
ACT_CODES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
RELATIONS = "http://terminology.hl7.org/CodeSystem/subscriber-relationship"
NPI_SYSTEM = "http://hl7.org/fhir/sid/us-npi"
ICD_SYSTEM = "http://hl7.org/fhir/sid/icd-10-cm"
AUDIT_TYPES = "http://terminology.hl7.org/CodeSystem/audit-event-type"
# Extensions of this suite: R4's Account has no balances and says nothing of a case's stage.
BALANCE_URL = "urn:hc-revenue:fhir:account-balance"
STAGE_URL = "urn:hc-revenue:fhir:billing-stage"

_ENCOUNTER_STATUS = MappingProxyType(
    {
        "planned": "planned",
        "in_progress": "in-progress",
        "completed": "finished",
        "cancelled": "cancelled",
    }
)
_CLASSES = MappingProxyType(
    {"ambulatory": "AMB", "emergency": "EMER", "inpatient": "IMP", "virtual": "VR"}
)


def _prune(value):
    """The value without what is empty."""
    if isinstance(value, dict):
        pruned = {name: _prune(item) for name, item in value.items()}
        return {name: item for name, item in pruned.items() if item not in (None, "", [], {})}
    if isinstance(value, list):
        return [item for item in map(_prune, value) if item not in (None, "", [], {})]
    return value


def _resource(resource_type, values, **elements):
    meta = {"lastUpdated": values["changed_at"]}
    return _prune({"resourceType": resource_type, "id": values["id"], "meta": meta, **elements})


def _mrn(values):
    return {
        "type": {"coding": [{"system": IDENTIFIER_TYPES, "code": "MR"}]},
        "value": values["mrn"],
    }


def _patient_reference(values):
    return {"reference": f"Patient/{values['patient_id']}", "identifier": _mrn(values)}


def write_patient(values):
    """A Patient; without the right to personal data the values hold the record number only."""
    name = {"family": values.get("last_name"), "given": [values.get("first_name")]}
    address = {
        "line": [values.get("street"), values.get("street2")],
        "city": values.get("city"),
        "state": values.get("state"),
        "postalCode": values.get("zip"),
    }
    contacts = [
        {"system": system, "value": values.get(system)}
        for system in ("phone", "email")
        if values.get(system)
    ]
    return _resource(
        "Patient",
        values,
        identifier=[_mrn(values)],
        active=values["active"],
        name=[name],
        telecom=contacts,
        gender=values.get("sex"),
        birthDate=values.get("birth_date"),
        deceasedDateTime=values.get("death_date"),
        address=[address],
    )


def write_coverage(values):
    """A Coverage of one payer."""
    return _resource(
        "Coverage",
        values,
        status="active" if values["active"] else "cancelled",
        subscriberId=values.get("member_id"),
        beneficiary=_patient_reference(values),
        relationship={"coding": [{"system": RELATIONS, "code": values.get("relation")}]}
        if values.get("relation")
        else None,
        period={"start": values.get("date_from"), "end": values.get("date_to")},
        payor=[{"identifier": {"value": values["payer_code"]}, "display": values["payer_name"]}],
        order=values["order"],
        **{"class": _coverage_classes(values)},
    )


def _coverage_classes(values):
    system = "http://terminology.hl7.org/CodeSystem/coverage-class"
    return [
        {"type": {"coding": [{"system": system, "code": code}]}, "value": values[name]}
        for code, name in (("group", "group_number"), ("plan", "plan_name"))
        if values.get(name)
    ]


def write_encounter(values):
    """An Encounter; diagnoses only for those who may see them."""
    reasons = [
        {"coding": [{"system": ICD_SYSTEM, "code": code}]} for code in values.get("diagnoses", ())
    ]
    performer = {
        "identifier": {"system": NPI_SYSTEM, "value": values.get("performer_npi")},
        "display": values.get("performer_name"),
    }
    has_performer = values.get("performer_npi") or values.get("performer_name")
    return _resource(
        "Encounter",
        values,
        identifier=[
            {
                "type": {"coding": [{"system": IDENTIFIER_TYPES, "code": "VN"}]},
                "value": values["number"],
            }
        ],
        status=_ENCOUNTER_STATUS.get(values["state"], "unknown"),
        subject=_patient_reference(values),
        participant=[{"individual": performer}] if has_performer else [],
        period={"start": values["started_at"], "end": values.get("ended_at")},
        reasonCode=reasons,
        serviceProvider=_place(values),
        **{"class": {"system": ACT_CODES, "code": _CLASSES.get(values["encounter_class"], "AMB")}},
    )


def _place(values):
    return {
        "identifier": {"value": values["facility_code"]},
        "display": values["facility_name"],
    }


def write_account(values):
    """The Account of a billing case: what is charged, and who owes how much since when."""
    balances = [
        {
            "url": BALANCE_URL,
            "extension": [
                {"url": "responsibility", "valueCode": balance["responsibility"]},
                {"url": "due", "valueDate": balance["date_due"]} if balance["date_due"] else {},
                {"url": "open", "valueMoney": _money(balance["amount_open"], values)},
            ],
        }
        for balance in values["balances"]
    ]
    stage = {"url": STAGE_URL, "valueCode": values["stage"]}
    charged = {"url": f"{BALANCE_URL}:charged", "valueMoney": _money(values["charged"], values)}
    coverages = [
        {"coverage": {"reference": f"Coverage/{id_}"}, "priority": priority}
        for priority, id_ in enumerate(values["coverage_ids"], start=1)
    ]
    return _resource(
        "Account",
        values,
        extension=[stage, charged, *balances],
        identifier=[{"value": values["number"]}],
        status="inactive" if values["is_closed"] else "active",
        type={"coding": [{"system": ACT_CODES, "code": "PBILLACCT", "display": "patient billing"}]},
        name=values["number"],
        subject=[
            _patient_reference(values),
            {"reference": f"Encounter/{values['encounter_id']}"},
        ],
        servicePeriod={"start": values.get("date_from"), "end": values.get("date_to")},
        coverage=coverages,
        owner=_place(values),
    )


def _money(amount, values):
    """Money keeps its digits: ``amount`` is a Decimal, written as a JSON number by the caller."""
    return {"value": amount, "currency": values["currency"]}


def write_audit_event(values):
    """The AuditEvent of one entry of the log: who moved what to which state, and when."""
    return _resource(
        "AuditEvent",
        values,
        type={"system": AUDIT_TYPES, "code": "rest", "display": "RESTful Operation"},
        subtype=[{"system": "urn:hc-revenue:fhir:log-kind", "code": values["kind"]}],
        action="U",
        recorded=values["occurred_at"],
        outcome="0",
        agent=[
            {
                "who": {"identifier": {"value": values["actor"]}},
                "requestor": True,
            }
        ],
        source={"observer": {"display": values["observer"]}},
        entity=[
            {
                "what": {"identifier": {"value": f"{values['model']}/{values['record_id']}"}},
                "name": values.get("field_name"),
                "detail": [
                    {"type": name, "valueString": values.get(name)}
                    for name in ("from_state", "to_state", "hash")
                    if values.get(name)
                ],
            }
        ],
    )


def write_bundle(resources):
    """The resources of one page as a collection."""
    return _prune(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": resource} for resource in resources],
        }
    )
