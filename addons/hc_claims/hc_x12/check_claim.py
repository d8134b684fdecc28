# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether a claim can be written: what holds for professional and institutional claims."""

from collections.abc import Sequence
from decimal import Decimal

from .check_parties import (
    Check,
    check_address,
    check_coverage,
    check_identifiers,
    check_name,
    check_npi,
    check_person_facts,
    check_provider,
    digits,
    paths,
)
from .claim import (
    FREQUENCY_REPLACEMENT,
    FREQUENCY_VOID,
    Adjustment,
    Attachment,
    Claim,
    Drug,
    OtherCoverage,
    ServiceLine,
)
from .parties import BillingProvider, Facility, Provider

CLAIM_ID_LENGTH_MAX = 20  # the guides' limit, below that of the element
CONTROL_NUMBER_LENGTH_MAX = 30
RELATIONSHIPS = frozenset(("01", "19", "20", "21", "39", "40", "53", "G8"))
ADJUSTMENT_GROUPS = frozenset(("CO", "CR", "OA", "PI", "PR"))
DRUG_UNITS = frozenset(("F2", "GR", "ME", "ML", "UN"))
ATTACHMENT_TRANSMISSIONS = frozenset(("AA", "BM", "EL", "EM", "FT", "FX"))
ON_REQUEST = "AA"
ADJUSTMENTS_MAX = 30  # five CAS segments of six reasons
# Order in which payers decide.
PAYER_ORDER = "PSTABCDEFGH"
PAYER_NAMES = {"P": "primary", "S": "secondary", "T": "tertiary"}


def check_claim(check: Check, claim: Claim, lines: Sequence[ServiceLine], lines_max: int) -> None:
    """Note what keeps a claim of either form from being written."""
    _check_number(check, "claim_id", claim.claim_id, CLAIM_ID_LENGTH_MAX)
    check.required("claim_id", claim.claim_id)
    _check_frequency(check, claim)
    _check_billing_provider(check, claim.billing_provider)
    check_coverage(check, "coverage", claim.coverage)
    _check_patient(check, claim)
    check.one_of("assignment", claim.assignment, "ABC")
    check.one_of("benefits_assigned", claim.benefits_assigned, "NWY")
    check.one_of("release_of_information", claim.release_of_information, "IY")
    _check_attachments(check, "attachments", claim.attachments)
    check.at_most("fixed_format", claim.fixed_format, 10)
    check.at_most("condition_codes", claim.condition_codes, 24)
    check_provider(check, "referring", claim.referring, person=True)
    check_provider(check, "rendering", claim.rendering)
    check_facility(check, "service_facility", claim.service_facility)
    if not lines:
        check.error("missing", "lines", "is empty: a claim has at least one line.")
    check.at_most("lines", lines, lines_max)
    for path, line in paths("lines", lines):
        _check_line(check, path, line)
    _check_control_numbers(check, lines)
    _check_total(check, claim, lines)
    _check_other_coverages(check, claim)
    _check_adjudications(check, claim, lines)


def _check_number(check: Check, path: str, value: str, limit: int) -> None:
    # These come back in the payer's answers and must come back unchanged.
    if len(value) > limit:
        check.error("too_long", path, f"has {len(value)} characters, more than {limit}.")
    if value != value.strip().upper() or not value.isascii():
        check.error("number_changes", path, "use capitals and digits: it must come back as sent.")


def _check_frequency(check: Check, claim: Claim) -> None:
    if len(claim.frequency) != 1 or not (claim.frequency.isascii() and claim.frequency.isalnum()):
        check.error("code_unknown", "frequency", "is one digit or letter, such as 1, 7 or 8.")
    corrects = claim.frequency in (FREQUENCY_REPLACEMENT, FREQUENCY_VOID)
    if corrects and not claim.payer_claim_control_number:
        check.error(
            "original_number_missing",
            "payer_claim_control_number",
            "is missing: a replacement or void names the claim it corrects.",
        )


def _check_billing_provider(check: Check, provider: BillingProvider) -> None:
    path = "billing_provider"
    check_name(check, f"{path}.name", provider.name)
    check_npi(check, f"{path}.npi", provider.npi)
    if not provider.npi and not provider.payer_identifiers:
        check.error("npi_missing", f"{path}.npi", "is missing, and so is any number of the payer.")
    if not digits(provider.tax_id, 9):
        check.error("tax_id_invalid", f"{path}.tax_id", "has not nine digits.")
    check.one_of(f"{path}.tax_id_qualifier", provider.tax_id_qualifier, ("EI", "SY"))
    check_address(check, f"{path}.address", provider.address, nine_digit_zip=True)
    check_address(check, f"{path}.pay_to", provider.pay_to)
    check_identifiers(check, f"{path}.identifiers", provider.identifiers, 2)
    check_identifiers(check, f"{path}.payer_identifiers", provider.payer_identifiers, 2)
    if provider.taxonomy and len(provider.taxonomy) != 10:
        check.error("taxonomy_invalid", f"{path}.taxonomy", "has not ten characters.")


