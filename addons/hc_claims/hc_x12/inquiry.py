# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a provider asks a payer: is the patient covered, what became of the claim."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .parties import Name, Patient, Payer, Provider, Subscriber

HEALTH_BENEFIT_PLAN = "30"


@dataclass(frozen=True, slots=True, kw_only=True)
class EligibilityInquiry:
    """One patient's benefits at one payer (270).

    Attributes:
        trace_number: comes back in the answer (TRN02); the caller never uses one twice.
        trace_originator: who gave it, ten characters: `1` and the employer number, or
            `9` and a number of one's own (TRN03).
        provider: who asks.
        patient: only where the patient is not the subscriber.
        service_types: what is asked about (EQ01); `30` is the plan as a whole.
        serves_from, serves_to: days of service; without them, the day of the inquiry.
    """

    trace_number: str
    trace_originator: str
    payer: Payer
    provider: Provider
    subscriber: Subscriber
    patient: Patient | None = None
    service_types: tuple[str, ...] = (HEALTH_BENEFIT_PLAN,)
    serves_from: date | None = None
    serves_to: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusLine:
    """One service line whose status is asked for; ``revenue_code`` for institutions."""

    charge: Decimal
    units: Decimal
    service_from: date
    service_to: date | None = None
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    revenue_code: str = ""
    control_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimStatusRequest:
    """One claim's status at one payer (276).

    Attributes:
        trace_number: comes back in the answer (TRN02).
        receiver, receiver_id: who gets the answer, and its number with the payer.
        payer_claim_number: the number that the payer gave the claim (REF*1K).
        claim_id: patient control number of the claim (REF*EJ).
        bill_type: of an institutional claim, three digits (REF*BLT).
        clearinghouse_number: claim number given on the way (REF*D9).
    """

    trace_number: str
    payer: Payer
    receiver: Name
    receiver_id: str
    provider: Provider
    subscriber: Subscriber
    patient: Patient | None = None
    payer_claim_number: str = ""
    bill_type: str = ""
    group_number: str = ""
    claim_id: str = ""
    clearinghouse_number: str = ""
    charge: Decimal | None = None
    service_from: date | None = None
    service_to: date | None = None
    lines: tuple[StatusLine, ...] = ()
