# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is known of a debt when an act is judged.

``None`` is unknown. A rule that would need an unknown fact blocks and names the fact: what nobody
knows never lets an act through.
"""

from dataclasses import dataclass
from datetime import date, tzinfo
from decimal import Decimal

NO_ASSISTANCE = "none"
PENDING = "pending"
GRANTED = "granted"
DENIED = "denied"


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact that was made or tried; ``counts`` is false where the law leaves a call out."""

    on: date
    kind: str
    debt: str = ""
    is_conversation: bool = False
    counts: bool = True


@dataclass(frozen=True, slots=True)
class ChannelDay:
    """A consent or a revocation: the act kind it is about, and the day it was received."""

    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Reply:
    """A message from the patient, as received."""

    kind: str
    on: date
    text: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A good-faith estimate of one provider, what was billed, and a dispute about it."""

    scheduled_on: date | None = None
    service_on: date | None = None
    requested_on: date | None = None
    given_on: date | None = None
    expected_amount: Decimal | None = None
    billed_amount: Decimal | None = None
    initial_bill_on: date | None = None
    disputed_on: date | None = None
    dispute_closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Validation:
    """What a collector told the patient about the debt, and the answer."""

    first_contact_on: date | None = None
    notice_sent_on: date | None = None
    disputed_on: date | None = None
    verified_on: date | None = None


@dataclass(frozen=True, slots=True)
class DebtFacts:
    """One debt of one patient with one provider.

    :param facility_kind: for example ``nonprofit_hospital``; empty: unknown
    :param states: ISO 3166-2 codes of facility and patient; None: unknown
    :param zones: the time zones in which the patient may be; more than one where it is unknown
    :param payer_programs: for example ``medicare``; None: unknown
    :param notice_on: when the written notice of extraordinary action went out
    :param notice_deadline: the day that this notice names
    :param notice_has_summary: whether the notice, as it was sent, carried the summary of financial
        assistance
    :param charged_amount: what the patient is asked for the care
    :param generally_billed_limit: the most that an eligible patient may be charged
    :param opted_out: act kinds that the patient does not want
    :param contractual_amount: of the balance, what the payer made the provider's (CO, PI)
    :param cost_share_limit: what a patient protected from surprise bills owes at most
    :param offers_made: for example ``payment_plan``, ``assistance_screening``
    """

    facility_kind: str = ""
    states: frozenset[str] | None = None
    zones: tuple[tzinfo, ...] = ()
    payer_programs: frozenset[str] | None = None
    balance: Decimal | None = None
    is_paid: bool = False
    adjudicated_on: date | None = None
    first_statement_on: date | None = None
    last_statement_on: date | None = None
    statements_sent: int = 0
    last_payment_on: date | None = None
    delinquent_on: date | None = None
    notice_on: date | None = None
    notice_deadline: date | None = None
    notice_has_summary: bool = False
    assistance: str = NO_ASSISTANCE
    charged_amount: Decimal | None = None
    generally_billed_limit: Decimal | None = None
    has_agency_agreement: bool = False
    contacts: tuple[Contact, ...] = ()
    opted_out: frozenset[str] = frozenset()
    cease_on: date | None = None
    consents: tuple[ChannelDay, ...] = ()
    revocations: tuple[ChannelDay, ...] = ()
    replies: tuple[Reply, ...] = ()
    estimate: Estimate | None = None
    validation: Validation = Validation()
    is_dual_eligible: bool = False
    contractual_amount: Decimal = Decimal(0)
    is_surprise_protected: bool = False
    cost_share_limit: Decimal | None = None
    offers_made: frozenset[str] = frozenset()
