# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a document says, as frozen records; the same whether it came as FHIR or as HL7 v2.

A *key* names a record within one document: ``Type/id``, a full URL, or a place in it. A record's
``path`` is where it stands, for findings.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Version:
    """How new a resource is: its version at the sender, and when that was made there."""

    version_id: str = ""
    last_updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an element points, as the sender wrote it.

    :ivar target: literal reference; ``identifiers``: (system, value) pairs instead of one
    """

    path: str
    target: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    display: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What all records have."""

    key: str
    path: str
    resource_id: str
    version: Version = field(default_factory=Version)
    identifiers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Patient(Record):
    """A person; ``mrn`` is the number that the record is found by."""

    mrn: str = ""
    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None
    death_date: date | None = None
    sex: str = "unknown"
    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Organization(Record):
    """A provider or payer: what it may be known by here."""

    name: str = ""
    npi: str = ""


@dataclass(frozen=True, slots=True)
class Practitioner(Record):
    """Who performs services, known by the NPI."""

    npi: str = ""


@dataclass(frozen=True, slots=True)
class Coverage(Record):
    """A patient's insurance."""

    status: str = "active"
    patient: Reference | None = None
    payer: Reference | None = None
    member_id: str = ""
    group_number: str = ""
    plan_name: str = ""
    relation: str = ""
    date_from: date | None = None
    date_to: date | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Encounter(Record):
    """A visit; ``diagnoses`` are codes or references to conditions, the principal one first."""

    number: str = ""
    state: str = "planned"
    encounter_class: str = "ambulatory"
    patient: Reference | None = None
    facility: Reference | None = None
    performer: Reference | None = None
    coverages: tuple[Reference, ...] = ()
    started_at: datetime | None = None
    ended_at: datetime | None = None
    diagnoses: tuple[str | Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Charge(Record):
    """One service that is to be billed."""

    kind: str = "ChargeItem"
    external_id: str = ""
    encounter: Reference | None = None
    patient: Reference | None = None
    performer: Reference | None = None
    facility: Reference | None = None
    coverages: tuple[Reference, ...] = ()
    occurred_at: datetime | None = None
    code: str = ""
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    unit_price: Decimal | None = None
    revenue_code: str = ""
    place_of_service: str = ""
    diagnoses: tuple[str | Reference, ...] = ()
    authorization_number: str = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Document(Record):
    """A file, or where one lies, about a patient or a visit."""

    patient: Reference | None = None
    encounter: Reference | None = None
    title: str = ""
    type_code: str = ""
    dated: date | None = None
    content_type: str = ""
    content: bytes = b""
    url: str = ""
    is_withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Condition(Record):
    """A diagnosis that others point to."""

    code: str = ""
