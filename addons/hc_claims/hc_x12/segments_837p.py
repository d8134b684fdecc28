# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segments of professional claims (837P, 005010X222A1), in the order of the guide."""

from collections.abc import Iterator

from . import claim_loops, outgoing
from .claim import OtherCoverage
from .claim_professional import (
    AmbulanceTransport,
    Condition,
    ProfessionalClaim,
    ProfessionalLine,
)
from .interchange import Segment, date_text

# Dates of the claim in the order of the guide: field and DTP01.
CLAIM_DATES_BEFORE_DISABILITY = (
    ("onset_on", "431"),
    ("initial_treatment_on", "454"),
    ("last_seen_on", "304"),
    ("acute_manifestation_on", "453"),
    ("accident_on", "439"),
    ("last_menstrual_period_on", "484"),
    ("last_x_ray_on", "455"),
    ("vision_prescription_on", "471"),
)
CLAIM_DATES_AFTER_DISABILITY = (
    ("last_worked_on", "297"),
    ("return_to_work_on", "296"),
    ("admitted_on", "435"),
    ("discharged_on", "096"),
    ("care_assumed_on", "090"),
    ("care_relinquished_on", "091"),
    ("first_contact_on", "444"),
    ("repricer_received_on", "050"),
)
# Numbers of the claim: field and REF01.
CLAIM_REFERENCES = (
    ("service_authorization_exception", "4N"),
    ("medicare_crossover", "F5"),
    ("mammography_number", "EW"),
    ("referral", "9F"),
    ("prior_authorization", "G1"),
    ("payer_claim_control_number", "F8"),
    ("clia_number", "X4"),
    ("repriced_number", "9A"),
    ("adjusted_repriced_number", "9C"),
    ("investigational_device", "LX"),
    ("clearinghouse_number", "D9"),
    ("medical_record_number", "EA"),
    ("demonstration_project", "P4"),
    ("care_plan_oversight", "1J"),
)
LINE_DATES = (
    ("prescription_on", "471"),
    ("certification_revised_on", "607"),
    ("therapy_began_on", "463"),
    ("last_certified_on", "461"),
    ("last_seen_on", "304"),
    ("hemoglobin_tested_on", "738"),
    ("creatinine_tested_on", "739"),
    ("shipped_on", "011"),
    ("last_x_ray_on", "455"),
    ("initial_treatment_on", "454"),
)
LINE_REFERENCES = (
    ("repriced_number", "9B"),
    ("adjusted_repriced_number", "9D"),
    ("prior_authorization", "G1"),
    ("control_number", "6R"),
    ("mammography_number", "EW"),
    ("clia_number", "X4"),
    ("referring_clia_number", "F4"),
    ("immunization_batch", "BT"),
    ("referral", "9F"),
)


def patient_information(claim: ProfessionalClaim) -> Iterator[Segment]:
    """Write what PAT says besides the relationship: death, weight, pregnancy."""
    died, weight = claim.patient_died_on, claim.patient_weight_pounds
    if died is None and weight is None and not claim.patient_is_pregnant:
        return
    yield (
        "PAT",
        "",
        "",
        "",
        "",
        "" if died is None else "D8",
        "" if died is None else date_text(died),
        "" if weight is None else "01",
        "" if weight is None else outgoing.decimal_text(weight),
        "Y" if claim.patient_is_pregnant else "",
    )


def claim_segments(claim: ProfessionalClaim) -> Iterator[Segment]:
    """Write loop 2300 with all that hangs on it."""
    yield _claim_information(claim)
    for field, qualifier in CLAIM_DATES_BEFORE_DISABILITY:
        yield from outgoing.dates(qualifier, getattr(claim, field))
    yield from _disability(claim)
    for field, qualifier in CLAIM_DATES_AFTER_DISABILITY:
        yield from outgoing.dates(qualifier, getattr(claim, field))
    yield from claim_loops.attachments(claim.attachments)
    yield from outgoing.amount("F5", claim.patient_paid)
    for field, qualifier in CLAIM_REFERENCES:
        yield from outgoing.reference(qualifier, getattr(claim, field))
    for text in claim.fixed_format:
        yield ("K3", text)
    if claim.note is not None:
        yield ("NTE", claim.note.kind, claim.note.text)
    yield from _ambulance(claim.ambulance)
    yield from _conditions(claim.conditions)
    yield from _codes(claim)
    yield from outgoing.provider("DN", claim.referring)
    yield from outgoing.provider("P3", claim.primary_care_referring)
    yield from outgoing.provider("82", claim.rendering, role="PE")
    yield from outgoing.facility(claim.service_facility)
    yield from outgoing.provider("DQ", claim.supervising)
    if claim.ambulance is not None:
        ride = claim.ambulance
        yield from claim_loops.location("PW", ride.pick_up)
        yield from claim_loops.location("45", ride.drop_off, ride.drop_off_name)
    for other in claim.other_coverages:
        yield from _other_coverage(other)
    for number, line in enumerate(claim.lines, 1):
        yield ("LX", str(number))
        yield from _line(claim, line)


def _claim_information(claim: ProfessionalClaim) -> Segment:
    causes = claim.related_causes
    related = (
        (*causes, "", "")[:2] + ("", claim.accident_state, claim.accident_country) if causes else ""
    )
    return (
        "CLM",
        claim.claim_id,
        outgoing.decimal_text(claim.charge),
        "",
        "",
        (claim.place_of_service, "B", claim.frequency),
        "Y" if claim.signature_on_file else "N",
        claim.assignment,
        claim.benefits_assigned,
        claim.release_of_information,
        "P" if claim.patient_signature_by_provider else "",
        related,
        claim.special_program,
        *("",) * 7,
        claim.delay_reason,
    )


