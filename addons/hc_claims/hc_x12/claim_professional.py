# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The professional claim (005010X222A1): what a CMS-1500 says, and more."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .claim import Claim, Note, ServiceLine
from .parties import Address, Contact, Facility, Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class AmbulanceTransport:
    """An ambulance ride (CR1, CRC*07, loops 2310E and 2310F).

    Attributes:
        reason: why the patient was moved, `A` to `E` (CR104).
        conditions: at most five of `01` `04` `05` `06` `07` `08` `09` `12` (CRC03 to CRC07).
        conditions_apply: whether they do, or do not.
    """

    reason: str
    miles: Decimal
    pick_up: Address
    drop_off: Address
    drop_off_name: str = ""
    patient_weight_pounds: Decimal | None = None
    round_trip_purpose: str = ""
    stretcher_purpose: str = ""
    conditions: tuple[str, ...] = ()
    conditions_apply: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """A certification (CRC): category, whether it applies, its codes.

    Categories on the claim: `E1` `E2` `E3` vision, `75` homebound, `ZZ` screening referral;
    on a line: `70` hospice employee, `09` equipment.
    """

    category: str
    codes: tuple[str, ...]
    applies: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalLine(ServiceLine):
    """One procedure (loop 2400, SV1).

    Attributes:
        diagnosis_pointers: places of up to four of the claim's diagnoses, from 1.
        place_of_service: where it differs from the claim's.
        authorizations, referrals: numbers for this line only.
        purchased_provider: who was paid ``purchased_amount`` for the service.
    """

    diagnosis_pointers: tuple[int, ...] = (1,)
    place_of_service: str = ""
    is_emergency: bool = False
    is_epsdt: bool = False
    is_family_planning: bool = False
    is_copay_exempt: bool = False
    conditions: tuple[Condition, ...] = ()
    prescription_on: date | None = None
    certification_revised_on: date | None = None
    therapy_began_on: date | None = None
    last_certified_on: date | None = None
    last_seen_on: date | None = None
    hemoglobin_tested_on: date | None = None
    creatinine_tested_on: date | None = None
    shipped_on: date | None = None
    last_x_ray_on: date | None = None
    initial_treatment_on: date | None = None
    anesthesia_extra_units: Decimal | None = None
    prior_authorization: str = ""
    mammography_number: str = ""
    clia_number: str = ""
    referring_clia_number: str = ""
    immunization_batch: str = ""
    referral: str = ""
    sales_tax: Decimal | None = None
    postage: Decimal | None = None
    fixed_format: tuple[str, ...] = ()
    note: Note | None = None
    third_party_note: str = ""
    purchased_provider: Provider | None = None
    purchased_amount: Decimal | None = None
    purchased_id: str = ""
    service_facility: Facility | None = None
    supervising: Provider | None = None
    ordering: Provider | None = None
    ordering_address: Address | None = None
    ordering_contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfessionalClaim(Claim):
    """A claim of a physician, therapist, laboratory or supplier.

    Attributes:
        place_of_service: CMS place of service code (CLM05-1).
        diagnoses: ICD-10-CM codes without dot, the principal one first, up to twelve.
        lines: one to fifty.
        related_causes: `AA` auto accident, `EM` employment, `OA` other accident.
        accident_state: for auto accidents.
    """

    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[ProfessionalLine, ...]
    signature_on_file: bool = True
    patient_signature_by_provider: bool = False
    related_causes: tuple[str, ...] = ()
    accident_state: str = ""
    accident_country: str = ""
    special_program: str = ""
    patient_died_on: date | None = None
    patient_weight_pounds: Decimal | None = None
    patient_is_pregnant: bool = False
    onset_on: date | None = None
    initial_treatment_on: date | None = None
    last_seen_on: date | None = None
    acute_manifestation_on: date | None = None
    accident_on: date | None = None
    last_menstrual_period_on: date | None = None
    last_x_ray_on: date | None = None
    vision_prescription_on: date | None = None
    disability_from: date | None = None
    disability_to: date | None = None
    last_worked_on: date | None = None
    return_to_work_on: date | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None
    care_assumed_on: date | None = None
    care_relinquished_on: date | None = None
    first_contact_on: date | None = None
    patient_paid: Decimal | None = None
    medicare_crossover: str = ""
    mammography_number: str = ""
    clia_number: str = ""
    care_plan_oversight: str = ""
    note: Note | None = None
    conditions: tuple[Condition, ...] = ()
    anesthesia_procedures: tuple[str, ...] = ()
    primary_care_referring: Provider | None = None
    supervising: Provider | None = None
    ambulance: AmbulanceTransport | None = None
