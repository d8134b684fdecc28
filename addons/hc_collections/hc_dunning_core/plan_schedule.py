# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The instalments of a plan: exact cents, monthly, safe at the end of a month.

Laws: the instalments sum to the amount; all but the last are equal, the last takes what is left and
is never the highest (so nobody owes more in the end than they were told); due dates ascend, one in
each month, on the day of the first or, in a shorter month, on its last day.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import DunningError, check_whole
from .money import ZERO, check_positive
from .plan_offers import MOST_MONTHS, instalment_of

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a plan, numbered from 1."""

    number: int
    due_on: date
    amount: Decimal


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last day.

    >>> add_months(date(2026, 1, 31), 1), add_months(date(2026, 1, 31), 2)
    (datetime.date(2026, 2, 28), datetime.date(2026, 3, 31))
    """
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def schedule(amount: Decimal, months: int, first_due: date) -> tuple[Instalment, ...]:
    """Return the instalments.

    Equal instalments are rounded up, the last takes what is left. Where rounding up would use the
    amount up before the last month, the last cents are paid in fewer months.

    >>> [str(part.amount) for part in schedule(Decimal("100.00"), 3, date(2026, 1, 31))]
    ['33.34', '33.34', '33.32']

    :raises DunningError: ``amount_invalid``, ``amount_not_positive``, ``number_invalid``
    """
    left = check_positive("amount", amount)
    check_whole("months", months, 1, MOST_MONTHS)
    equal = instalment_of(amount, months)
    parts = []
    while left > 0:
        number = len(parts) + 1
        part = min(equal, left)
        parts.append(Instalment(number, add_months(first_due, number - 1), part))
        left -= part
    return tuple(parts)


def check_schedule(instalments: Iterable[Instalment], amount: Decimal) -> None:
    """Refuse a plan whose parts do not sum, are not above zero or do not ascend.

    :raises DunningError: ``sum_differs``, ``amount_not_positive``, ``amount_invalid``,
        ``date_order``, ``not_empty``
    """
    parts = tuple(instalments)
    if not parts:
        raise DunningError("not_empty", what="instalment")
    for part in parts:
        check_positive("instalment", part.amount)
    total = sum((part.amount for part in parts), ZERO)
    if total != amount:
        raise DunningError("sum_differs", what="instalments", actual=total, expected=amount)
    for before, after in zip(parts, parts[1:], strict=False):
        if after.due_on <= before.due_on:
            raise DunningError("date_order", what="plan", first=before.due_on, last=after.due_on)
