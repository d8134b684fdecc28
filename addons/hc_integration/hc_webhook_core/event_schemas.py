# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What each canonical event says: JSON Schema (2020-12) of its ``data``, closed and bounded.

Written in the part of JSON Schema that base's ``hc_core.schema`` checks. Codes and ids first:
names of people appear only where the event is about who they are.
"""

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]

# A remittance of a large payer, or a scanned document, in base64.
CONTENT_LENGTH = 12_000_000


def text(max_length: int, title: str = "", **extra: Any) -> Schema:
    """Schema of a text that is not empty."""
    return {"type": "string", "minLength": 1, "maxLength": max_length} | _titled(title) | extra


def nullable(max_length: int, title: str = "") -> Schema:
    """Schema of a text that null clears."""
    return {"type": ["string", "null"], "maxLength": max_length} | _titled(title)


def choice(values: Iterable[str], title: str = "") -> Schema:
    """Schema of one of some codes."""
    return {"type": "string", "enum": list(values), "maxLength": 32} | _titled(title)


def day(title: str = "", may_be_null: bool = False) -> Schema:
    """Schema of a calendar day."""
    kind = ["string", "null"] if may_be_null else "string"
    return {"type": kind, "format": "date", "maxLength": 10} | _titled(title)


def moment(title: str = "") -> Schema:
    """Schema of a moment; without zone it is the facility's local time."""
    return {"type": "string", "format": "date-time", "maxLength": 40} | _titled(title)


def number(title: str = "") -> Schema:
    """Schema of a decimal number as text: no binary fraction touches money."""
    return {"type": "string", "format": "decimal", "maxLength": 32} | _titled(title)


def rows(items: Schema, max_items: int, title: str = "") -> Schema:
    """Schema of a list."""
    return {"type": "array", "items": items, "maxItems": max_items} | _titled(title)


