# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where a payment plan stands on a day, from its payments.

Payments pay the oldest instalment first, whatever they were meant for, and refunds take back from
the newest that is paid: so the state depends on the sum that was received by a day, never on the
order in which payments were entered.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from .allocation import spread
from .money import ZERO
from .plan_offers import PlanPolicy
from .plan_schedule import Instalment

CURRENT = "current"
LATE = "late"
MISSED = "missed"
DEFAULTED = "defaulted"
COMPLETED = "completed"
STATES = (CURRENT, LATE, MISSED, DEFAULTED, COMPLETED)


@dataclass(frozen=True, slots=True)
class Payment:
    """Money received for a plan; below zero: refunded, charged back."""

    on: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Share:
    """What is paid of an instalment."""

    instalment: Instalment
    paid: Decimal

    @property
    def open_amount(self) -> Decimal:
        """What is still to be paid."""
        return self.instalment.amount - self.paid


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan on a day.

    :param state: ``current``; ``late``: an instalment is overdue, within the days of grace;
        ``missed``: one is not paid after them; ``defaulted``: as many as the policy says;
        ``completed``
    :param missed: how many instalments are missed on that day
    :param overpaid: what was paid beyond the plan
    :param next_due_on: due date of the oldest open instalment
    """

    state: str
    shares: tuple[Share, ...]
    missed: int
    overdue_amount: Decimal
    overpaid: Decimal
    next_due_on: date | None


def allocate(
    instalments: Iterable[Instalment], payments: Iterable[Payment], as_of: date
) -> tuple[tuple[Share, ...], Decimal]:
    """Return what is paid of each instalment by a day, and what was paid beyond them all."""
    parts = tuple(instalments)
    received = sum((each.amount for each in payments if each.on <= as_of), ZERO)
    paid, rest = spread(received, enumerate(part.amount for part in parts))
    return tuple(Share(part, paid[place]) for place, part in enumerate(parts)), rest


def shorten(instalments: Iterable[Instalment], forgiven: Decimal) -> tuple[Instalment, ...]:
    """Return the schedule without what was written off or granted, which ends it earlier.

    >>> plan = [Instalment(number, date(2026, number, 1), Decimal(50)) for number in (1, 2)]
    >>> [str(part.amount) for part in shorten(plan, Decimal(70))]
    ['30', '0']
    """
    parts = tuple(instalments)
    cuts, _rest = spread(forgiven, ((part.number, part.amount) for part in reversed(parts)))
    return tuple(replace(part, amount=part.amount - cuts[part.number]) for part in parts)


def judge(
    policy: PlanPolicy,
    instalments: tuple[Instalment, ...],
    payments: Iterable[Payment],
    as_of: date,
    defaulted_on: date | None = None,
) -> PlanState:
    """Say where a plan stands on a day.

    An instalment is late from the day after its due date, and missed from the day after the days of
    grace. A plan that was paid up again is current again, unless it was ended.

    :param defaulted_on: when the plan was ended for default; it stays ended, whatever is paid,
        until somebody agrees on a new one
    """
    shares, overpaid = allocate(instalments, payments, as_of)
    unpaid = [share for share in shares if share.open_amount > 0]
    late = [share for share in unpaid if as_of > share.instalment.due_on]
    grace = timedelta(days=policy.grace_days)
    missed = sum(as_of > share.instalment.due_on + grace for share in late)
    if defaulted_on is not None and defaulted_on <= as_of:
        state = DEFAULTED
    elif not unpaid:
        state = COMPLETED
    elif missed >= policy.missed_until_default:
        state = DEFAULTED
    elif missed:
        state = MISSED
    else:
        state = LATE if late else CURRENT
    return PlanState(
        state,
        shares,
        missed,
        sum((share.open_amount for share in late), ZERO),
        overpaid,
        unpaid[0].instalment.due_on if unpaid else None,
    )
