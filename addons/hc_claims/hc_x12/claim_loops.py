# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Loops that professional and institutional claims share: 2000A to 2010CA, 2320 to 2430."""

from collections.abc import Iterator, Sequence

from . import outgoing
from .claim import (
    Adjudication,
    Adjustment,
    Attachment,
    Claim,
    Drug,
    LineAdjudication,
    OtherCoverage,
    ServiceLine,
)
from .interchange import Segment, date_text
from .parties import BillingProvider, Coverage, Name, Receiver, Submitter

TRIPLES_PER_CAS = 6
SELF = "18"


def header(submitter: Submitter, receiver: Receiver) -> Iterator[Segment]:
    """Write loops 1000A and 1000B."""
    yield outgoing.name("41", submitter.name, "46", submitter.identifier)
    yield from outgoing.contact(submitter.contact)
    yield outgoing.organization("40", receiver.name, "46", receiver.identifier)


def billing_provider(who: BillingProvider) -> Iterator[Segment]:
    """Write loop 2000A after its HL."""
    if who.taxonomy:
        yield ("PRV", "BI", "PXC", who.taxonomy)
    yield outgoing.name("85", who.name, "XX", who.npi)
    yield from outgoing.address(who.address)
    yield ("REF", who.tax_id_qualifier, who.tax_id)
    yield from outgoing.references(who.identifiers)
    yield from outgoing.contact(who.contact)
    if who.pay_to is not None:
        yield ("NM1", "87", "2" if who.name.is_organization else "1")
        yield from outgoing.address(who.pay_to)


def subscriber_information(coverage: Coverage, relationship: str) -> Segment:
    """Write an SBR; the plan's name goes out only where there is no group number."""
    holder = coverage.subscriber
    return (
        "SBR",
        coverage.responsibility,
        relationship,
        holder.group_number,
        "" if holder.group_number else holder.group_name,
        coverage.insurance_type,
        "",
        "",
        "",
        coverage.filing_code,
    )


def subscriber(claim: Claim, patient_information: Sequence[Segment] = ()) -> Iterator[Segment]:
    """Write loop 2000B after its HL: SBR, subscriber and payer.

    Address and demographics go out only where the subscriber is the patient, as the
    guides ask.
    """
    coverage = claim.coverage
    holder = coverage.subscriber
    is_patient = claim.patient is None
    yield subscriber_information(coverage, SELF if is_patient else "")
    if is_patient:
        yield from patient_information
    yield outgoing.member(holder)
    if is_patient:
        yield from outgoing.address(holder.address)
        yield from outgoing.demographics(holder.birth_date, holder.gender)
    yield from outgoing.reference("SY", holder.social_security_number)
    if is_patient:
        yield from outgoing.reference("Y4", claim.property_casualty_number)
    yield outgoing.payer(coverage.payer)
    yield from outgoing.address(coverage.payer.address)
    yield from outgoing.references(coverage.payer.identifiers)
    yield from outgoing.references(claim.billing_provider.payer_identifiers)


def patient(claim: Claim, patient_information: Sequence[Segment] = ()) -> Iterator[Segment]:
    """Write loop 2000C after its HL; nothing where the subscriber is the patient."""
    if claim.patient is None:
        return
    # The relationship and what else is known of the patient share one PAT.
    known = patient_information[0][2:] if patient_information else ()
    yield ("PAT", claim.patient.relationship, *known)
    yield outgoing.name("QC", claim.patient.name)
    yield from outgoing.address(claim.patient.address)
    yield from outgoing.demographics(claim.patient.birth_date, claim.patient.gender)
    yield from outgoing.reference("Y4", claim.property_casualty_number)


def attachments(documents: Sequence[Attachment]) -> Iterator[Segment]:
    """Write a PWK for each document."""
    for document in documents:
        number = document.control_number
        yield (
            "PWK",
            document.report_type,
            document.transmission,
            "",
            "",
            "AC" if number else "",
            number,
        )


