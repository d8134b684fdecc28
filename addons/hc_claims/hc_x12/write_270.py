# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files of eligibility inquiries, 270 (005010X279A1)."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from operator import attrgetter

from . import outgoing
from .check_inquiry import INQUIRY_RELATIONSHIPS, check_eligibility
from .inquiry import EligibilityInquiry
from .interchange import ELIGIBILITY_INQUIRY, Envelope, Segment
from .transaction_file import Form, Outcome, RawLevel, write_file

# The guide's limit of patients in a transaction that is answered in batch.
INQUIRIES_PER_TRANSACTION = 99


def write_270(
    envelope: Envelope, inquiries: Iterable[EligibilityInquiry], outcome: Outcome
) -> Iterator[bytes]:
    """Write inquiries; one with an error is left out, the others go on.

    Args:
        envelope: partners, number and instant of the file.
        inquiries: read once; best in the order of payer and provider.
        outcome: told what was written and what was not.

    Yields:
        Pieces of the file; none where nothing can be written.
    """
    yield from write_file(ELIGIBILITY, envelope, inquiries, outcome)


def _levels(inquiry: EligibilityInquiry) -> Iterator[RawLevel]:
    yield ("20", "1", (outgoing.payer(inquiry.payer),))
    provider = inquiry.provider
    yield ("21", "1", (outgoing.name("1P", provider.name, "XX", provider.npi), *_role(inquiry)))
    if inquiry.patient is None:
        yield ("22", "0", tuple(_subscriber(inquiry)))
    else:
        holder = inquiry.subscriber
        group = outgoing.reference("6P", holder.group_number)
        yield ("22", "1", (outgoing.member(holder), *group))
        yield ("23", "0", tuple(_patient(inquiry)))


def _role(inquiry: EligibilityInquiry) -> Iterator[Segment]:
    if inquiry.provider.taxonomy:
        yield ("PRV", "BI", "PXC", inquiry.provider.taxonomy)


def _trace(inquiry: EligibilityInquiry) -> Segment:
    return ("TRN", "1", inquiry.trace_number, inquiry.trace_originator)


def _subscriber(inquiry: EligibilityInquiry) -> Iterator[Segment]:
    holder = inquiry.subscriber
    yield _trace(inquiry)
    yield outgoing.member(holder)
    yield from outgoing.reference("6P", holder.group_number)
    yield from outgoing.reference("SY", holder.social_security_number)
    yield from outgoing.address(holder.address)
    yield from outgoing.known_demographics(holder.birth_date, holder.gender)


def _patient(inquiry: EligibilityInquiry) -> Iterator[Segment]:
    patient = inquiry.patient
    yield _trace(inquiry)
    yield outgoing.name("03", patient.name)
    yield from outgoing.address(patient.address)
    yield from outgoing.known_demographics(patient.birth_date, patient.gender)
    known = patient.relationship in INQUIRY_RELATIONSHIPS
    yield ("INS", "N", patient.relationship if known else "34")


def _questions(inquiry: EligibilityInquiry) -> Iterator[Segment]:
    yield from outgoing.dates("291", inquiry.serves_from, inquiry.serves_to)
    for service_type in inquiry.service_types:
        yield ("EQ", service_type)


ELIGIBILITY = Form(
    kind=ELIGIBILITY_INQUIRY,
    structure="0022",
    purpose="13",
    type="",
    identifier=attrgetter("trace_number"),
    charge=lambda _inquiry: Decimal(0),
    check=check_eligibility,
    levels=_levels,
    segments=_questions,
    per_transaction=INQUIRIES_PER_TRANSACTION,
    per_loop=1,
)
