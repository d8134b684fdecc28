# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The institutional claim (005010X223A2): what a UB-04 says."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from .claim import Claim, Note, ServiceLine
from .parties import Provider


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An ICD-10-CM code without dot, and whether it was present on admission.

    ``on_admission`` is `Y`, `N`, `U` unknown, `W` undetermined, or empty where exempt.
    """

    code: str
    on_admission: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """An ICD-10-PCS procedure and its day."""

    code: str
    performed_on: date


@dataclass(frozen=True, slots=True)
class Occurrence:
    """An occurrence code and its day; a span has an end."""

    code: str
    begins_on: date
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ValueAmount:
    """A value code and its amount, which may be a count."""

    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionalLine(ServiceLine):
    """One revenue code (loop 2400, SV2); ``unit`` is `UN` units or `DA` days."""

    revenue_code: str
    non_covered: Decimal | None = None
    service_tax: Decimal | None = None
    facility_tax: Decimal | None = None
    third_party_note: str = ""
    operating: Provider | None = None
    other_operating: Provider | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionalClaim(Claim):
    """A claim of a hospital, nursing facility, home health agency or hospice.

    Attributes:
        facility_type: first two digits of the type of bill after its zero, such as `11`
            hospital inpatient; its last digit is ``frequency``.
        admission_type, admission_source, patient_status: CL1, codes of the NUBC.
        admission_hour, discharge_hour: the hour counts, the minutes are sent as they are.
        visit_reasons: diagnoses that brought an outpatient, at most three.
        drg: diagnosis related group.
        notes: at most ten, besides ``billing_note``.
    """

    facility_type: str
    statement_from: date
    statement_to: date
    patient_status: str
    principal_diagnosis: Diagnosis
    lines: tuple[InstitutionalLine, ...]
    admission_type: str = ""
    admission_source: str = ""
    admitted_on: date | None = None
    admission_hour: time | None = None
    discharge_hour: time | None = None
    admitting_diagnosis: str = ""
    visit_reasons: tuple[str, ...] = ()
    external_causes: tuple[Diagnosis, ...] = ()
    drg: str = ""
    other_diagnoses: tuple[Diagnosis, ...] = ()
    principal_procedure: Procedure | None = None
    other_procedures: tuple[Procedure, ...] = ()
    occurrence_spans: tuple[Occurrence, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    value_amounts: tuple[ValueAmount, ...] = ()
    treatment_codes: tuple[str, ...] = ()
    patient_estimated_due: Decimal | None = None
    auto_accident_state: str = ""
    peer_review_approval: str = ""
    notes: tuple[Note, ...] = ()
    billing_note: str = ""
    attending: Provider | None = None
    operating: Provider | None = None
    other_operating: Provider | None = None
