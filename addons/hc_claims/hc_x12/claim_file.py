# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files of claims: claims become loops, loops become a hierarchy, whatever their form.

Claims that follow each other with the same billing provider, subscriber or patient share
its loop; so claims are best given in that order. One claim at a time is held in memory.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import chain, count, groupby, islice
from typing import Any

from . import claim_loops
from .claim import Claim
from .findings import ERROR, Finding, FindingLog
from .fitting import SegmentFitter
from .interchange import (
    Element,
    Envelope,
    Segment,
    TransactionKind,
    date_text,
    time_text,
    write_interchange,
)
from .parties import Receiver, Submitter

# The guides advise receivers to expect no more claims than this in one transaction...
CLAIMS_PER_TRANSACTION = 5_000
# ...and no more than this in one subscriber or patient loop.
CLAIMS_PER_LOOP = 100

Loop = tuple[tuple[Element, ...], ...]


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """How claims of one form are checked and turned into segments."""

    kind: TransactionKind
    check: Callable[[Any], list[Finding]]
    patient_information: Callable[[Any], Iterable[Segment]]
    segments: Callable[[Any], Iterable[Segment]]


@dataclass(frozen=True, slots=True)
class WrittenTransaction:
    """One ST to SE: its control number (ST02), as an acknowledgment names it, and size."""

    control_number: str
    claims: int
    charge: Decimal


