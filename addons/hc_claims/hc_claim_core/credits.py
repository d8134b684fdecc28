# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Why a party has a credit, and until when it is to be reported and returned.

The clock is that of the federal overpayment rule: an overpayment of Medicare or Medicaid is
reported and returned within 60 days after it was identified (42 U.S.C. 1320a-7k(d)). It is
identified when somebody knowingly receives or retains it, which includes deliberate ignorance and
reckless disregard (42 CFR 401.305(a)(2) as amended from 1 January 2025, CY 2025 Physician Fee
Schedule final rule, 89 FR 97710). The period is suspended while a timely good-faith investigation
looks for related overpayments, until it ends or 180 days after it was begun (401.305(b)(3)). That
suspension is written for Medicare Parts A and B. Days are data of the office, see
``hc.overpayment.rule``; counsel reviews them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

DUPLICATE = "duplicate_payment"
BOTH_PRIMARY = "both_primary"
PATIENT_OVERPAID = "patient_overpaid"
ALLOWANCE_TWICE = "allowance_twice"
TAKEBACK_PENDING = "takeback_pending"
UNKNOWN = "unknown"

CAUSES = (
    (DUPLICATE, "Paid Twice"),
    (BOTH_PRIMARY, "Two Payers Paid as Primary"),
    (PATIENT_OVERPAID, "Patient Paid Too Much"),
    (ALLOWANCE_TWICE, "Allowance Taken Twice"),
    (TAKEBACK_PENDING, "Payer Takes It Back"),
    (UNKNOWN, "Not Known Yet"),
)

AGE_BANDS = (
    (30, "0-30"),
    (60, "31-60"),
    (90, "61-90"),
    (180, "91-180"),
    (None, "181+"),
)


@dataclass(frozen=True, slots=True)
class CreditFacts:
    """What is known of a credit when its cause is proposed.

    Attributes:
        amount: of the credit, above zero.
        is_patient: whose money it is.
        payments: what the party paid on the case, each.
        allowances: what was allowed off the party's receivable, each.
        other_payers_paid_as_primary: whether another payer of the case answered as primary.
        takeback_announced: whether the payer has announced to take money of the claim back.
    """

    amount: Decimal
    is_patient: bool = False
    payments: tuple[Decimal, ...] = ()
    allowances: tuple[Decimal, ...] = ()
    other_payers_paid_as_primary: bool = False
    takeback_announced: bool = False


def propose_cause(facts: CreditFacts) -> str:
    """The likeliest cause; a person chooses. The first of these rules that holds:

    the payer has said that it takes the money back; it paid the same amount twice; another payer
    paid as primary as well; the same allowance was taken twice; the patient paid more than the
    share that the payers left.

    >>> paid = Decimal("80.00")
    >>> propose_cause(CreditFacts(paid, payments=(paid, paid)))
    'duplicate_payment'
    >>> propose_cause(CreditFacts(paid, is_patient=True, payments=(paid,)))
    'patient_overpaid'
    >>> propose_cause(CreditFacts(paid, payments=(paid,)))
    'unknown'
    """
    if facts.takeback_announced:
        return TAKEBACK_PENDING
    if _has_twin(facts.payments):
        return DUPLICATE
    if facts.is_patient:
        return PATIENT_OVERPAID
    if facts.other_payers_paid_as_primary:
        return BOTH_PRIMARY
    if _has_twin(facts.allowances):
        return ALLOWANCE_TWICE
    return UNKNOWN


def _has_twin(amounts: tuple[Decimal, ...]) -> bool:
    real = [amount for amount in amounts if amount > 0]
    return len(set(real)) < len(real)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time to return a credit.

    Attributes:
        identified_on: the day on which the office knew.
        return_days: days to report and return; 0: no such duty.
        suspension_days: longest suspension; 0: none.
        suspended_on: when an investigation was begun.
        suspension_ended_on: when it was concluded.
    """

    identified_on: date
    return_days: int
    suspension_days: int = 0
    suspended_on: date | None = None
    suspension_ended_on: date | None = None

    @property
    def suspension_limit(self) -> date | None:
        """The last day of the suspension, whether or not the investigation is concluded."""
        if self.suspended_on is None:
            return None
        limit = self.suspended_on + timedelta(days=self.suspension_days)
        return min(limit, self.suspension_ended_on) if self.suspension_ended_on else limit

    @property
    def deadline(self) -> date | None:
        """The last day to report and return; None where there is no such duty.

        >>> Clock(date(2026, 3, 2), 60).deadline
        datetime.date(2026, 5, 1)
        >>> Clock(date(2026, 3, 2), 60, 180, date(2026, 3, 12)).deadline
        datetime.date(2026, 10, 28)
        """
        if not self.return_days:
            return None
        last = self.identified_on + timedelta(days=self.return_days)
        limit = self.suspension_limit
        return last + (limit - self.suspended_on) if limit else last

    def is_suspended(self, as_of: date) -> bool:
        """Whether the clock stands still on a day."""
        limit = self.suspension_limit
        return limit is not None and self.suspended_on <= as_of < limit


def age_band(found_on: date, as_of: date) -> str:
    """How long a credit is known, as a band.

    >>> age_band(date(2026, 1, 1), date(2026, 2, 5))
    '31-60'
    """
    days = (as_of - found_on).days
    return next(name for limit, name in AGE_BANDS if limit is None or days <= limit)
