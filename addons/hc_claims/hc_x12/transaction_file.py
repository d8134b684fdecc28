# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files of many documents, claims or inquiries, written one by one.

Documents that follow each other with the same parties share their loops; so they are
best given in that order. One document at a time is held in memory, and one with an error
is left out while the others go on.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count, islice
from typing import Any

from .findings import ERROR, Finding, FindingLog
from .fitting import SegmentFitter
from .interchange import (
    Envelope,
    Segment,
    SegmentEncoder,
    TransactionKind,
    date_text,
    time_text,
    write_interchange,
)
from .levels import Level, Loop, Placed, in_parts, write_hierarchy

# A level before it is fitted: HL03, HL04 and its segments.
RawLevel = tuple[str, str, tuple[Segment, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How documents of one kind are checked and turned into segments.

    Attributes:
        structure, purpose, type: BHT01, BHT02 and BHT06.
        identifier: what findings and receipts call a document.
        charge: what a document asks for; zero where it asks for nothing.
        check: what is wrong with a document.
        levels: its place in the hierarchy, from the root.
        segments: what stands in the lowest level.
        per_transaction: documents after which the next ST begins.
        per_loop: documents after which the next loop begins.
    """

    kind: TransactionKind
    structure: str
    purpose: str
    type: str
    identifier: Callable[[Any], str]
    charge: Callable[[Any], Decimal]
    check: Callable[[Any], list[Finding]]
    levels: Callable[[Any], Iterable[RawLevel]]
    segments: Callable[[Any], Iterable[Segment]]
    per_transaction: int
    per_loop: int


@dataclass(frozen=True, slots=True)
class WrittenTransaction:
    """One ST to SE: its control number (ST02), as an acknowledgment names it, and size."""

    control_number: str
    documents: int
    charge: Decimal


@dataclass(slots=True)
class Outcome:
    """What became of the documents; it grows while the file is written.

    Attributes:
        findings: what was wrong; errors kept their document out of the file.
        left_out: identifiers of the documents that were kept out, in order.
        transactions: what was written, in order.
    """

    findings: FindingLog = field(default_factory=FindingLog)
    left_out: list[str] = field(default_factory=list)
    transactions: list[WrittenTransaction] = field(default_factory=list)

    @property
    def documents(self) -> int:
        """How many documents were written."""
        return sum(transaction.documents for transaction in self.transactions)

    @property
    def charge(self) -> Decimal:
        """What the written documents ask for together."""
        return sum((transaction.charge for transaction in self.transactions), Decimal(0))


def write_file(
    form: Form,
    envelope: Envelope,
    documents: Iterable[Any],
    outcome: Outcome,
    header: Iterable[Segment] = (),
) -> Iterator[bytes]:
    """Write a file of documents.

    Args:
        form: what kind of documents they are.
        envelope: partners, number and instant of the file.
        documents: read once, one by one.
        outcome: told what was written and what was not.
        header: segments after BHT in each transaction.

    Yields:
        Pieces of the file; none where no document can be written.
    """
    fitter = SegmentFitter(envelope)
    fitted_header = fitter.fit(header)
    for finding in fitter.findings:
        outcome.findings.add(finding)
    if _has_errors(fitter.findings):
        return
    placed = _Preparer(form, envelope, outcome).place_all(documents)
    transactions = _transactions(form, envelope, fitted_header, placed, outcome)
    yield from write_interchange(envelope, form.kind, transactions)


@dataclass(slots=True)
class _Tally:
    """What the transaction that is being written holds so far."""

    documents: int = 0
    charge: Decimal = Decimal(0)

    def counted(self, documents: Iterable[tuple[Placed, Decimal]]) -> Iterator[Placed]:
        for placed, charge in documents:
            self.documents += 1
            self.charge += charge
            yield placed


class _Preparer:
    """Turns documents into levels that fit the envelope; those with errors fall out."""

    def __init__(self, form: Form, envelope: Envelope, outcome: Outcome):
        self._form = form
        self._fitter = SegmentFitter(envelope)
        self._outcome = outcome
        # The levels of the last document, which are mostly those of the next one too.
        self._known: list[tuple[RawLevel, Level, list[Finding]]] = []

    def place_all(self, documents: Iterable[Any]) -> Iterator[tuple[Placed, Decimal]]:
        form, log = self._form, self._outcome.findings
        for document in documents:
            findings, placed = form.check(document), None
            if not _has_errors(findings):
                placed, more = self._place(document)
                findings += more
            for finding in findings:
                log.add(finding)
            if placed is None or _has_errors(findings):
                self._outcome.left_out.append(form.identifier(document))
            else:
                yield placed, form.charge(document)

    def _place(self, document: Any) -> tuple[Placed, list[Finding]]:
        form, findings, path = self._form, [], []
        for depth, raw in enumerate(form.levels(document)):
            level, noted = self._level(depth, raw)
            path.append(level)
            findings += noted
        segments, noted = self._fit(form.segments(document))
        name = form.identifier(document)
        findings = [replace(finding, claim=name) for finding in (*findings, *noted)]
        return Placed(tuple(path), segments), findings

    def _level(self, depth: int, raw: RawLevel) -> tuple[Level, list[Finding]]:
        if depth < len(self._known) and self._known[depth][0] == raw:
            return self._known[depth][1:]
        code, has_children, segments = raw
        loop, findings = self._fit(segments)
        level = Level(code, has_children, loop)
        self._known[depth:] = [(raw, level, findings)]
        return level, findings

    def _fit(self, segments: Iterable[Segment]) -> tuple[Loop, list[Finding]]:
        loop = self._fitter.fit(segments)
        findings, self._fitter.findings = self._fitter.findings, []
        return loop, findings


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == ERROR for finding in findings)


def _transactions(
    form: Form,
    envelope: Envelope,
    header: Loop,
    placed: Iterator[tuple[Placed, Decimal]],
    outcome: Outcome,
) -> Iterator[Iterator[str]]:
    for number in count(1):
        first = next(placed, None)
        if first is None:
            return
        documents = _rest(first, placed, form.per_transaction)
        yield _transaction(form, envelope, number, header, documents, outcome)


def _rest(first: Any, others: Iterator[Any], limit: int) -> Iterator[Any]:
    yield first
    yield from islice(others, limit - 1)


def _transaction(
    form: Form,
    envelope: Envelope,
    number: int,
    header: Loop,
    documents: Iterator[tuple[Placed, Decimal]],
    outcome: Outcome,
) -> Iterator[str]:
    encoder = SegmentEncoder(envelope)
    created = envelope.created
    # Unique beyond the file, as the guides ask: acknowledgments may name it.
    reference = f"{envelope.control_number:09d}{number:04d}"
    day, hour = date_text(created), time_text(created)
    yield encoder.encode(("BHT", form.structure, form.purpose, reference, day, hour, form.type))
    yield from header
    tally = _Tally()
    yield from write_hierarchy(in_parts(tally.counted(documents), form.per_loop), encoder)
    control_number = f"{number:04d}"
    outcome.transactions.append(WrittenTransaction(control_number, tally.documents, tally.charge))