def _check_patient(check: Check, claim: Claim) -> None:
    patient, holder = claim.patient, claim.coverage.subscriber
    if patient is None:
        check_person_facts(
            check, "coverage.subscriber", holder.birth_date, holder.gender, holder.address
        )
        return
    check_name(check, "patient.name", patient.name, person=True)
    check.one_of("patient.relationship", patient.relationship, RELATIONSHIPS)
    check_person_facts(check, "patient", patient.birth_date, patient.gender, patient.address)


def check_facility(check: Check, path: str, facility: Facility | None) -> None:
    """Note what is wrong with the place of service, where it is named."""
    if facility is None:
        return
    check.required(f"{path}.name", facility.name)
    check_npi(check, f"{path}.npi", facility.npi)
    check_address(check, f"{path}.address", facility.address, nine_digit_zip=True)
    check_identifiers(check, f"{path}.identifiers", facility.identifiers, 3)


def _check_attachments(check: Check, path: str, attachments: Sequence[Attachment]) -> None:
    check.at_most(path, attachments, 10)
    for place, attachment in paths(path, attachments):
        check.required(f"{place}.report_type", attachment.report_type)
        check.one_of(f"{place}.transmission", attachment.transmission, ATTACHMENT_TRANSMISSIONS)
        if attachment.transmission != ON_REQUEST:
            check.required(f"{place}.control_number", attachment.control_number)


def _check_line(check: Check, path: str, line: ServiceLine) -> None:
    check.not_negative(f"{path}.charge", line.charge)
    check.quantity(f"{path}.units", line.units)
    check.at_most(f"{path}.modifiers", line.modifiers, 4)
    for place, modifier in paths(f"{path}.modifiers", line.modifiers):
        if len(modifier) != 2 or not modifier.isalnum():
            check.error("modifier_invalid", place, "has not two letters or digits.")
    check.period(f"{path}.service_to", line.service_from, line.service_to)
    if line.service_to is not None:
        check.required(f"{path}.service_from", line.service_from)
    _check_attachments(check, f"{path}.attachments", line.attachments)
    _check_drug(check, f"{path}.drug", line.drug)
    check_provider(check, f"{path}.rendering", line.rendering)
    check_provider(check, f"{path}.referring", line.referring, person=True)
    check.at_most(f"{path}.adjudications", line.adjudications, 15)
    for place, decided in paths(f"{path}.adjudications", line.adjudications):
        check.amount(f"{place}.paid", decided.paid)
        check.quantity(f"{place}.units", decided.units or None)
        check.at_most(f"{place}.modifiers", decided.modifiers, 4)
        check.amount(f"{place}.patient_liability", decided.patient_liability)
        _check_adjustments(check, f"{place}.adjustments", decided.adjustments)


def _check_drug(check: Check, path: str, drug: Drug | None) -> None:
    if drug is None:
        return
    if not digits(drug.ndc, 11):
        check.error("ndc_invalid", f"{path}.ndc", "has not eleven digits (5-4-2, no dashes).")
    check.quantity(f"{path}.quantity", drug.quantity)
    check.one_of(f"{path}.unit", drug.unit, DRUG_UNITS)


def _check_control_numbers(check: Check, lines: Sequence[ServiceLine]) -> None:
    numbers = [line.control_number for line in lines if line.control_number]
    for number in numbers:
        _check_number(check, "lines.control_number", number, CONTROL_NUMBER_LENGTH_MAX)
    if len(set(numbers)) != len(numbers):
        check.error("number_repeated", "lines.control_number", "two lines share a number.")


def _check_total(check: Check, claim: Claim, lines: Sequence[ServiceLine]) -> None:
    check.not_negative("charge", claim.charge)
    if _has_bad_amounts(check):
        return
    total = sum((line.charge for line in lines), Decimal(0))
    if total != claim.charge:
        check.error("total_differs", "charge", f"is {claim.charge}, the lines sum to {total}.")


def _has_bad_amounts(check: Check) -> bool:
    # What is no amount cannot be added up either.
    return any(finding.code.startswith("amount_") for finding in check.findings)


