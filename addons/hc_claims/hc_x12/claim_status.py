# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The 277: acknowledgment of claims (277CA, 005010X214) and answer on their status (X212).

A rejection is not a denial: the payer has not taken the claim in, and the clock of timely
filing keeps running. A1 alone says that something arrived, not that it was accepted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .common import (
    Amount,
    Dated,
    Name,
    Procedure,
    Quantity,
    Reference,
    Trace,
    amount_of,
    dtp_of,
    name_of,
    procedure_of,
    quantity_of,
    read_parts,
    reference_of,
    trace_of,
)
from .envelope import Transaction
from .findings import ERROR, Finding
from .hierarchy import HierarchicalResponse, Place
from .loops import Loop
from .remittance import RawSegment
from .typed import Values

TRANSACTION_TYPE = "277"
ACKNOWLEDGMENT_VERSION = "005010X214"

RECEIVED = "received"
ACCEPTED = "accepted"
REJECTED = "rejected"
OTHER = "other"
_OUTCOMES = {
    "A1": RECEIVED,
    "A2": ACCEPTED,
    **dict.fromkeys(("A3", "A6", "A7", "A8"), REJECTED),
}

PAYER_CONTROL_NUMBER = "1K"
CLAIM_TRACE = "2"


@dataclass(frozen=True, slots=True)
class StatusCode:
    """One composite of an STC: category, status, and the entity it speaks of."""

    category: str
    status: str = ""
    entity: str = ""

    @property
    def outcome(self) -> str:
        """What the category means for a claim that was sent: received, accepted, rejected."""
        return _OUTCOMES.get(self.category, OTHER)


@dataclass(frozen=True, slots=True)
class Status:
    """An STC: up to three codes, all of which hold together."""

    codes: tuple[StatusCode, ...]
    effective_date: date | None = None
    action: str = ""
    charge: Decimal | None = None
    paid: Decimal | None = None
    adjudication_date: date | None = None
    payment_date: date | None = None
    payment_number: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class StatusLine:
    """The status of a service line: an SVC loop."""

    procedure: Procedure
    charge: Decimal | None
    paid: Decimal | None = None
    revenue_code: str = ""
    units: Decimal | None = None
    statuses: tuple[Status, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dated, ...] = ()
    segment_number: int = 0
    unknown: tuple[RawSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What is said about one claim, or about all that came from a provider or receiver.

    Attributes:
        place: level of the hierarchy, with the names there and above.
        trace: the TRN; on the level of a claim its number is the claim as we sent it.
        statuses: STC segments.
        references: REF segments; 1K is the payer's control number.
        dates: DTP segments.
        quantities: QTY segments, such as 90 accepted and AA rejected.
        amounts: AMT segments, such as YU accepted and YY rejected.
        lines: service lines.
        segment_number: position in the file.
        findings: what was found here.
        unknown: segments that are kept unread.
    """

    place: Place
    trace: Trace = Trace()
    statuses: tuple[Status, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[Dated, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    amounts: tuple[Amount, ...] = ()
    lines: tuple[StatusLine, ...] = ()
    segment_number: int = 0
    findings: tuple[Finding, ...] = ()
    unknown: tuple[RawSegment, ...] = ()

    @property
    def payer_control_number(self) -> str:
        """The payer's number of the claim, or empty text."""
        values = (r.value for r in self.references if r.qualifier == PAYER_CONTROL_NUMBER)
        return next(values, "")

    @property
    def patient(self) -> Name | None:
        """The patient, or the subscriber where no other patient is named."""
        return self.place.named("QC", "IL")

    @property
    def is_about_claim(self) -> bool:
        """Whether it speaks of one claim, not of a batch or a provider."""
        return self.place.level in ("PT", "22", "23")

    @property
    def outcome(self) -> str:
        """The worst of all statuses, lines included: rejected, other, accepted, received."""
        lines = (status for line in self.lines for status in line.statuses)
        outcomes = {code.outcome for status in (*self.statuses, *lines) for code in status.codes}
        return next((each for each in (REJECTED, OTHER, ACCEPTED) if each in outcomes), RECEIVED)

    @property
    def has_errors(self) -> bool:
        """Whether something in the report forbids to act on it."""
        return any(finding.severity == ERROR for finding in self.findings)


class StatusResponse(HierarchicalResponse):
    """One 277 while it is read.

    Attributes:
        reports: the reports, each once, in the order of the file.
    """

    def __init__(self, transaction: Transaction):
        super().__init__(transaction)
        self.reports: Iterator[StatusReport] = self._reports()

    def _reports(self) -> Iterator[StatusReport]:
        for place, level, parts, trace_loops in self._walk(_LEVEL, "TRN"):
            if parts:
                yield self._report(place, level, parts)
            for trace_loop in trace_loops:
                first = trace_loop.segments[0]
                self.transaction.start_loop(first[2] if len(first) > 2 else "")
                own, line_loops = trace_loop.split(("SVC",))
                parts = read_parts(self.transaction, own, _REPORT)
                parts["lines"] = tuple(_line(self.transaction, each) for each in line_loops)
                yield self._report(place, trace_loop, parts)

    def _report(self, place: Place, loop: Loop, parts: dict) -> StatusReport:
        traces = parts.pop("traces", (Trace(),))
        findings = tuple(self.transaction.loop_findings)
        return StatusReport(
            place, traces[0], segment_number=loop.number, findings=findings, **parts
        )


def _status(part: list, values: Values, _transaction: Transaction, _number: int):
    codes = tuple(
        StatusCode(*(*composite, "", "")[:3])
        for composite in (values[1], values[10], values[11])
        if composite
    )
    part.append(
        Status(
            codes=codes,
            effective_date=values[2],
            action=values[3],
            charge=values[4],
            paid=values[5],
            adjudication_date=values[6],
            payment_date=values[8],
            payment_number=values[9],
            text=values[12],
        )
    )


_LINE = {
    "STC": ("statuses", _status),
    "REF": ("references", reference_of),
    "DTP": ("dates", dtp_of),
}
_REPORT = {
    **_LINE,
    "TRN": ("traces", trace_of),
    "QTY": ("quantities", quantity_of),
    "AMT": ("amounts", amount_of),
}
_LEVEL = {**_REPORT, "NM1": ("names", name_of)}


def _line(transaction: Transaction, loop: Loop) -> StatusLine:
    values = transaction.typed(loop.number, loop.segments[0])
    return StatusLine(
        procedure_of(values[1]),
        *values[2:5],
        units=values[7],
        segment_number=loop.number,
        **read_parts(transaction, loop, _LINE, skip=1),
    )
