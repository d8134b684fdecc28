# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether inquiries can be written."""

from .check_claim import RELATIONSHIPS
from .check_parties import (
    GENDERS,
    Check,
    check_address,
    check_name,
    check_payer,
    check_provider,
    paths,
)
from .findings import Finding
from .inquiry import ClaimStatusRequest, EligibilityInquiry
from .parties import Patient, Subscriber

SERVICE_TYPES_MAX = 99
# What can be said of a dependent's relationship in INS02 of an eligibility inquiry.
INQUIRY_RELATIONSHIPS = frozenset(("01", "19", "34"))


def check_eligibility(inquiry: EligibilityInquiry) -> list[Finding]:
    """Return what is wrong with an inquiry; it is written where none of it is an error."""
    check = Check(inquiry.trace_number)
    _check_trace(check, inquiry.trace_number)
    originator = inquiry.trace_originator
    if len(originator) != 10 or originator[0] not in "139":
        check.error(
            "originator_invalid", "trace_originator", "has not ten characters, from 1, 3 or 9."
        )
    check_payer(check, "payer", inquiry.payer)
    check_provider(check, "provider", inquiry.provider)
    if inquiry.provider.identifiers or not inquiry.provider.npi:
        check.error("npi_missing", "provider", "is known by its NPI alone.")
    _check_search(check, inquiry.subscriber, inquiry.patient)
    if not inquiry.service_types:
        check.error("missing", "service_types", "is empty: ask for 30, the plan as a whole.")
    check.at_most("service_types", inquiry.service_types, SERVICE_TYPES_MAX)
    if len(set(inquiry.service_types)) != len(inquiry.service_types):
        check.error("service_type_repeated", "service_types", "asks for one type twice.")
    check.period("serves_to", inquiry.serves_from, inquiry.serves_to)
    if inquiry.serves_to is not None:
        check.required("serves_from", inquiry.serves_from)
    return check.findings


def _check_search(check: Check, holder: Subscriber, patient: Patient | None) -> None:
    """Note what a payer needs to find the patient.

    Guide, section 1.4.8: member number, name and birth date; payers must also search by
    three of the four.
    """
    if patient is None:
        known = (holder.member_id, holder.name.last, holder.name.first, holder.birth_date)
        if sum(map(bool, known)) < 3:
            text = "needs three of member number, last name, first name and birth date."
            check.error("search_too_wide", "subscriber", text)
        elif not all(known):
            check.warning("search_alternate", "subscriber", "not all payers search by so little.")
        check_address(check, "subscriber.address", holder.address)
        if holder.gender:
            check.one_of("subscriber.gender", holder.gender, GENDERS)
        return
    check.required("subscriber.member_id", holder.member_id)
    _check_patient(check, patient)


def _check_patient(check: Check, patient: Patient) -> None:
    check_name(check, "patient.name", patient.name, person=True)
    check.required("patient.birth_date", patient.birth_date)
    check.one_of("patient.gender", patient.gender, GENDERS)
    check.one_of("patient.relationship", patient.relationship, RELATIONSHIPS)
    check_address(check, "patient.address", patient.address)


def _check_trace(check: Check, number: str) -> None:
    check.required("trace_number", number)
    if number != number.strip().upper() or len(number) > 50:
        check.error("number_changes", "trace_number", "use up to 50 capitals and digits.")


def check_status(request: ClaimStatusRequest) -> list[Finding]:
    """Return what is wrong with a request; it is written where none of it is an error."""
    check = Check(request.trace_number)
    _check_trace(check, request.trace_number)
    check_payer(check, "payer", request.payer)
    check_name(check, "receiver", request.receiver)
    check.required("receiver_id", request.receiver_id)
    check_provider(check, "provider", request.provider)
    check.required("provider.npi", request.provider.npi)
    check_name(check, "subscriber.name", request.subscriber.name)
    check.required("subscriber.member_id", request.subscriber.member_id)
    if request.patient is None:
        check.required("subscriber.birth_date", request.subscriber.birth_date)
        check.one_of("subscriber.gender", request.subscriber.gender, GENDERS)
    else:
        _check_patient(check, request.patient)
    check.not_negative("charge", request.charge)
    check.period("service_to", request.service_from, request.service_to)
    if not request.lines:
        check.required("service_from", request.service_from)
    for path, line in paths("lines", request.lines):
        check.not_negative(f"{path}.charge", line.charge)
        check.quantity(f"{path}.units", line.units)
        check.at_most(f"{path}.modifiers", line.modifiers, 4)
        check.period(f"{path}.service_to", line.service_from, line.service_to)
        if not line.procedure:
            check.required(f"{path}.revenue_code", line.revenue_code)
    return check.findings
