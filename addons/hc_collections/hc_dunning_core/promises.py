# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether a promise to pay was kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .errors import DunningError, check_whole
from .money import ZERO, check_positive
from .plan_state import Payment

OPEN = "open"
KEPT = "kept"
PARTLY = "partly"
BROKEN = "broken"
OUTCOMES = (OPEN, KEPT, PARTLY, BROKEN)


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised, when, and until when.

    :raises DunningError: ``amount_invalid``, ``amount_not_positive``, ``date_order``,
        ``number_invalid``
    """

    made_on: date
    due_on: date
    amount: Decimal
    grace_days: int = 3

    def __post_init__(self) -> None:
        check_positive("promised amount", self.amount)
        check_whole("days of grace", self.grace_days)
        if self.due_on < self.made_on:
            raise DunningError("date_order", what="promise", first=self.made_on, last=self.due_on)

    @property
    def last_day(self) -> date:
        """The last day on which a payment counts."""
        return self.due_on + timedelta(days=self.grace_days)


@dataclass(frozen=True, slots=True)
class PromiseState:
    """A promise on a day: of ``OUTCOMES``, what was received and what is missing."""

    outcome: str
    received: Decimal
    missing: Decimal


def judge(promise: Promise, payments: Iterable[Payment], as_of: date) -> PromiseState:
    """Judge a promise on a day, from the payments between its making and its last day.

    Kept as soon as the amount is there; otherwise open through the last day, then partly kept or
    broken. Refunds within that time take back.

    >>> promise = Promise(date(2026, 1, 2), date(2026, 1, 10), Decimal("50.00"))
    >>> judge(promise, [Payment(date(2026, 1, 13), Decimal("50.00"))], date(2026, 1, 14)).outcome
    'kept'
    >>> judge(promise, [], date(2026, 1, 13)).outcome, judge(promise, [], date(2026, 1, 14)).outcome
    ('open', 'broken')
    """
    last = min(promise.last_day, as_of)
    received = sum((each.amount for each in payments if promise.made_on <= each.on <= last), ZERO)
    received = max(received, ZERO)
    missing = max(promise.amount - received, ZERO)
    if not missing:
        outcome = KEPT
    elif as_of <= promise.last_day:
        outcome = OPEN
    else:
        outcome = PARTLY if received else BROKEN
    return PromiseState(outcome, received, missing)
