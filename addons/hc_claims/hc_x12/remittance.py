# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an 835 says (005010X221A1): a payment, its claims, what else moved money.

An amount is None where the file leaves it out or writes it so that it cannot be read;
the latter is a finding, and nothing with such an amount is ever proven.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from .common import Address, Amount, Contact, Dated, Name, Procedure, Quantity, Reference, Trace
from .findings import ERROR, Finding

REVERSAL = "22"
PREDETERMINATION = "25"
LINE_CONTROL_NUMBER = "6R"
SERVICE_DATES = ("472", "150", "232")

RawSegment = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Payment:
    """The BPR. ``method`` NON or ``handling`` H move no money."""

    handling: str = ""
    amount: Decimal | None = None
    credit_or_debit: str = ""
    method: str = ""
    format: str = ""
    sender_bank: str = ""
    sender_account: str = ""
    originator: str = ""
    receiver_bank: str = ""
    receiver_account: str = ""
    effective_date: date | None = None

    @property
    def moves_money(self) -> bool:
        """Whether a payment outside of this file belongs to it."""
        return self.handling != "H" and self.method != "NON"


@dataclass(frozen=True, slots=True)
class Party:
    """Payer or payee: an N1 loop."""

    role: str
    name: str = ""
    identifier_qualifier: str = ""
    identifier: str = ""
    address: Address = Address()
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True)
class RemittanceHeader:
    """What stands before the first claim.

    Attributes:
        payment: the BPR.
        trace: the TRN, whose number is on the payment and whose originator is the payer.
        payer: the N1*PR loop.
        payee: the N1*PE loop.
        production_date: DTM*405.
        currency: CUR02; empty for US dollars.
        references: REF of the transaction, such as EV (receiver) and F2 (version).
        segment_number: position of the BPR in the file.
        findings: what was found here.
        unknown: segments that are kept unread.
    """

    payment: Payment = Payment()
    trace: Trace = Trace()
    payer: Party = Party("PR")
    payee: Party = Party("PE")
    production_date: date | None = None
    currency: str = ""
    references: tuple[Reference, ...] = ()
    segment_number: int = 0
    findings: tuple[Finding, ...] = ()
    unknown: tuple[RawSegment, ...] = ()


class Adjustment(NamedTuple):
    """One reason of a CAS; a positive amount reduces the payment."""

    group: str
    reason: str
    amount: Decimal | None
    quantity: Decimal | None = None


class ServiceLine(NamedTuple):
    """An SVC loop.

    Attributes:
        procedure: SVC01, what was adjudicated.
        charge: SVC02.
        paid: SVC03.
        revenue_code: SVC04.
        units_paid: SVC05; where it is absent the guide means one.
        original_procedure: SVC06, what was submitted where the payer changed it.
        units_billed: SVC07, where they differ from those paid.
        adjustments: CAS of the line.
        dates: DTM of the line.
        references: REF of the line, 6R being the provider's line control number.
        amounts: AMT of the line.
        quantities: QTY of the line.
        remark_codes: codes of the LQ segments.
        segment_number: position of the SVC in the file.
        unknown: segments that are kept unread.
    """

    procedure: Procedure
    charge: Decimal | None
    paid: Decimal | None
    revenue_code: str = ""
    units_paid: Decimal | None = None
    original_procedure: Procedure | None = None
    units_billed: Decimal | None = None
    adjustments: tuple[Adjustment, ...] = ()
    dates: tuple[Dated, ...] = ()
    references: tuple[Reference, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    remark_codes: tuple[str, ...] = ()
    segment_number: int = 0
    unknown: tuple[RawSegment, ...] = ()

    @property
    def control_number(self) -> str:
        """The provider's line control number, or empty text."""
        return next((r.value for r in self.references if r.qualifier == LINE_CONTROL_NUMBER), "")

    @property
    def service_date(self) -> date | None:
        """The first day of service."""
        return _first_day(self.dates)


@dataclass(frozen=True, slots=True)
class ProviderGroup:
    """An LX with its TS3: the provider and period that the claims behind it belong to."""

    number: str = ""
    provider: str = ""
    facility_type: str = ""
    fiscal_period_end: date | None = None
    claim_count: Decimal | None = None
    charge: Decimal | None = None
    segments: tuple[RawSegment, ...] = ()


class Claim(NamedTuple):
    """A CLP loop.

    Attributes:
        patient_control_number: CLP01, the provider's number of the claim.
        status: CLP02; 22 reverses an earlier payment, 4 does not mean denied.
        charge: CLP03.
        paid: CLP04.
        patient_responsibility: CLP05.
        filing_indicator: CLP06.
        payer_control_number: CLP07.
        facility_type: CLP08.
        frequency: CLP09.
        drg: CLP11.
        adjustments: CAS of the claim itself; those of its lines are not repeated here.
        names: NM1 segments, by role QC patient, IL insured, 74 corrected insured,
            82 rendering provider, TT crossover carrier, PR corrected priority payer.
        references: REF of the claim.
        dates: DTM of the claim.
        amounts: AMT of the claim; I is interest, which is paid by PLB.
        quantities: QTY of the claim.
        contacts: PER of the claim.
        remark_codes: of MIA and MOA.
        lines: the service lines.
        group: the provider group the claim stands in.
        segment_number: position of the CLP in the file.
        segments: all segments of the claim as they came.
        findings: what was found in the claim.
        unknown: segments that are kept unread; those of lines are with the line.
    """

    patient_control_number: str
    status: str
    charge: Decimal | None
    paid: Decimal | None
    patient_responsibility: Decimal | None = None
    filing_indicator: str = ""
    payer_control_number: str = ""
    facility_type: str = ""
    frequency: str = ""
    drg: str = ""
    adjustments: tuple[Adjustment, ...] = ()
    names: tuple[Name, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dated, ...] = ()
    amounts: tuple[Amount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    contacts: tuple[Contact, ...] = ()
    remark_codes: tuple[str, ...] = ()
    lines: tuple[ServiceLine, ...] = ()
    group: ProviderGroup = ProviderGroup()
    segment_number: int = 0
    segments: tuple[list[str], ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown: tuple[RawSegment, ...] = ()

    def named(self, role: str) -> Name | None:
        """Return the person or organization in a role, such as ``"QC"`` for the patient."""
        return next((name for name in self.names if name.role == role), None)

    @property
    def is_reversal(self) -> bool:
        """Whether the claim takes an earlier payment back."""
        return self.status == REVERSAL

    @property
    def is_crossover(self) -> bool:
        """Whether the payer sent the claim on to another payer."""
        return any(name.role == "TT" for name in self.names)

    @property
    def service_date(self) -> date | None:
        """The first day of service that the claim itself tells."""
        return _first_day(self.dates)

    @property
    def has_errors(self) -> bool:
        """Whether something in the claim forbids to post it."""
        return any(finding.severity == ERROR for finding in self.findings)


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One pair of a PLB: money that moves apart from claims; positive reduces the payment."""

    provider: str
    fiscal_period_end: date | None
    reason: str
    reference: str
    amount: Decimal | None
    segment_number: int = 0


def _first_day(dates: Iterable[Dated]) -> date | None:
    by_qualifier = {dated.qualifier: dated.first for dated in dates}
    return next((by_qualifier[each] for each in SERVICE_DATES if each in by_qualifier), None)
