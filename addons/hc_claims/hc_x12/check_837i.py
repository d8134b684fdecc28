# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether an institutional claim can be written."""

from .check_claim import check_claim, check_icd, check_persons
from .check_parties import Check, digits, paths
from .claim_institutional import Diagnosis, InstitutionalClaim, InstitutionalLine, Procedure
from .findings import Finding

LINES_MAX = 999
OTHER_CODES_MAX = 24  # two HI segments of twelve
NOTES_MAX = 10
PROCEDURE_QUALIFIERS = frozenset(("ER", "HC", "HP", "IV", "WK"))
UNITS = frozenset(("DA", "UN"))
ON_ADMISSION = frozenset(("", "N", "U", "W", "Y"))
INPATIENT_TYPES = frozenset(("11", "12", "18", "21", "41"))
NOTE_KINDS = frozenset(
    ("ALG", "DCP", "DGN", "DME", "MED", "NTR", "ODT")
    + ("RHB", "RLH", "RNH", "SET", "SFM", "SPT", "UPI")
)


def check_institutional(claim: InstitutionalClaim) -> list[Finding]:
    """Return what is wrong with a claim; it is written where none of it is an error."""
    check = Check(claim.claim_id)
    check_claim(check, claim, claim.lines, LINES_MAX)
    _check_form(check, claim)
    _check_stay(check, claim)
    _check_diagnoses(check, claim)
    _check_procedures(check, claim)
    _check_codes(check, claim)
    check.not_negative("patient_estimated_due", claim.patient_estimated_due)
    check.at_most("notes", claim.notes, NOTES_MAX)
    for path, note in paths("notes", claim.notes):
        check.one_of(f"{path}.kind", note.kind, NOTE_KINDS)
    check_persons(
        check,
        attending=claim.attending,
        operating=claim.operating,
        other_operating=claim.other_operating,
        rendering=claim.rendering,
    )
    if claim.attending is None:
        check.warning("attending_missing", "attending", "is missing; only transports need none.")
    for path, line in paths("lines", claim.lines):
        _check_line(check, path, line)
    return check.findings


def _check_form(check: Check, claim: InstitutionalClaim) -> None:
    if not digits(claim.facility_type, 2):
        check.error("facility_type_invalid", "facility_type", "has not two digits.")
    if not digits(claim.patient_status, 2):
        check.error("patient_status_invalid", "patient_status", "has not two digits.")
    provider = claim.billing_provider
    if not provider.name.is_organization:
        check.error("not_an_organization", "billing_provider.name", "only organizations bill so.")
    if provider.tax_id_qualifier != "EI" or provider.identifiers:
        check.error("not_in_form", "billing_provider", "has its employer number only.")
    check.at_most("billing_provider.payer_identifiers", provider.payer_identifiers, 1)
    coverages = (claim.coverage, *(other.coverage for other in claim.other_coverages))
    if any(coverage.insurance_type for coverage in coverages):
        check.error("not_in_form", "insurance_type", "belongs to professional claims only.")


def _check_stay(check: Check, claim: InstitutionalClaim) -> None:
    check.period("statement_to", claim.statement_from, claim.statement_to)
    if claim.admission_hour is not None:
        check.required("admitted_on", claim.admitted_on)
    if claim.facility_type in INPATIENT_TYPES:
        if claim.admitted_on is None:
            check.warning("admission_missing", "admitted_on", "is missing for an inpatient stay.")
        if not claim.admission_type:
            check.warning("missing", "admission_type", "is missing for an inpatient stay.")


def _check_diagnoses(check: Check, claim: InstitutionalClaim) -> None:
    _check_diagnosis(check, "principal_diagnosis", claim.principal_diagnosis)
    if claim.admitting_diagnosis:
        check_icd(check, "admitting_diagnosis", claim.admitting_diagnosis)
    check.at_most("visit_reasons", claim.visit_reasons, 3)
    for path, code in paths("visit_reasons", claim.visit_reasons):
        check_icd(check, path, code)
    check.at_most("external_causes", claim.external_causes, 12)
    check.at_most("other_diagnoses", claim.other_diagnoses, OTHER_CODES_MAX)
    for name in ("external_causes", "other_diagnoses"):
        for path, diagnosis in paths(name, getattr(claim, name)):
            _check_diagnosis(check, path, diagnosis)


def _check_diagnosis(check: Check, path: str, diagnosis: Diagnosis) -> None:
    check_icd(check, f"{path}.code", diagnosis.code)
    check.one_of(f"{path}.on_admission", diagnosis.on_admission, ON_ADMISSION)


def _check_procedures(check: Check, claim: InstitutionalClaim) -> None:
    if claim.principal_procedure is not None:
        _check_procedure(check, "principal_procedure", claim.principal_procedure)
    elif claim.other_procedures:
        check.error("missing", "principal_procedure", "is missing, but there are others.")
    check.at_most("other_procedures", claim.other_procedures, OTHER_CODES_MAX)
    for path, procedure in paths("other_procedures", claim.other_procedures):
        _check_procedure(check, path, procedure)


def _check_procedure(check: Check, path: str, procedure: Procedure) -> None:
    if len(procedure.code) != 7 or not (procedure.code.isascii() and procedure.code.isalnum()):
        check.error("icd_invalid", f"{path}.code", "has not seven letters and digits.")


def _check_codes(check: Check, claim: InstitutionalClaim) -> None:
    for name in ("occurrence_spans", "occurrences", "value_amounts", "treatment_codes"):
        check.at_most(name, getattr(claim, name), OTHER_CODES_MAX)
    for path, span in paths("occurrence_spans", claim.occurrence_spans):
        check.required(f"{path}.code", span.code)
        if check.required(f"{path}.ends_on", span.ends_on):
            check.period(f"{path}.ends_on", span.begins_on, span.ends_on)
    for path, occurrence in paths("occurrences", claim.occurrences):
        check.required(f"{path}.code", occurrence.code)
        if occurrence.ends_on is not None:
            check.error("period", path, "has an end: name it under occurrence_spans.")
    for path, value in paths("value_amounts", claim.value_amounts):
        check.required(f"{path}.code", value.code)
        check.not_negative(f"{path}.amount", value.amount)


def _check_line(check: Check, path: str, line: InstitutionalLine) -> None:
    if not digits(line.revenue_code, 4):
        check.error("revenue_code_invalid", f"{path}.revenue_code", "has not four digits.")
    check.one_of(f"{path}.procedure_qualifier", line.procedure_qualifier, PROCEDURE_QUALIFIERS)
    check.one_of(f"{path}.unit", line.unit, UNITS)
    if line.modifiers or line.description:
        check.required(f"{path}.procedure", line.procedure)
    check.not_negative(f"{path}.non_covered", line.non_covered)
    check.not_negative(f"{path}.service_tax", line.service_tax)
    check.not_negative(f"{path}.facility_tax", line.facility_tax)
    check_persons(
        check,
        **{
            f"{path}.operating": line.operating,
            f"{path}.other_operating": line.other_operating,
            f"{path}.rendering": line.rendering,
        },
    )
