# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether a promise to pay was kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .errors import DunningError, check_whole
from .money import ZERO, check_positive, words
from .plan_state import Payment

OPEN = "open"
KEPT = "kept"
PARTLY = "partly"
BROKEN = "broken"
OUTCOMES = (OPEN, KEPT, PARTLY, BROKEN)


@dataclass(frozen=True, slots=True)
class PromisePolicy:
    """What a collector may accept.

    :param grace_days: days after the promised day in which a payment still counts
    :param most_days: how far ahead a promise may lie
    :param least_percent: of the balance that must be promised
    :raises DunningError: ``number_invalid``
    """

    grace_days: int = 3
    most_days: int = 30
    least_percent: int = 0

    def __post_init__(self) -> None:
        check_whole("days of grace", self.grace_days)
        check_whole("days ahead", self.most_days)
        check_whole("least percentage", self.least_percent)


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


def refusals(policy: PromisePolicy, promise: Promise, balance: Decimal) -> tuple[str, ...]:
    """Return why a collector may not accept a promise; empty where they may.

    >>> promise = Promise(date(2026, 1, 1), date(2026, 1, 31), Decimal(5))
    >>> refusals(PromisePolicy(), promise, Decimal(5))
    ()
    """
    found = []
    latest = promise.made_on + timedelta(days=policy.most_days)
    if promise.due_on > latest:
        found.append(f"The promise is for {promise.due_on}; the latest day is {latest}.")
    if promise.amount > balance:
        found.append(f"The promise of {words(promise.amount)} is above the balance.")
    elif promise.amount * 100 < balance * policy.least_percent:
        found.append(
            f"The promise of {words(promise.amount)} is below {policy.least_percent} % of "
            f"{words(balance)}."
        )
    return tuple(found)
