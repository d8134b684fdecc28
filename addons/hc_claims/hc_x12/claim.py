# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A claim as it leaves the practice, whatever its form; amounts are Decimals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .parties import BillingProvider, Coverage, Facility, Patient, Provider

FREQUENCY_ORIGINAL = "1"
FREQUENCY_REPLACEMENT = "7"
FREQUENCY_VOID = "8"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Why a payer paid another amount: CAS group, CARC, amount (positive reduces)."""

    group: str
    reason: str
    amount: Decimal
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAdjudication:
    """What an earlier payer decided on one service line (loop 2430).

    Attributes:
        payer_id: identifier of that payer, as in the claim's other coverages.
        procedure, modifiers, units: as that payer paid; empty as billed.
        bundled_line: number of the line that this one was paid with (SVD06).
        patient_liability: what that payer leaves to the patient, where no CAS says it.
    """

    payer_id: str
    paid: Decimal
    paid_on: date
    adjustments: tuple[Adjustment, ...] = ()
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    units: Decimal | None = None
    bundled_line: int = 0
    patient_liability: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjudication:
    """What an earlier payer decided on the whole claim (loops 2320, 2330B).

    Attributes:
        paid: AMT*D, what that payer paid for the claim.
        paid_on: date of the check or remittance, where no line carries one.
        adjustments: those on claim level only; lines carry their own.
        remarks: remark codes (MOA), at most five.
        claim_number: the number that payer gave the claim.
        covered_days: of a stay, for institutional claims only (MIA01).
    """

    paid: Decimal
    paid_on: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    claim_number: str = ""
    covered_days: Decimal | None = None
    non_covered: Decimal | None = None
    patient_liability: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCoverage:
    """A payer besides the one this claim goes to.

    Attributes:
        relationship: of the patient to that subscriber; `18` is the subscriber.
        adjudication: present once that payer decided.
    """

    coverage: Coverage
    relationship: str = "18"
    adjudication: Adjudication | None = None
    benefits_assigned: str = "Y"
    release_of_information: str = "Y"
    prior_authorization: str = ""
    referral: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A document sent apart (PWK): report type, way of sending, its control number."""

    report_type: str
    transmission: str
    control_number: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Free text (NTE); ``kind`` is `ADD` additional information, `CER`, `DCP` and others."""

    text: str
    kind: str = "ADD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """The drug behind a line: NDC of 11 digits, quantity and its unit (loop 2410)."""

    ndc: str
    quantity: Decimal
    unit: str = "UN"
    prescription: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLine:
    """What lines of both forms carry.

    Attributes:
        control_number: comes back with the payer's answer (REF*6R); unique in the claim.
        description: for procedures that have no code of their own.
    """

    charge: Decimal
    units: Decimal = Decimal(1)
    unit: str = "UN"
    procedure: str = ""
    procedure_qualifier: str = "HC"
    modifiers: tuple[str, ...] = ()
    description: str = ""
    service_from: date | None = None
    service_to: date | None = None
    control_number: str = ""
    repriced_number: str = ""
    adjusted_repriced_number: str = ""
    attachments: tuple[Attachment, ...] = ()
    drug: Drug | None = None
    rendering: Provider | None = None
    referring: Provider | None = None
    adjudications: tuple[LineAdjudication, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What claims of both forms carry.

    Attributes:
        claim_id: patient control number, CLM01; payers return it.
        charge: total of the lines.
        frequency: `1` original, `7` replacement, `8` void; the last two need the
            payer's number in ``payer_claim_control_number``.
        coverage: the payer this claim goes to, and its subscriber.
        patient: only where the patient is not the subscriber.
        other_coverages: earlier and later payers, with what they decided.
    """

    claim_id: str
    charge: Decimal
    billing_provider: BillingProvider
    coverage: Coverage
    patient: Patient | None = None
    frequency: str = FREQUENCY_ORIGINAL
    assignment: str = "A"
    benefits_assigned: str = "Y"
    release_of_information: str = "Y"
    delay_reason: str = ""
    attachments: tuple[Attachment, ...] = ()
    service_authorization_exception: str = ""
    referral: str = ""
    prior_authorization: str = ""
    payer_claim_control_number: str = ""
    repriced_number: str = ""
    adjusted_repriced_number: str = ""
    investigational_device: str = ""
    clearinghouse_number: str = ""
    medical_record_number: str = ""
    demonstration_project: str = ""
    property_casualty_number: str = ""
    repricer_received_on: date | None = None
    fixed_format: tuple[str, ...] = ()
    condition_codes: tuple[str, ...] = ()
    rendering: Provider | None = None
    referring: Provider | None = None
    service_facility: Facility | None = None
    other_coverages: tuple[OtherCoverage, ...] = ()
