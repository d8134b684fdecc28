# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segments of institutional claims (837I, 005010X223A2), in the order of the guide."""

from collections.abc import Iterator
from datetime import date

from . import claim_loops, outgoing
from .claim import OtherCoverage
from .claim_institutional import Diagnosis, InstitutionalClaim, InstitutionalLine
from .interchange import Segment, date_text, time_text

# Numbers of the claim: field and REF01.
CLAIM_REFERENCES = (
    ("service_authorization_exception", "4N"),
    ("referral", "9F"),
    ("prior_authorization", "G1"),
    ("payer_claim_control_number", "F8"),
    ("repriced_number", "9A"),
    ("adjusted_repriced_number", "9C"),
    ("investigational_device", "LX"),
    ("clearinghouse_number", "D9"),
    ("auto_accident_state", "LU"),
    ("medical_record_number", "EA"),
    ("demonstration_project", "P4"),
    ("peer_review_approval", "G4"),
)


def patient_information(_claim: InstitutionalClaim) -> tuple[Segment, ...]:
    """Write nothing: this guide knows no more of a patient than the relationship."""
    return ()


def claim_segments(claim: InstitutionalClaim) -> Iterator[Segment]:
    """Write loop 2300 with all that hangs on it."""
    yield _claim_information(claim)
    yield from _dates(claim)
    yield ("CL1", claim.admission_type, claim.admission_source, claim.patient_status)
    yield from claim_loops.attachments(claim.attachments)
    yield from outgoing.amount("F3", claim.patient_estimated_due)
    for field, qualifier in CLAIM_REFERENCES:
        yield from outgoing.reference(qualifier, getattr(claim, field))
    for text in claim.fixed_format:
        yield ("K3", text)
    for note in claim.notes:
        yield ("NTE", note.kind, note.text)
    if claim.billing_note:
        yield ("NTE", "ADD", claim.billing_note)
    yield from _diagnoses(claim)
    yield from _procedures(claim)
    yield from _codes(claim)
    yield from outgoing.provider("71", claim.attending, role="AT")
    yield from outgoing.provider("72", claim.operating)
    yield from outgoing.provider("ZZ", claim.other_operating)
    yield from outgoing.provider("82", claim.rendering)
    yield from outgoing.facility(claim.service_facility)
    yield from outgoing.provider("DN", claim.referring)
    for other in claim.other_coverages:
        yield from _other_coverage(other)
    for number, line in enumerate(claim.lines, 1):
        yield ("LX", str(number))
        yield from _line(line)


def _claim_information(claim: InstitutionalClaim) -> Segment:
    return (
        "CLM",
        claim.claim_id,
        outgoing.decimal_text(claim.charge),
        "",
        "",
        (claim.facility_type, "A", claim.frequency),
        "",
        claim.assignment,
        claim.benefits_assigned,
        claim.release_of_information,
        *("",) * 10,
        claim.delay_reason,
    )


def _dates(claim: InstitutionalClaim) -> Iterator[Segment]:
    if claim.discharge_hour is not None:
        yield ("DTP", "096", "TM", time_text(claim.discharge_hour))
    period = f"{date_text(claim.statement_from)}-{date_text(claim.statement_to)}"
    yield ("DTP", "434", "RD8", period)
    if claim.admitted_on is not None and claim.admission_hour is not None:
        instant = date_text(claim.admitted_on) + time_text(claim.admission_hour)
        yield ("DTP", "435", "DT", instant)
    else:
        yield from outgoing.dates("435", claim.admitted_on)
    yield from outgoing.dates("050", claim.repricer_received_on)


def _diagnosis(qualifier: str, diagnosis: Diagnosis) -> tuple[str, ...]:
    if not diagnosis.on_admission:
        return (qualifier, diagnosis.code)
    return (qualifier, diagnosis.code, *("",) * 6, diagnosis.on_admission)


def _diagnoses(claim: InstitutionalClaim) -> Iterator[Segment]:
    write = claim_loops.code_information
    yield from write(_diagnosis("ABK", claim.principal_diagnosis))
    if claim.admitting_diagnosis:
        yield from write(("ABJ", claim.admitting_diagnosis))
    yield from write(*(("APR", code) for code in claim.visit_reasons))
    yield from write(*(_diagnosis("ABN", cause) for cause in claim.external_causes))
    if claim.drg:
        yield from write(("DR", claim.drg))
    yield from write(*(_diagnosis("ABF", other) for other in claim.other_diagnoses))


def _dated(qualifier: str, code: str, day: date, until: date | None = None) -> tuple[str, ...]:
    if until is None:
        return (qualifier, code, "D8", date_text(day))
    return (qualifier, code, "RD8", f"{date_text(day)}-{date_text(until)}")


def _procedures(claim: InstitutionalClaim) -> Iterator[Segment]:
    write = claim_loops.code_information
    if claim.principal_procedure is not None:
        principal = claim.principal_procedure
        yield from write(_dated("BBR", principal.code, principal.performed_on))
    yield from write(
        *(_dated("BBQ", each.code, each.performed_on) for each in claim.other_procedures)
    )


def _codes(claim: InstitutionalClaim) -> Iterator[Segment]:
    write = claim_loops.code_information
    yield from write(
        *(_dated("BI", each.code, each.begins_on, each.ends_on) for each in claim.occurrence_spans)
    )
    yield from write(*(_dated("BH", each.code, each.begins_on) for each in claim.occurrences))
    yield from write(
        *(
            ("BE", each.code, "", "", outgoing.decimal_text(each.amount))
            for each in claim.value_amounts
        )
    )
    yield from write(*(("BG", code) for code in claim.condition_codes))
    yield from write(*(("TC", code) for code in claim.treatment_codes))


def _other_coverage(other: OtherCoverage) -> Iterator[Segment]:
    decided = other.adjudication
    yield claim_loops.subscriber_information(other.coverage, other.relationship)
    if decided is not None:
        yield from claim_loops.adjustments(decided.adjustments)
        yield from outgoing.amount("D", decided.paid)
        yield from outgoing.amount("EAF", decided.patient_liability)
        yield from outgoing.amount("A8", decided.non_covered)
    yield ("OI", "", "", other.benefits_assigned, "", "", other.release_of_information)
    if decided is not None:
        yield from claim_loops.remarks(decided)
    yield from claim_loops.other_payer(other)


def _line(line: InstitutionalLine) -> Iterator[Segment]:
    yield (
        "SV2",
        line.revenue_code,
        claim_loops.billed_procedure(line) if line.procedure else "",
        outgoing.decimal_text(line.charge),
        line.unit,
        outgoing.decimal_text(line.units),
        "",
        "" if line.non_covered is None else outgoing.decimal_text(line.non_covered),
    )
    yield from claim_loops.attachments(line.attachments)
    yield from outgoing.dates("472", line.service_from, line.service_to)
    yield from outgoing.reference("6R", line.control_number)
    yield from outgoing.reference("9B", line.repriced_number)
    yield from outgoing.reference("9D", line.adjusted_repriced_number)
    yield from outgoing.amount("GT", line.service_tax)
    yield from outgoing.amount("N8", line.facility_tax)
    if line.third_party_note:
        yield ("NTE", "TPO", line.third_party_note)
    yield from claim_loops.drug(line.drug)
    yield from outgoing.provider("72", line.operating)
    yield from outgoing.provider("ZZ", line.other_operating)
    yield from outgoing.provider("82", line.rendering)
    yield from outgoing.provider("DN", line.referring)
    yield from claim_loops.line_adjudications(line, line.revenue_code)