def record(required: Iterable[str], properties: dict[str, Schema], title: str = "") -> Schema:
    """Schema of a closed object."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
    } | _titled(title)


def _titled(title: str) -> Schema:
    return {"title": title} if title else {}


_FACILITY = text(32, "Facility code")
_ENCOUNTER = text(64, "Visit number")
_MRN = text(64, "Medical record number")
_PAYER = text(32, "Payer code")
_CLASS = choice(("ambulatory", "emergency", "inpatient", "virtual"), "Class of visit")
_RELATION = choice(("self", "spouse", "child", "other"), "Relation to the subscriber")
_SEX = choice(("female", "male", "other", "unknown"), "Administrative sex")
_CONTENT = {
    "type": "string",
    "format": "base64",
    "minLength": 4,
    "maxLength": CONTENT_LENGTH,
    "title": "Content (base64)",
}


def native(title: str) -> Schema:
    """Schema of a status in the words of a standard; see :mod:`status_maps`."""
    properties = {"system": text(40, "Table of codes"), "code": text(40, "Code")}
    return record(("system", "code"), properties, title)


ENCOUNTER_COMPLETED = record(
    ("facility_code", "encounter_number", "patient_mrn", "completed_at"),
    {
        "facility_code": _FACILITY,
        "encounter_number": _ENCOUNTER,
        "patient_mrn": _MRN,
        "completed_at": moment("End of the visit"),
        "started_at": moment("Start of the visit; needed where the visit is not known yet"),
        "encounter_class": _CLASS,
    },
)

CODING_APPROVED = record(
    ("facility_code", "encounter_number"),
    {
        "facility_code": _FACILITY,
        "encounter_number": _ENCOUNTER,
        "approved_on": day("Day of approval"),
        "coder_reference": text(64, "Who approved, as the coding system names them"),
    },
)

_CHARGE = record(
    ("external_id", "service_date", "procedure_code"),
    {
        "external_id": text(64, "The charge's id at the sender"),
        "service_date": day("Day of service"),
        "procedure_code": text(20, "Procedure or supply code"),
        "modifiers": rows(text(2), 4, "Modifiers"),
        "units": number("Units"),
        "unit_price": number("Price of a unit; left out: fee schedule"),
        "revenue_code": text(4, "Revenue code"),
        "place_of_service": text(2, "Place of service"),
        "diagnosis_codes": rows(text(20), 12, "Diagnoses, the principal one first"),
        "performer_npi": text(10, "NPI of who performed it"),
        "department_code": text(32, "Department code"),
        "authorization_number": text(64, "Authorization number"),
    },
)

CHARGE_POSTED = record(
    ("facility_code", "encounter_number", "patient_mrn", "charges"),
    {
        "facility_code": _FACILITY,
        "encounter_number": _ENCOUNTER,
        "patient_mrn": _MRN,
        "charges": rows(_CHARGE, 200, "Charges"),
        "encounter_class": _CLASS,
        "encounter_start": moment("Start of the visit"),
        "patient_last_name": text(100, "Last name"),
        "patient_first_name": text(100, "First name"),
        "patient_birth_date": day("Birth date"),
        "patient_sex": _SEX,
        "payer_code": _PAYER,
        "member_id": text(64, "Member ID"),
        "subscriber_relation": _RELATION,
    },
)

COVERAGE_VERIFIED = record(
    ("facility_code", "patient_mrn", "payer_code", "checked_on", "reference"),
    {
        "facility_code": _FACILITY,
        "patient_mrn": _MRN,
        "payer_code": _PAYER,
        "checked_on": day("Day of the check"),
        "reference": text(64, "The payer's reference of the answer", minLength=3),
        "outcome": choice(("active", "inactive", "not_found"), "Outcome"),
        "native_outcome": native("Outcome in the words of a standard"),
        "channel": choice(("portal", "phone"), "How it was found out"),
        "coverage_order": choice(("1", "2", "3"), "Primary, secondary or tertiary"),
        "member_id": nullable(64, "Member ID"),
        "group_number": nullable(64, "Group number"),
        "plan_name": nullable(120, "Plan"),
        "plan_date_from": day("Plan from", may_be_null=True),
        "plan_date_to": day("Plan to", may_be_null=True),
        "subscriber_relation": _RELATION,
    },
)

AUTHORIZATION_DECIDED = record(
    ("facility_code", "patient_mrn", "payer_code", "number", "decided_on"),
    {
        "facility_code": _FACILITY,
        "patient_mrn": _MRN,
        "payer_code": _PAYER,
        "number": text(64, "Authorization number"),
        "decided_on": day("Day of the decision"),
        "decision": choice(("approved", "modified", "denied", "cancelled", "pended"), "Decision"),
        "native_decision": native("Decision in the words of a standard"),
        "authorization_type": choice(("authorization", "referral"), "Kind"),
        "date_from": day("Valid from"),
        "date_to": day("Valid to"),
        "approved_units": number("Approved units"),
        "procedure_codes": rows(text(20), 50, "Procedures; left out: any"),
        "reason": text(500, "The payer's reason"),
    },
)

_CLAIM_STATUS = record(
    ("category", "status_code"),
    {
        "category": text(3, "Claim status category (X12 507)"),
        "status_code": text(8, "Claim status (X12 508)"),
        "entity_code": text(3, "Entity (X12 98)"),
        "procedure_code": text(20, "Service that it is about"),
    },
)

CLAIM_STATUS = record(
    ("claim_number", "effective_on", "statuses"),
    {
        "claim_number": text(20, "Our claim number"),
        "effective_on": day("Day of the status"),
        "statuses": rows(_CLAIM_STATUS, 50, "Statuses"),
        "payer_claim_number": text(64, "The payer's claim number"),
        "message": text(500, "The payer's words"),
    },
)

CLAIM_REJECTED = record(
    ("claim_number", "rejected_on", "statuses"),
    {
        "claim_number": text(20, "Our claim number"),
        "rejected_on": day("Day of the rejection"),
        "rejected_by": choice(("clearinghouse", "payer"), "Who rejected it"),
        "statuses": rows(
            _CLAIM_STATUS
            | {
                "properties": _CLAIM_STATUS["properties"]
                | {"category": choice(("A3", "A4", "A6", "A7", "A8"), "Rejection (X12 507)")}
            },
            50,
            "Why",
        ),
        "message": text(500, "The sender's words"),
    },
)

CLINICAL_RECEIVED = record(
    ("document_type", "document_id", "content_base64"),
    {
        "document_type": choice(("fhir_bundle", "hl7v2"), "What it is"),
        "document_id": text(128, "Id of the document"),
        "content_base64": _CONTENT,
    },
)

REMITTANCE_RECEIVED = record(
    ("payment_reference",),
    {
        "payment_reference": text(64, "Trace number of the check or transfer"),
        "content_base64": _CONTENT,
        "document_id": text(128, "Id of the file that comes by another way"),
        "payer_code": _PAYER,
        "payment_date": day("Day of payment"),
        "amount": number("Amount paid"),
        "currency": text(3, "Currency", minLength=3),
    },
)

_PAYMENT = {
    "payment_source": text(64, "Payment source; left out: the sender"),
    "reference": text(128, "The provider's reference of the payment"),
    "event_reference": text(128, "The provider's reference of this event"),
    "amount": number("Amount, without sign"),
    "currency": text(3, "Currency", minLength=3),
    "happened_on": day("Day"),
    "account_number": text(64, "Account number"),
    "case_numbers": rows(text(64), 50, "Case numbers"),
    "note": text(500, "What the provider says"),
}
_PAYMENT_REQUIRED = ("reference", "amount", "currency", "happened_on")

PAYMENT = record(_PAYMENT_REQUIRED, _PAYMENT)
PAYMENT_REFUNDED = record((*_PAYMENT_REQUIRED, "event_reference"), _PAYMENT)

DOCUMENT_RECEIVED = record(
    ("document_id", "facility_code", "patient_mrn", "document_type", "name"),
    {
        "document_id": text(128, "The document's id at the sender"),
        "facility_code": _FACILITY,
        "patient_mrn": _MRN,
        "encounter_number": _ENCOUNTER,
        "document_type": choice(
            (
                "consent",
                "advance_notice",
                "good_faith_estimate",
                "clinical_note",
                "claim_attachment",
                "financial_screening",
                "other",
            ),
            "Type",
        ),
        "name": text(128, "Name"),
        "document_date": day("Day of the document"),
        "expires_on": day("Valid to"),
        "content_base64": _CONTENT,
        "sha256": text(64, "SHA-256 of the content, hexadecimal", minLength=64),
        "repository_url": text(500, "Where it lies, if it is not sent along"),
    },
)

PATIENT_UPDATED = record(
    ("facility_code", "patient_mrn"),
    {
        "facility_code": _FACILITY,
        "patient_mrn": _MRN,
        "demographics": record(
            (),
            {
                "last_name": nullable(100, "Last name"),
                "first_name": nullable(100, "First name"),
                "birth_date": day("Birth date", may_be_null=True),
                "death_date": day("Date of death", may_be_null=True),
                "sex": _SEX,
            },
            "Who it is",
        ),
        "address": record(
            (),
            {
                "street": nullable(200, "Street"),
                "street2": nullable(200, "Street, second line"),
                "city": nullable(100, "City"),
                "state_code": nullable(3, "State"),
                "zip": nullable(16, "ZIP"),
            },
            "Address",
        ),
        "contact": record(
            (),
            {"phone": nullable(32, "Telephone"), "email": nullable(200, "E-mail")},
            "How to reach",
        ),
    },
)

MESSAGE_STATUS = record(
    ("message_reference",),
    {
        "message_reference": text(64, "The id that we gave the message"),
        "status": choice(("sent", "delivered", "failed", "opted_out"), "Status"),
        "native_status": native("Status in the words of a gateway"),
        "reason_code": text(32, "The gateway's code of the reason"),
    },
)

# As many as the largest message of a source may hold.
_IDS_OF_A_DAY = 50_000

SOURCE_TOTALS = record(
    ("day", "totals"),
    {
        "day": day("Day, in the time zone that the connected system is set to"),
        "totals": rows(
            record(
                ("event_type", "count"),
                {
                    "event_type": text(64, "Type of the events, without version"),
                    "count": {
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 10_000_000,
                        "title": "How many messages were sent",
                    },
                    "amount": number("Sum of their amounts"),
                    "currency": text(3, "Currency of the amount", minLength=3),
                    "message_ids": rows(text(255), _IDS_OF_A_DAY, "Ids of the messages"),
                },
            ),
            100,
            "What was sent",
        ),
    },
)