@dataclass(slots=True)
class Outcome:
    """What became of the claims; it grows while the file is written.

    Attributes:
        findings: what was wrong; errors kept their claim out of the file.
        left_out: identifiers of the claims that were kept out, in order.
        transactions: what was written, in order.
    """

    findings: FindingLog = field(default_factory=FindingLog)
    left_out: list[str] = field(default_factory=list)
    transactions: list[WrittenTransaction] = field(default_factory=list)

    @property
    def claims(self) -> int:
        """How many claims were written."""
        return sum(transaction.claims for transaction in self.transactions)

    @property
    def charge(self) -> Decimal:
        """What the claims that were written charge together."""
        return sum((transaction.charge for transaction in self.transactions), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Prepared:
    billing: Loop
    subscriber: Loop
    patient: Loop
    claim: Loop
    charge: Decimal
    # Which hundred of its loop the claim belongs to.
    hundred: int = 0


def write_claims(
    form: ClaimForm,
    envelope: Envelope,
    submitter: Submitter,
    receiver: Receiver,
    claims: Iterable[Claim],
    outcome: Outcome,
    claims_per_transaction: int = CLAIMS_PER_TRANSACTION,
) -> Iterator[bytes]:
    """Write a file of claims; a claim with an error is left out, the others go on.

    Args:
        form: professional or institutional.
        envelope: partners, number and instant of the file.
        submitter: who sends it.
        receiver: who gets it.
        claims: read once, one by one.
        outcome: told what was written and what was not.
        claims_per_transaction: where the next ST begins.

    Yields:
        Pieces of the file; none where no claim can be written.
    """
    header = _header(envelope, submitter, receiver, outcome)
    if header is None:
        return
    prepared = _by_hundreds(_Preparer(form, envelope, outcome).prepare_all(claims))
    transactions = _transactions(envelope, header, prepared, outcome, claims_per_transaction)
    yield from write_interchange(envelope, form.kind, transactions)


def _header(
    envelope: Envelope, submitter: Submitter, receiver: Receiver, outcome: Outcome
) -> Loop | None:
    fitter = SegmentFitter(envelope)
    header = fitter.fit(claim_loops.header(submitter, receiver))
    if not any(segment[0] == "PER" for segment in header):
        text = "submitter.contact: needs a phone, fax or e-mail."
        fitter.findings.append(Finding("missing", text))
    for finding in fitter.findings:
        outcome.findings.add(finding)
    return None if outcome.findings.has_errors else header


class _Preparer:
    """Turns claims into loops that fit the envelope; claims with errors fall out."""

    def __init__(self, form: ClaimForm, envelope: Envelope, outcome: Outcome):
        self._form = form
        self._fitter = SegmentFitter(envelope)
        self._outcome = outcome
        # The loop of the last billing provider, which mostly is that of the next claim.
        self._billing: tuple[object, Loop, list[Finding]] = (None, (), [])

    def prepare_all(self, claims: Iterable[Claim]) -> Iterator[_Prepared]:
        for claim in claims:
            findings = self._form.check(claim)
            prepared = None
            if not _has_errors(findings):
                prepared, more = self._prepare(claim)
                findings += more
            for finding in findings:
                self._outcome.findings.add(finding)
            if _has_errors(findings):
                self._outcome.left_out.append(claim.claim_id)
            elif prepared is not None:
                yield prepared

    def _prepare(self, claim: Claim) -> tuple[_Prepared, list[Finding]]:
        billing, findings = self._billing_loop(claim)
        fitter = self._fitter
        known = tuple(self._form.patient_information(claim))
        prepared = _Prepared(
            billing,
            fitter.fit(claim_loops.subscriber(claim, known)),
            fitter.fit(claim_loops.patient(claim, known)),
            fitter.fit(self._form.segments(claim)),
            claim.charge,
        )
        findings = [*findings, *fitter.findings]
        fitter.findings.clear()
        return prepared, [replace(finding, claim=claim.claim_id) for finding in findings]

    def _billing_loop(self, claim: Claim) -> tuple[Loop, list[Finding]]:
        provider, loop, findings = self._billing
        if provider is not claim.billing_provider and provider != claim.billing_provider:
            loop = self._fitter.fit(claim_loops.billing_provider(claim.billing_provider))
            findings = list(self._fitter.findings)
            self._fitter.findings.clear()
            self._billing = (claim.billing_provider, loop, findings)
        return loop, findings


def _has_errors(findings: Iterable[Finding]) -> bool:
    return any(finding.severity == ERROR for finding in findings)


def _by_hundreds(prepared: Iterable[_Prepared]) -> Iterator[_Prepared]:
    """Number the claims of a loop by hundreds, so that no loop holds more."""
    for _loop, claims in groupby(
        prepared, key=lambda each: (each.billing, each.subscriber, each.patient)
    ):
        for place, claim in enumerate(claims):
            hundred = place // CLAIMS_PER_LOOP
            yield replace(claim, hundred=hundred) if hundred else claim


def _transactions(
    envelope: Envelope,
    header: Loop,
    prepared: Iterator[_Prepared],
    outcome: Outcome,
    claims_per_transaction: int,
) -> Iterator[Iterator[Segment]]:
    for number in count(1):
        first = next(prepared, None)
        if first is None:
            return
        claims = chain((first,), islice(prepared, claims_per_transaction - 1))
        yield _transaction(envelope, number, header, claims, outcome)


def _transaction(
    envelope: Envelope,
    number: int,
    header: Loop,
    claims: Iterator[_Prepared],
    outcome: Outcome,
) -> Iterator[Segment]:
    reference = f"{envelope.control_number:09d}{number:04d}"
    created = envelope.created
    yield ("BHT", "0019", "00", reference, date_text(created), time_text(created), "CH")
    yield from header
    tally = _Tally()
    yield from _hierarchy(tally.counted(claims))
    outcome.transactions.append(WrittenTransaction(f"{number:04d}", tally.claims, tally.charge))


@dataclass(slots=True)
class _Tally:
    claims: int = 0
    charge: Decimal = Decimal(0)

    def counted(self, claims: Iterable[_Prepared]) -> Iterator[_Prepared]:
        for claim in claims:
            self.claims += 1
            self.charge += claim.charge
            yield claim


def _hierarchy(claims: Iterable[_Prepared]) -> Iterator[Segment]:
    levels = count(1)
    for billing, of_provider in groupby(claims, key=lambda each: each.billing):
        provider_level = str(next(levels))
        yield ("HL", provider_level, "", "20", "1")
        yield from billing
        # A subscriber's own claims and those of dependents stand in loops of their own: HL04
        # must tell at its begin whether dependents follow.
        for key, of_subscriber in groupby(of_provider, key=_subscriber_key):
            subscriber, has_dependents, _hundred = key
            subscriber_level = str(next(levels))
            yield ("HL", subscriber_level, provider_level, "22", "1" if has_dependents else "0")
            yield from subscriber
            for (patient, _hundred), of_patient in groupby(of_subscriber, key=_patient_key):
                if patient:
                    yield ("HL", str(next(levels)), subscriber_level, "23", "0")
                    yield from patient
                for claim in of_patient:
                    yield from claim.claim


def _subscriber_key(claim: _Prepared) -> tuple[Loop, bool, int]:
    has_dependents = bool(claim.patient)
    return claim.subscriber, has_dependents, 0 if has_dependents else claim.hundred


def _patient_key(claim: _Prepared) -> tuple[Loop, int]:
    return claim.patient, claim.hundred
