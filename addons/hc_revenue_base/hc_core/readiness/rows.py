# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the readiness facts are derived from: rows as the database gives them.

Values here may identify a patient. They stay inside the derivation: a fact is a code, a
count, a date of service or yes / no, never a name, an address or a member id.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..code_edits import CodePairTable, UnitLimit


class CaseRow(NamedTuple):
    """One billing case with its encounter, patient, coverages, payer and facility."""

    case_id: int
    company_id: int
    encounter_id: int
    encounter_class: str
    type_of_bill: str | None
    is_scheduled: bool
    encounter_date: date
    note_signed_on: date | None
    attending_id: int | None
    referring_id: int | None
    authorization_id: int | None
    referral_id: int | None
    department_code: str | None
    facility_code: str
    facility_npi: str | None
    facility_tax_identifier: str | None
    facility_taxonomy_code: str | None
    facility_clia_number: str | None
    facility_bill_hold_days: int
    patient_id: int
    last_name: str | None
    first_name: str | None
    birth_date: date | None
    death_date: date | None
    sex: str | None
    street: str | None
    city: str | None
    state_id: int | None
    zip: str | None
    guarantor_id: int | None
    guarantor_birth_date: date | None
    same_person_count: int
    coverage_id: int | None
    coverage_order: str | None
    member_id: str | None
    subscriber_relation: str | None
    subscriber_id: int | None
    coverage_from: date | None
    coverage_to: date | None
    medicare_secondary_answered: bool | None
    eligibility_status: str | None
    eligibility_checked_on: date | None
    secondary_coverage_id: int | None
    secondary_coverage_order: str | None
    payer_id: int | None
    payer_code: str | None
    payer_type: str | None
    payer_identifier: str | None
    timely_filing_days: int | None
    timely_filing_warning_days: int | None
    eligibility_required: bool | None
    eligibility_fresh_days: int | None
    payer_bill_hold_days: int | None
    member_id_pattern: str | None
    accepts_professional_claims: bool | None
    accepts_institutional_claims: bool | None
    unanswered_query_count: int
    answered_query_count: int


class LineRow(NamedTuple):
    """One documented service with its live charge, if it has one."""

    encounter_id: int
    line_id: int
    charge_id: int | None
    service_date: date
    code_id: int
    units: str
    amount: str | None
    performer_id: int | None
    place_id: int | None
    revenue_code_id: int | None
    authorization_id: int | None
    description: str | None
    drug_code: str | None
    drug_quantity: float | None
    drug_unit: str | None
    price_is_sourced: bool | None
    charged_on: date | None
    modifier_ids: Sequence[int]
    diagnosis_ids: Sequence[int]


class CodeRow(NamedTuple):
    """One code with what billing knows about it; related codes by their text."""

    id: int
    code: str
    date_from: date
    date_to: date | None
    is_header: bool
    sex: str | None
    age_from_years: int
    age_to_years: int
    diagnoses: Sequence[str]
    primaries: Sequence[str]
    revenue_codes: Sequence[str]
    places: Sequence[str]
    companions: Sequence[str]
    modifiers: Sequence[str]
    is_drug: bool
    is_unlisted: bool
    is_laboratory: bool
    needs_referring: bool
    global_period_days: int
    is_evaluation_visit: bool

    def in_force(self, day: date) -> bool:
        return self.date_from <= day and (self.date_to is None or day <= self.date_to)


class AuthorizationRow(NamedTuple):
    """One authorization or referral, with the units charged to it by all cases."""

    id: int
    number: str
    payer_id: int
    practitioner_id: int | None
    date_from: date
    date_to: date
    approved_units: float | None
    used_units: float
    codes: Sequence[str]


class RequirementRow(NamedTuple):
    """A payer wants a procedure authorized or referred."""

    payer_id: int
    code_id: int
    place_id: int | None
    kind: str
    date_from: date
    date_to: date | None


class DocumentRequirementRow(NamedTuple):
    """A payer or a procedure calls for a document; no payer or code means any."""

    document_type: str
    company_id: int
    payer_id: int | None
    code_id: int | None
    date_from: date
    date_to: date | None


class DocumentRow(NamedTuple):
    """A document of the patient; without an encounter it counts for all of them."""

    patient_id: int
    encounter_id: int | None
    document_type: str
    expires_on: date | None


class GlobalPeriodRow(NamedTuple):
    """An earlier procedure of the patient whose global period may still run."""

    patient_id: int
    charge_id: int
    performer_id: int | None
    code: str
    service_date: date
    global_period_days: int


class AmountStatistics(NamedTuple):
    """How the amounts of a procedure spread in the history that was looked at."""

    count: int
    mean: float
    standard_deviation: float


@dataclass(slots=True)
class Tables:
    """What all cases of a batch look up."""

    codes: Mapping[int, CodeRow] = field(default_factory=dict)
    pairs: CodePairTable = field(default_factory=lambda: CodePairTable(()))
    unit_limits: Mapping[str, Sequence[UnitLimit]] = field(default_factory=dict)
    authorizations: Mapping[int, AuthorizationRow] = field(default_factory=dict)
    requirements: Mapping[tuple[int, int], Sequence[RequirementRow]] = field(default_factory=dict)
    document_requirements: Sequence[DocumentRequirementRow] = ()
    enrollments: Mapping[tuple[int, int], Sequence[tuple[date, date | None]]] = field(
        default_factory=dict
    )
    enrollment_payer_ids: frozenset[int] = frozenset()
    statistics: Mapping[tuple[int, int], AmountStatistics] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChargedLine:
    """A charge to bill, with its codes resolved."""

    row: LineRow
    code: CodeRow
    units: Decimal
    performer_id: Hashable
    place: CodeRow | None
    revenue_code: CodeRow | None
    modifiers: tuple[str, ...]

    @property
    def label(self) -> str:
        """How messages name the line: procedure and date of service."""
        return f"{self.code.code} ({self.row.service_date.isoformat()})"


@dataclass(slots=True)
class CaseSheet:
    """Everything that the facts of one case are derived from."""

    row: CaseRow
    as_of: date
    tables: Tables
    lines: Sequence[ChargedLine]
    uncharged: Sequence[CodeRow]
    diagnoses: Sequence[CodeRow]
    documents: Sequence[DocumentRow]
    global_periods: Sequence[GlobalPeriodRow]
    billed_before_ids: frozenset[int]
    service_date_from: date
    service_date_to: date

    @property
    def is_insured(self) -> bool:
        return self.row.payer_id is not None and self.row.payer_type != "self_pay"

    @property
    def claim_type(self) -> str:
        """A type of bill is what makes a bill institutional (837I, CLM05)."""
        return "institutional" if self.row.type_of_bill else "professional"

    def has_document(self, document_type: str) -> bool:
        """Whether the encounter or the patient has an unexpired document of the type."""
        return any(
            document.document_type == document_type
            and document.encounter_id in (None, self.row.encounter_id)
            and (document.expires_on is None or document.expires_on >= self.service_date_from)
            for document in self.documents
        )


def in_period(date_from: date | None, date_to: date | None, day: date) -> bool:
    """Whether a period, open where a bound is missing, holds a day."""
    return (date_from is None or date_from <= day) and (date_to is None or day <= date_to)


def age_years(birth_date: date, day: date) -> int:
    """Completed years of life on a day.

    >>> age_years(date(2008, 3, 3), date(2026, 3, 2))
    17
    """
    before_birthday = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before_birthday