def _disability(claim: ProfessionalClaim) -> Iterator[Segment]:
    # 314 is a period, 360 its begin alone, 361 its end alone.
    begin, end = claim.disability_from, claim.disability_to
    if begin is not None and end is not None:
        yield ("DTP", "314", "RD8", f"{date_text(begin)}-{date_text(end)}")
    else:
        yield from outgoing.dates("360", begin)
        yield from outgoing.dates("361", end)


def _ambulance(ride: AmbulanceTransport | None) -> Iterator[Segment]:
    if ride is None:
        return
    weight = ride.patient_weight_pounds
    yield (
        "CR1",
        "" if weight is None else "LB",
        "" if weight is None else outgoing.decimal_text(weight),
        "",
        ride.reason,
        "DH",
        outgoing.decimal_text(ride.miles),
        "",
        "",
        ride.round_trip_purpose,
        ride.stretcher_purpose,
    )
    if ride.conditions:
        yield from _conditions((Condition("07", ride.conditions, ride.conditions_apply),))


def _conditions(conditions: tuple[Condition, ...]) -> Iterator[Segment]:
    for condition in conditions:
        yield ("CRC", condition.category, "Y" if condition.applies else "N", *condition.codes)


def _codes(claim: ProfessionalClaim) -> Iterator[Segment]:
    yield from claim_loops.code_information(
        ("ABK", claim.diagnoses[0]), *(("ABF", code) for code in claim.diagnoses[1:])
    )
    yield from claim_loops.code_information(
        *zip(("BP", "BO"), claim.anesthesia_procedures, strict=False)
    )
    yield from claim_loops.code_information(*(("BG", code) for code in claim.condition_codes))


def _other_coverage(other: OtherCoverage) -> Iterator[Segment]:
    decided = other.adjudication
    yield claim_loops.subscriber_information(other.coverage, other.relationship)
    if decided is not None:
        yield from claim_loops.adjustments(decided.adjustments)
        yield from outgoing.amount("D", decided.paid)
        yield from outgoing.amount("A8", decided.non_covered)
        yield from outgoing.amount("EAF", decided.patient_liability)
    yield ("OI", "", "", other.benefits_assigned, "", "", other.release_of_information)
    if decided is not None:
        yield from claim_loops.remarks(decided)
    yield from claim_loops.other_payer(other)


def _line(claim: ProfessionalClaim, line: ProfessionalLine) -> Iterator[Segment]:
    yield _professional_service(claim, line)
    yield from claim_loops.attachments(line.attachments)
    yield from _conditions(line.conditions)
    yield from outgoing.dates("472", line.service_from, line.service_to)
    for field, qualifier in LINE_DATES:
        yield from outgoing.dates(qualifier, getattr(line, field))
    if line.anesthesia_extra_units is not None:
        yield ("QTY", "FL", outgoing.decimal_text(line.anesthesia_extra_units))
    for field, qualifier in LINE_REFERENCES:
        yield from outgoing.reference(qualifier, getattr(line, field))
    yield from outgoing.amount("T", line.sales_tax)
    yield from outgoing.amount("F4", line.postage)
    for text in line.fixed_format:
        yield ("K3", text)
    if line.note is not None:
        yield ("NTE", line.note.kind, line.note.text)
    if line.third_party_note:
        yield ("NTE", "TPO", line.third_party_note)
    if line.purchased_amount is not None:
        yield ("PS1", line.purchased_id, outgoing.decimal_text(line.purchased_amount))
    yield from claim_loops.drug(line.drug)
    yield from _line_providers(line)
    yield from claim_loops.line_adjudications(line)


def _professional_service(claim: ProfessionalClaim, line: ProfessionalLine) -> Segment:
    place = line.place_of_service
    return (
        "SV1",
        claim_loops.billed_procedure(line),
        outgoing.decimal_text(line.charge),
        line.unit,
        outgoing.decimal_text(line.units),
        "" if place == claim.place_of_service else place,
        "",
        tuple(str(pointer) for pointer in line.diagnosis_pointers),
        "",
        "Y" if line.is_emergency else "",
        "",
        "Y" if line.is_epsdt else "",
        "Y" if line.is_family_planning else "",
        "",
        "",
        "0" if line.is_copay_exempt else "",
    )


def _line_providers(line: ProfessionalLine) -> Iterator[Segment]:
    yield from outgoing.provider("82", line.rendering, role="PE")
    if line.purchased_provider is not None:
        bought_from = line.purchased_provider
        kind = "2" if bought_from.name.is_organization else "1"
        yield ("NM1", "QB", kind, "", "", "", "", "", "XX" * bool(bought_from.npi), bought_from.npi)
        yield from outgoing.references(bought_from.identifiers)
    yield from outgoing.facility(line.service_facility)
    yield from outgoing.provider("DQ", line.supervising)
    if line.ordering is not None:
        yield outgoing.name("DK", line.ordering.name, "XX", line.ordering.npi)
        yield from outgoing.address(line.ordering_address)
        yield from outgoing.references(line.ordering.identifiers)
        yield from outgoing.contact(line.ordering_contact)
    yield from outgoing.provider("DN", line.referring)
