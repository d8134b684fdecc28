# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The canonical events that other systems may send, each with version, schema and example.

Frozen once released: a field is added by a new version, and both are taken as long as somebody
sends the old one.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from . import event_examples as examples
from . import event_schemas as schemas


@dataclass(frozen=True)
class EventDefinition:
    """One event: what it means, what it says, what it is about, and who does it.

    :ivar subject_path: name in ``data`` of what it is about: its events keep their order
    :ivar subject_scope: names in ``data`` within which that one is unique
    :ivar operation: code of the ``hc.operation`` that does it; empty: this module does
    :ivar module: name, in the Apps menu, of the module that brings the operation or document type
    :ivar business_key: names in ``data`` that make two messages one fact; ``*`` for all of it
    :ivar ordered_as: what an older event of the subject must not undo; empty: each stands alone,
        or its fields are ordered one by one
    """

    code: str
    version: int
    summary: str
    schema: Mapping[str, Any]
    subject_path: str
    operation: str = ""
    subject_scope: tuple[str, ...] = ()
    module: str = ""
    business_key: tuple[str, ...] = ("*",)
    ordered_as: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)

    @property
    def type_name(self) -> str:
        """The type as an envelope writes it."""
        return f"{self.code}.v{self.version}"

    def subject_of(self, data: Mapping[str, Any]) -> str:
        """What an event is about, as text.

        >>> find("coding.approved", 1).subject_of({"facility_code": "F", "encounter_number": "1"})
        'F|1'
        """
        names = (*self.subject_scope, self.subject_path)
        return "|".join(str(data.get(name) or "") for name in names)


_VISIT, _PERSON, _PLACE = "encounter_number", "patient_mrn", ("facility_code",)
_CLAIMS, _COLLECTIONS = "Healthcare Claims and Remittances", "Healthcare Collections"

