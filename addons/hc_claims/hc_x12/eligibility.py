# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The 271 (005010X279A1): what a payer answers about coverage and benefits."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .common import (
    Address,
    Contact,
    Dated,
    Name,
    Procedure,
    Reference,
    Trace,
    address_of,
    contact_of,
    dtp_of,
    name_of,
    procedure_of,
    read_parts,
    reference_of,
    trace_of,
    values_of,
)
from .envelope import Transaction
from .findings import Finding
from .hierarchy import DEPENDENT, SUBSCRIBER, HierarchicalResponse, Place
from .loops import Loop
from .remittance import RawSegment
from .typed import Values
from .values import ValueFault, period

TRANSACTION_TYPE = "271"
ACTIVE_COVERAGE = ("1", "2", "3", "4", "5")
INACTIVE_COVERAGE = ("6", "7", "8")


@dataclass(frozen=True, slots=True)
class Reject:
    """An AAA: why a request was not answered, and what the payer asks to do."""

    reason: str
    follow_up: str
    is_valid: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """An HSD: how a benefit is delivered, such as three visits a week for two months."""

    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    every: Decimal | None = None
    period: str = ""
    period_count: Decimal | None = None
    frequency: str = ""
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """An III: a place of service, diagnosis or nature of injury that a benefit depends on."""

    qualifier: str
    code: str
    category: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RelatedEntity:
    """An NM1 between LS and LE: who stands behind a benefit, such as another payer."""

    name: Name
    address: Address = Address()
    contacts: tuple[Contact, ...] = ()
    specialties: tuple[tuple[str, str, str], ...] = ()
    unknown: tuple[RawSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class Benefit:
    """An EB loop.

    Attributes:
        information: EB01: 1 to 5 active, 6 to 8 inactive, A co-insurance, B co-payment,
            C deductible, F limit, G out of pocket, and more.
        coverage_level: EB02, such as IND or FAM.
        service_types: EB03; empty where the benefit is of the plan as a whole.
        insurance_type: EB04.
        plan: EB05.
        period: EB06, such as 23 calendar year, 27 visit, 29 remaining.
        amount: EB07.
        fraction: EB08; 0.2 is 20 percent.
        quantity_qualifier: EB09.
        quantity: EB10.
        authorization_required: EB11, Y, N or U.
        in_network: EB12, Y, N, U or W.
        procedure: EB13.
        diagnosis_pointers: EB14.
        deliveries: HSD segments.
        references: REF segments.
        dates: DTP segments.
        rejects: AAA segments.
        messages: texts of MSG segments.
        conditions: III segments.
        entities: loops between LS and LE.
        segment_number: position of the EB in the file.
        unknown: segments that are kept unread.
    """

    information: str
    coverage_level: str = ""
    service_types: tuple[str, ...] = ()
    insurance_type: str = ""
    plan: str = ""
    period: str = ""
    amount: Decimal | None = None
    fraction: Decimal | None = None
    quantity_qualifier: str = ""
    quantity: Decimal | None = None
    authorization_required: str = ""
    in_network: str = ""
    procedure: Procedure | None = None
    diagnosis_pointers: tuple[str, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dated, ...] = ()
    rejects: tuple[Reject, ...] = ()
    messages: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    entities: tuple[RelatedEntity, ...] = ()
    segment_number: int = 0
    unknown: tuple[RawSegment, ...] = ()

    @property
    def is_active_coverage(self) -> bool:
        """Whether it says that coverage is active."""
        return self.information in ACTIVE_COVERAGE


@dataclass(frozen=True, slots=True)
class EligibilityLevel:
    """One HL: the payer (20), the provider who asked (21), a subscriber (22) or dependent (23).

    Attributes:
        place: level of the hierarchy, with the names there and above.
        traces: TRN segments; type 2 returns the number of our request.
        rejects: AAA segments outside of benefits.
        references: REF segments.
        dates: DTP segments, such as 291 plan and 346 plan begin.
        birth_date: of DMG.
        gender: of DMG.
        relationship: INS02.
        address: N3 and N4.
        contacts: PER segments.
        details: values of PRV, HI and MPI segments.
        benefits: EB loops.
        segment_number: position of the HL in the file.
        findings: what was found here.
        unknown: segments that are kept unread.
    """

    place: Place
    traces: tuple[Trace, ...] = ()
    rejects: tuple[Reject, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dated, ...] = ()
    birth_date: date | None = None
    gender: str = ""
    relationship: str = ""
    address: Address = Address()
    contacts: tuple[Contact, ...] = ()
    details: tuple[Values, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    segment_number: int = 0
    findings: tuple[Finding, ...] = ()
    unknown: tuple[RawSegment, ...] = ()

    @property
    def is_member(self) -> bool:
        """Whether it speaks of a subscriber or dependent."""
        return self.place.level in (SUBSCRIBER, DEPENDENT)

    @property
    def all_rejects(self) -> tuple[Reject, ...]:
        """Rejects of the level and of its benefits."""
        return (*self.rejects, *(each for benefit in self.benefits for each in benefit.rejects))


class EligibilityResponse(HierarchicalResponse):
    """One 271 while it is read.

    Attributes:
        levels: payer, provider, subscribers and dependents, each once, in file order.
    """

    def __init__(self, transaction: Transaction):
        super().__init__(transaction)
        self.levels: Iterator[EligibilityLevel] = self._levels()

    def _levels(self) -> Iterator[EligibilityLevel]:
        transaction = self.transaction
        for place, loop, parts, benefit_loops in self._walk(_LEVEL, "EB"):
            benefits = tuple(_benefit(transaction, each) for each in benefit_loops)
            demographics = parts.pop("demographics", (("", "", "", ""),))[0]
            relation = parts.pop("relation", (("", "", ""),))[0]
            address = address_of(parts.pop("address", ()))
            yield EligibilityLevel(
                place,
                birth_date=_birth_date(transaction, demographics, loop.number),
                gender=demographics[3],
                relationship=relation[2],
                address=address,
                benefits=benefits,
                segment_number=loop.number,
                findings=tuple(transaction.loop_findings),
                **parts,
            )


def _birth_date(transaction: Transaction, values: Values, number: int) -> date | None:
    if not values[2]:
        return None
    try:
        return period(values[1], values[2])[0]
    except ValueFault as fault:
        transaction.report(fault.code, fault.message, number, "DMG", 2, fault.severity)
        return None


def _reject(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(Reject(values[3], values[4], values[1]))


def _delivery(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(Delivery(*values[1:9]))


def _condition(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(Condition(*values[1:5]))


def _message(part: list, values: Values, _transaction: Transaction, _number: int):
    part.append(values[1])


def _bracket(_part: list, _values: Values, _transaction: Transaction, _number: int):
    """LS and LE only bracket; they carry nothing."""


_BENEFIT = {
    "HSD": ("deliveries", _delivery),
    "REF": ("references", reference_of),
    "DTP": ("dates", dtp_of),
    "AAA": ("rejects", _reject),
    "MSG": ("messages", _message),
    "III": ("conditions", _condition),
    "LS": ("bracket", _bracket),
    "LE": ("bracket", _bracket),
}
_ENTITY = {
    "NM1": ("names", name_of),
    "N3": ("address", values_of),
    "N4": ("address", values_of),
    "PER": ("contacts", contact_of),
    "PRV": ("specialties", values_of),
    "LE": ("bracket", _bracket),
}
_LEVEL = {
    "NM1": ("names", name_of),
    "N3": ("address", values_of),
    "N4": ("address", values_of),
    "PER": ("contacts", contact_of),
    "PRV": ("details", values_of),
    "TRN": ("traces", trace_of),
    "REF": ("references", reference_of),
    "AAA": ("rejects", _reject),
    "DMG": ("demographics", values_of),
    "INS": ("relation", values_of),
    "HI": ("details", values_of),
    "DTP": ("dates", dtp_of),
    "MPI": ("details", values_of),
}


def _benefit(transaction: Transaction, loop: Loop) -> Benefit:
    values = transaction.typed(loop.number, loop.segments[0])
    own, entity_loops = loop.split(("NM1",))
    parts = read_parts(transaction, own, _BENEFIT, skip=1)
    parts.pop("bracket", ())
    return Benefit(
        *values[1:13],
        procedure_of(values[13]) if values[13] else None,
        values[14],
        entities=tuple(_entity(transaction, each) for each in entity_loops),
        segment_number=loop.number,
        **parts,
    )


def _entity(transaction: Transaction, loop: Loop) -> RelatedEntity:
    parts = read_parts(transaction, loop, _ENTITY)
    return RelatedEntity(
        parts["names"][0],
        address_of(parts.get("address", ())),
        parts.get("contacts", ()),
        tuple(tuple(values[1:4]) for values in parts.get("specialties", ())),
        parts.get("unknown", ()),
    )
