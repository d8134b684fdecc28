# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether a professional claim can be written."""

from .check_claim import check_claim, check_facility, check_icd, check_persons
from .check_parties import Check, check_address, check_provider, digits, paths
from .claim import Note
from .claim_professional import AmbulanceTransport, ProfessionalClaim, ProfessionalLine
from .findings import Finding

LINES_MAX = 50
DIAGNOSES_MAX = 12
POINTERS_MAX = 4
PROCEDURE_QUALIFIERS = frozenset(("ER", "HC", "IV", "WK"))
UNITS = frozenset(("MJ", "UN"))
CAUSES = frozenset(("AA", "EM", "OA"))
SPECIAL_PROGRAMS = frozenset(("", "02", "03", "05", "09"))
CLAIM_NOTE_KINDS = frozenset(("ADD", "CER", "DCP", "DGN", "TPO"))
LINE_NOTE_KINDS = frozenset(("ADD", "DCP"))
INPATIENT_PLACES = frozenset(("21", "51", "61"))


def check_professional(claim: ProfessionalClaim) -> list[Finding]:
    """Return what is wrong with a claim; it is written where none of it is an error."""
    check = Check(claim.claim_id)
    check_claim(check, claim, claim.lines, LINES_MAX)
    if not digits(claim.place_of_service, 2):
        check.error("place_invalid", "place_of_service", "has not two digits.")
    _check_diagnoses(check, claim)
    _check_causes(check, claim)
    _check_stay(check, claim)
    _check_counts(check, claim)
    check.not_negative("patient_paid", claim.patient_paid)
    _check_form(check, claim)
    check.quantity("patient_weight_pounds", claim.patient_weight_pounds)
    _check_note(check, "note", claim.note, CLAIM_NOTE_KINDS)
    check_persons(
        check,
        primary_care_referring=claim.primary_care_referring,
        supervising=claim.supervising,
    )
    if claim.primary_care_referring is not None:
        check.required("referring", claim.referring)
    _check_ambulance(check, claim.ambulance)
    for path, line in paths("lines", claim.lines):
        _check_line(check, path, line, len(claim.diagnoses))
    return check.findings


def _check_note(check: Check, path: str, note: Note | None, kinds: frozenset[str]) -> None:
    if note is not None:
        check.one_of(f"{path}.kind", note.kind, kinds)
        check.required(f"{path}.text", note.text)


def _check_form(check: Check, claim: ProfessionalClaim) -> None:
    check.one_of("special_program", claim.special_program, SPECIAL_PROGRAMS)
    decided = [other.adjudication for other in claim.other_coverages if other.adjudication]
    if any(adjudication.covered_days is not None for adjudication in decided):
        check.error("not_in_form", "covered_days", "belongs to institutional claims only.")


def _check_diagnoses(check: Check, claim: ProfessionalClaim) -> None:
    if not claim.diagnoses:
        check.error("missing", "diagnoses", "is empty: a claim has at least one diagnosis.")
    check.at_most("diagnoses", claim.diagnoses, DIAGNOSES_MAX)
    for path, code in paths("diagnoses", claim.diagnoses):
        check_icd(check, path, code)


def _check_causes(check: Check, claim: ProfessionalClaim) -> None:
    check.at_most("related_causes", claim.related_causes, 2)
    for path, cause in paths("related_causes", claim.related_causes):
        check.one_of(path, cause, CAUSES)
    if claim.related_causes:
        check.required("accident_on", claim.accident_on)
    if "AA" in claim.related_causes and not (claim.accident_state or claim.accident_country):
        check.error("missing", "accident_state", "is missing: an auto accident has a place.")


def _check_stay(check: Check, claim: ProfessionalClaim) -> None:
    check.period("discharged_on", claim.admitted_on, claim.discharged_on)
    check.period("disability_to", claim.disability_from, claim.disability_to)
    if claim.place_of_service in INPATIENT_PLACES and claim.admitted_on is None:
        check.warning("admission_missing", "admitted_on", "is missing for an inpatient place.")


def _check_counts(check: Check, claim: ProfessionalClaim) -> None:
    check.at_most("anesthesia_procedures", claim.anesthesia_procedures, 2)
    homebound = [each for each in claim.conditions if each.category == "75"]
    vision = [each for each in claim.conditions if each.category in ("E1", "E2", "E3")]
    screening = [each for each in claim.conditions if each.category == "ZZ"]
    if len(homebound) + len(vision) + len(screening) != len(claim.conditions):
        check.error("code_unknown", "conditions", "categories are 75, E1, E2, E3 and ZZ.")
    in_order = [*vision, *homebound, *screening]
    if in_order != list(claim.conditions):
        check.error("order", "conditions", "vision comes first, then homebound, then screening.")
    check.at_most("conditions (75)", homebound, 1)
    check.at_most("conditions (E1 to E3)", vision, 3)
    check.at_most("conditions (ZZ)", screening, 1)


def _check_ambulance(check: Check, ride: AmbulanceTransport | None) -> None:
    if ride is None:
        return
    check.one_of("ambulance.reason", ride.reason, "ABCDE")
    check.not_negative("ambulance.miles", ride.miles, decimals=1)
    check.quantity("ambulance.patient_weight_pounds", ride.patient_weight_pounds)
    check.at_most("ambulance.conditions", ride.conditions, 5)
    check_address(check, "ambulance.pick_up", ride.pick_up)
    check_address(check, "ambulance.drop_off", ride.drop_off)


def _check_line(check: Check, path: str, line: ProfessionalLine, diagnoses: int) -> None:
    check.required(f"{path}.procedure", line.procedure)
    check.required(f"{path}.service_from", line.service_from)
    check.one_of(f"{path}.procedure_qualifier", line.procedure_qualifier, PROCEDURE_QUALIFIERS)
    check.one_of(f"{path}.unit", line.unit, UNITS)
    if line.place_of_service and not digits(line.place_of_service, 2):
        check.error("place_invalid", f"{path}.place_of_service", "has not two digits.")
    _check_pointers(check, f"{path}.diagnosis_pointers", line.diagnosis_pointers, diagnoses)
    check.at_most(f"{path}.fixed_format", line.fixed_format, 10)
    _check_note(check, f"{path}.note", line.note, LINE_NOTE_KINDS)
    check.not_negative(f"{path}.sales_tax", line.sales_tax)
    check.not_negative(f"{path}.postage", line.postage)
    check.quantity(f"{path}.anesthesia_extra_units", line.anesthesia_extra_units)
    check.not_negative(f"{path}.purchased_amount", line.purchased_amount)
    if line.purchased_amount is not None:
        check.required(f"{path}.purchased_id", line.purchased_id)
    check_persons(
        check, **{f"{path}.supervising": line.supervising, f"{path}.ordering": line.ordering}
    )
    check_provider(check, f"{path}.purchased_provider", line.purchased_provider)
    check_facility(check, f"{path}.service_facility", line.service_facility)
    categories = [condition.category for condition in line.conditions]
    if categories != [each for each in ("70", "09") if each in categories]:
        check.error("code_unknown", f"{path}.conditions", "holds 70, then 09, each once.")


def _check_pointers(check: Check, path: str, pointers: tuple[int, ...], diagnoses: int) -> None:
    if not pointers:
        check.error("missing", path, "is empty: a line points to a diagnosis.")
    check.at_most(path, pointers, POINTERS_MAX)
    for pointer in pointers:
        if not 1 <= pointer <= diagnoses:
            check.error("pointer_invalid", path, f"{pointer} points to no diagnosis.")
    if len(set(pointers)) != len(pointers):
        check.error("pointer_repeated", path, "holds one diagnosis twice.")