EVENTS = (
    EventDefinition(
        "encounter.completed",
        1,
        "A visit is over: its services may be charged.",
        schemas.ENCOUNTER_COMPLETED,
        _VISIT,
        subject_scope=_PLACE,
        business_key=("facility_code", "encounter_number"),
        ordered_as="completion",
        example=examples.ENCOUNTER_COMPLETED,
    ),
    EventDefinition(
        "coding.approved",
        1,
        "A coder declares the codes of a visit final.",
        schemas.CODING_APPROVED,
        _VISIT,
        subject_scope=_PLACE,
        business_key=("facility_code", "encounter_number"),
        ordered_as="coding",
        example=examples.CODING_APPROVED,
    ),
    EventDefinition(
        "charge.posted",
        1,
        "Services of a visit to be charged; a charge comes in once by its id.",
        schemas.CHARGE_POSTED,
        _VISIT,
        subject_scope=_PLACE,
        business_key=("facility_code", "encounter_number", "charges"),
        example=examples.CHARGE_POSTED,
    ),
    EventDefinition(
        "coverage.verified",
        1,
        "A payer's answer about a patient's coverage, found out elsewhere.",
        schemas.COVERAGE_VERIFIED,
        _PERSON,
        subject_scope=("facility_code", "payer_code"),
        # Optional: without it the answer stands on the coverage itself.
        operation="eligibility.record_result",
        module=_CLAIMS,
        business_key=("patient_mrn", "payer_code", "checked_on", "outcome", "native_outcome"),
        example=examples.COVERAGE_VERIFIED,
    ),
    EventDefinition(
        "authorization.decided",
        1,
        "A payer's decision about a prior authorization or referral.",
        schemas.AUTHORIZATION_DECIDED,
        "number",
        subject_scope=("facility_code", "patient_mrn", "payer_code"),
        business_key=("patient_mrn", "payer_code", "number", "decided_on"),
        ordered_as="decision",
        example=examples.AUTHORIZATION_DECIDED,
    ),
    EventDefinition(
        "claim.status",
        1,
        "Where a claim stands at the clearinghouse or payer; moves no money.",
        schemas.CLAIM_STATUS,
        "claim_number",
        operation="claim.record_status",
        module=_CLAIMS,
        business_key=("claim_number", "effective_on", "statuses"),
        ordered_as="status",
        example=examples.CLAIM_STATUS,
    ),
    EventDefinition(
        "claim.rejected",
        1,
        "A claim was not taken in: it is to be mended before its deadline.",
        schemas.CLAIM_REJECTED,
        "claim_number",
        operation="claim.record_status",
        module=_CLAIMS,
        business_key=("claim_number", "rejected_on", "statuses"),
        ordered_as="status",
        example=examples.CLAIM_REJECTED,
    ),
    EventDefinition(
        "clinical.received",
        1,
        "A FHIR R4 Bundle or an HL7 v2 message (ADT, DFT), as the clinical system wrote it.",
        schemas.CLINICAL_RECEIVED,
        "document_id",
        business_key=("document_type", "document_id"),
        example=examples.CLINICAL_RECEIVED,
    ),
    EventDefinition(
        "remittance.received",
        1,
        "A remittance (835), sent along or named by its id.",
        schemas.REMITTANCE_RECEIVED,
        "payment_reference",
        module=_CLAIMS,
        business_key=("payment_reference",),
        example=examples.REMITTANCE_RECEIVED,
    ),
    *(
        EventDefinition(
            f"payment.{outcome}",
            1,
            summary,
            schema,
            "reference",
            subject_scope=("payment_source",),
            operation="payment.report",
            module=_COLLECTIONS,
            business_key=("payment_source", "reference", "event_reference"),
            example=example,
        )
        for outcome, summary, schema, example in (
            ("confirmed", "A payment arrived.", schemas.PAYMENT, examples.PAYMENT_CONFIRMED),
            ("failed", "A payment did not arrive.", schemas.PAYMENT, examples.PAYMENT_FAILED),
            (
                "refunded",
                "A payment, or part of it, was given back.",
                schemas.PAYMENT_REFUNDED,
                examples.PAYMENT_REFUNDED,
            ),
            (
                "charged_back",
                "The bank took a payment, or part of it, back.",
                schemas.PAYMENT_REFUNDED,
                examples.PAYMENT_CHARGED_BACK,
            ),
            (
                "reversal_undone",
                "The bank returned what it had taken back.",
                schemas.PAYMENT_REFUNDED,
                examples.PAYMENT_CHARGED_BACK,
            ),
        )
    ),
    EventDefinition(
        "document.received",
        1,
        "A document about a patient, sent along or named by its address.",
        schemas.DOCUMENT_RECEIVED,
        "document_id",
        operation="document.attach",
        module="Healthcare Revenue",
        business_key=("document_id", "sha256"),
        ordered_as="document",
        example=examples.DOCUMENT_RECEIVED,
    ),
    EventDefinition(
        "patient.updated",
        1,
        "What another system knows of a patient; what it may overwrite is its right.",
        schemas.PATIENT_UPDATED,
        _PERSON,
        subject_scope=_PLACE,
        example=examples.PATIENT_UPDATED,
    ),
    EventDefinition(
        "message.status",
        1,
        "What became of a message: delivered, failed, or its reader wants no more.",
        schemas.MESSAGE_STATUS,
        "message_reference",
        operation="message.record_status",
        module=_COLLECTIONS,
        business_key=("message_reference", "status", "native_status"),
        ordered_as="status",
        example=examples.MESSAGE_STATUS,
    ),
    EventDefinition(
        "source.totals",
        1,
        "What the system sent on a day, by type: its side of the daily proof.",
        schemas.SOURCE_TOTALS,
        "day",
        ordered_as="totals",
        example=examples.SOURCE_TOTALS,
    ),
)

_BY_TYPE = {(event.code, event.version): event for event in EVENTS}


def find(code: str, version: int) -> EventDefinition | None:
    """The definition of an event, or None where there is none of this version.

    >>> find("payment.confirmed", 1).operation
    'payment.report'
    >>> find("payment.confirmed", 2)
    """
    return _BY_TYPE.get((code, version))


def business_key(definition: EventDefinition, data: Mapping[str, Any]) -> str:
    """What makes two messages one fact: the text of the named parts of what they say.

    >>> business_key(find("coding.approved", 1), {"facility_code": "F", "encounter_number": "1"})
    'coding.approved|{"encounter_number":"1","facility_code":"F"}'
    """
    names = data if definition.business_key == ("*",) else definition.business_key
    told = {name: _identity(data[name]) for name in names if name in data}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{definition.code}|{text}"


def _identity(value: Any) -> Any:
    """Of rows that have an id only the ids count, in no order."""
    if isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return sorted(
            json.dumps(row.get("external_id", row), sort_keys=True, ensure_ascii=False)
            for row in value
        )
    return value


def differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the parts in which two messages about one fact differ; no values.

    >>> differences({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4})
    ('b', 'c')
    """
    names = sorted({*first, *second})
    return tuple(name for name in names if first.get(name) != second.get(name))