def _check_adjustments(check: Check, path: str, adjustments: Sequence[Adjustment]) -> None:
    check.at_most(path, adjustments, ADJUSTMENTS_MAX)
    groups = [adjustment.group for adjustment in adjustments]
    segments = sum(-(-groups.count(group) // 6) for group in set(groups))
    if segments > 5:
        check.error("too_many", path, "needs more than five CAS segments.")
    for place, adjustment in paths(path, adjustments):
        check.one_of(f"{place}.group", adjustment.group, ADJUSTMENT_GROUPS)
        check.required(f"{place}.reason", adjustment.reason)
        check.amount(f"{place}.amount", adjustment.amount)
        check.amount(f"{place}.quantity", adjustment.quantity, decimals=3)


def _check_other_coverages(check: Check, claim: Claim) -> None:
    others = claim.other_coverages
    check.at_most("other_coverages", others, 10)
    places = [claim.coverage.responsibility, *(each.coverage.responsibility for each in others)]
    known = [place for place in places if place != "U"]
    if len(set(known)) != len(known):
        check.error("responsibility_repeated", "other_coverages", "two payers share one place.")
    for path, other in paths("other_coverages", others):
        check_coverage(check, f"{path}.coverage", other.coverage)
        check.one_of(f"{path}.relationship", other.relationship, {*RELATIONSHIPS, "18"})
        check.one_of(f"{path}.benefits_assigned", other.benefits_assigned, "NWY")
        check.one_of(f"{path}.release_of_information", other.release_of_information, "IY")
        _check_adjudication(check, f"{path}.adjudication", other)
    _check_earlier_payers(check, claim)


def _check_adjudication(check: Check, path: str, other: OtherCoverage) -> None:
    decided = other.adjudication
    if decided is None:
        return
    check.amount(f"{path}.paid", decided.paid)
    check.amount(f"{path}.non_covered", decided.non_covered)
    check.amount(f"{path}.patient_liability", decided.patient_liability)
    check.not_negative(f"{path}.covered_days", decided.covered_days)
    check.at_most(f"{path}.remarks", decided.remarks, 5)
    _check_adjustments(check, f"{path}.adjustments", decided.adjustments)


def _check_earlier_payers(check: Check, claim: Claim) -> None:
    place = PAYER_ORDER.find(claim.coverage.responsibility)
    for earlier in PAYER_ORDER[: max(place, 0)]:
        found = [
            other for other in claim.other_coverages if other.coverage.responsibility == earlier
        ]
        if not found:
            if earlier == "P":
                check.error(
                    "earlier_payer_missing",
                    "other_coverages",
                    "the primary payer is missing: a later payer needs its decision.",
                )
        elif found[0].adjudication is None:
            check.warning(
                "adjudication_missing",
                "other_coverages",
                f"the {PAYER_NAMES.get(earlier, earlier)} payer comes first, but did not decide.",
            )


def _check_adjudications(check: Check, claim: Claim, lines: Sequence[ServiceLine]) -> None:
    """Note decisions of earlier payers that do not add up.

    Guides, section 1.4.4: a line's charge is what was paid for it and its adjustments;
    what a payer paid is the sum over the lines less the adjustments on claim level.
    """
    if _has_bad_amounts(check):
        return
    payer_ids = [other.coverage.payer.identifier for other in claim.other_coverages]
    for path, line in paths("lines", lines):
        for decided in line.adjudications:
            if decided.payer_id not in payer_ids:
                check.error("payer_unknown", path, "a payer decided that is no other coverage.")
            explained = decided.paid + _sum(decided.adjustments)
            if explained != line.charge:
                check.error(
                    "line_unbalanced",
                    path,
                    f"the charge is {line.charge}, paid and adjusted are {explained}.",
                )
    for path, other in paths("other_coverages", claim.other_coverages):
        if other.adjudication is not None:
            _check_claim_balance(check, path, claim, lines, other)


def _check_claim_balance(
    check: Check, path: str, claim: Claim, lines: Sequence[ServiceLine], other: OtherCoverage
) -> None:
    payer_id = other.coverage.payer.identifier
    decided = [each for line in lines for each in line.adjudications if each.payer_id == payer_id]
    if not decided and other.adjudication.paid_on is None:
        check.error("missing", f"{path}.adjudication.paid_on", "is missing, on lines as well.")
    on_claim = _sum(other.adjudication.adjustments)
    on_lines = sum((_sum(each.adjustments) for each in decided), Decimal(0))
    explained = other.adjudication.paid + on_claim + on_lines
    if explained != claim.charge:
        check.error(
            "claim_unbalanced",
            path,
            f"the charge is {claim.charge}, paid and adjusted are {explained}.",
        )


def _sum(adjustments: Sequence[Adjustment]) -> Decimal:
    return sum((adjustment.amount for adjustment in adjustments), Decimal(0))


def check_persons(check: Check, **providers: Provider | None) -> None:
    """Note providers that are wrong or no persons, by the name of their field."""
    for path, provider in providers.items():
        check_provider(check, path, provider, person=True)


def check_icd(check: Check, path: str, code: str) -> None:
    """Note what is no ICD-10 code as it is written: three to seven signs, no dot."""
    if not (3 <= len(code) <= 7 and code.isascii() and code.isalnum()):
        check.error("icd_invalid", path, "has not three to seven letters and digits, no dot.")
