# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files of claim status requests, 276 (005010X212)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import attrgetter

from . import outgoing
from .check_inquiry import check_status
from .inquiry import ClaimStatusRequest, StatusLine
from .interchange import CLAIM_STATUS_REQUEST, Envelope, Segment
from .transaction_file import Form, Outcome, RawLevel, write_file

REQUESTS_PER_TRANSACTION = 5_000
REQUESTS_PER_LOOP = 100
REFERENCES = (
    ("payer_claim_number", "1K"),
    ("bill_type", "BLT"),
    ("group_number", "6P"),
    ("claim_id", "EJ"),
    ("clearinghouse_number", "D9"),
)


def write_276(
    envelope: Envelope, requests: Iterable[ClaimStatusRequest], outcome: Outcome
) -> Iterator[bytes]:
    """Write requests; one with an error is left out, the others go on.

    Args:
        envelope: partners, number and instant of the file.
        requests: read once; best in the order of payer, provider and patient.
        outcome: told what was written and what was not.

    Yields:
        Pieces of the file; none where nothing can be written.
    """
    yield from write_file(CLAIM_STATUS, envelope, requests, outcome)


def _levels(request: ClaimStatusRequest) -> Iterator[RawLevel]:
    provider, holder, patient = request.provider, request.subscriber, request.patient
    yield ("20", "1", (outgoing.payer(request.payer),))
    yield ("21", "1", (outgoing.name("41", request.receiver, "46", request.receiver_id),))
    yield ("19", "1", (outgoing.name("1P", provider.name, "XX", provider.npi),))
    if patient is None:
        known = outgoing.known_demographics(holder.birth_date, holder.gender)
        yield ("22", "0", (*known, outgoing.member(holder)))
    else:
        yield ("22", "1", (outgoing.member(holder),))
        known = outgoing.known_demographics(patient.birth_date, patient.gender)
        yield ("23", "", (*known, outgoing.name("QC", patient.name)))


def _question(request: ClaimStatusRequest) -> Iterator[Segment]:
    yield ("TRN", "1", request.trace_number)
    for field, qualifier in REFERENCES:
        yield from outgoing.reference(qualifier, getattr(request, field))
    yield from outgoing.amount("T3", request.charge)
    yield from outgoing.dates("472", request.service_from, request.service_to)
    for line in request.lines:
        yield from _line(line)


def _line(line: StatusLine) -> Iterator[Segment]:
    if line.procedure:
        procedure = ("HC", line.procedure, *line.modifiers)
        revenue_code = line.revenue_code
    else:
        procedure, revenue_code = ("NU", line.revenue_code), ""
    yield (
        "SVC",
        procedure,
        outgoing.decimal_text(line.charge),
        "",
        revenue_code,
        "",
        "",
        outgoing.decimal_text(line.units),
    )
    yield from outgoing.reference("FJ", line.control_number)
    yield from outgoing.dates("472", line.service_from, line.service_to)


CLAIM_STATUS = Form(
    kind=CLAIM_STATUS_REQUEST,
    structure="0010",
    purpose="13",
    type="",
    identifier=attrgetter("trace_number"),
    charge=lambda request: request.charge or Decimal(0),
    check=check_status,
    levels=_levels,
    segments=_question,
    per_transaction=REQUESTS_PER_TRANSACTION,
    per_loop=REQUESTS_PER_LOOP,
)