def code_information(*codes: tuple[str, ...]) -> Iterator[Segment]:
    """Write an HI for each twelve codes; a code is (qualifier, code, ...)."""
    for start in range(0, len(codes), 12):
        yield ("HI", *codes[start : start + 12])


def adjustments(changes: Sequence[Adjustment]) -> Iterator[Segment]:
    """Write a CAS for each group of adjustments, six reasons in each."""
    for group in sorted({change.group for change in changes}):
        members = [change for change in changes if change.group == group]
        triples = [
            (
                change.reason,
                outgoing.decimal_text(change.amount),
                "" if change.quantity is None else outgoing.decimal_text(change.quantity),
            )
            for change in members
        ]
        for start in range(0, len(triples), TRIPLES_PER_CAS):
            chunk = triples[start : start + TRIPLES_PER_CAS]
            yield ("CAS", group, *(text for triple in chunk for text in triple))


def other_payer(other: OtherCoverage) -> Iterator[Segment]:
    """Write loops 2330A and 2330B."""
    coverage, decided = other.coverage, other.adjudication
    holder, payer = coverage.subscriber, coverage.payer
    yield outgoing.member(holder)
    yield from outgoing.address(holder.address)
    yield from outgoing.reference("SY", holder.social_security_number)
    yield outgoing.payer(payer)
    yield from outgoing.address(payer.address)
    if decided is not None:
        yield from outgoing.dates("573", decided.paid_on)
    yield from outgoing.references(payer.identifiers)
    yield from outgoing.reference("G1", other.prior_authorization)
    yield from outgoing.reference("9F", other.referral)
    if decided is not None:
        yield from outgoing.reference("F8", decided.claim_number)


def remarks(decided: Adjudication) -> Iterator[Segment]:
    """Write the remark codes of an earlier payer: MIA for a stay, MOA for all else."""
    if decided.covered_days is not None:
        first, *others = (*decided.remarks, "")[:5]
        days = outgoing.decimal_text(decided.covered_days)
        yield ("MIA", days, "", "", "", first, *("",) * 14, *others)
    elif decided.remarks:
        yield ("MOA", "", "", *decided.remarks)


def procedure(line: ServiceLine | LineAdjudication, qualifier: str) -> tuple[str, ...]:
    """Return the composite of a procedure with its modifiers."""
    return (qualifier, line.procedure, *line.modifiers)


def billed_procedure(line: ServiceLine) -> tuple[str, ...]:
    """Return the composite of a procedure with its modifiers and description."""
    places = (*line.modifiers, "", "", "", "")[:4]
    return (line.procedure_qualifier, line.procedure, *places, line.description)


def line_adjudications(line: ServiceLine, revenue_code: str = "") -> Iterator[Segment]:
    """Write loop 2430 for each payer that decided on the line."""
    for decided in line.adjudications:
        paid_as = decided if decided.procedure else line
        units = line.units if decided.units is None else decided.units
        yield (
            "SVD",
            decided.payer_id,
            outgoing.decimal_text(decided.paid),
            procedure(paid_as, line.procedure_qualifier) if paid_as.procedure else "",
            revenue_code,
            outgoing.decimal_text(units),
            str(decided.bundled_line) if decided.bundled_line else "",
        )
        yield from adjustments(decided.adjustments)
        yield ("DTP", "573", "D8", date_text(decided.paid_on))
        yield from outgoing.amount("EAF", decided.patient_liability)


def drug(given: Drug | None) -> Iterator[Segment]:
    """Write loop 2410."""
    if given is None:
        return
    yield ("LIN", "", "N4", given.ndc)
    yield ("CTP", "", "", "", outgoing.decimal_text(given.quantity), (given.unit,))
    yield from outgoing.reference("XZ", given.prescription)


def location(entity: str, where, called: str = "") -> Iterator[Segment]:
    """Write a place that has an address and perhaps a name."""
    yield outgoing.name(entity, Name(called, is_organization=True))
    yield from outgoing.address(where)
