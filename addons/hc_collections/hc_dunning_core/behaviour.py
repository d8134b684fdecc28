# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How an account has paid so far, from what was settled before a day.

Nothing that happened on the day or after it counts: an item that was settled later is still open on
that day. So a figure of the past can be worked out again, and a score never knows the future.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class BilledItem:
    """One bill: when it was issued and due, its amount, when it was settled."""

    issued_on: date
    due_on: date
    amount: Decimal
    settled_on: date | None = None
    is_disputed: bool = False

    def days_late(self) -> int:
        """Return by how many days a settled item was late, 0 where it was in time."""
        return max((self.settled_on - self.due_on).days, 0)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Figures of the items settled before a day, and of those open on it.

    ``None`` is unknown: nothing was settled yet.

    :param late_percent: of the settled items, those that were late
    :param mean_days_late: over all settled items
    :param is_last_late: whether the item settled last was late
    :param dispute_percent: of the settled items, those that were disputed
    :param open_overdue: how many open items are past their due date
    """

    settled: int
    late_percent: int | None
    mean_days_late: int | None
    is_last_late: bool | None
    dispute_percent: int | None
    open_overdue: int


def behaviour(items: Iterable[BilledItem], as_of: date) -> Behaviour:
    """Return the figures on a day.

    >>> item = BilledItem(date(2026, 1, 1), date(2026, 1, 31), Decimal(90), date(2026, 2, 10))
    >>> behaviour([item], date(2026, 2, 11)).mean_days_late
    10
    >>> behaviour([item], date(2026, 2, 10)).open_overdue
    1
    """
    issued = [item for item in items if item.issued_on < as_of]
    settled = [item for item in issued if item.settled_on and item.settled_on < as_of]
    open_overdue = len(
        [
            item
            for item in issued
            if item.due_on < as_of and not (item.settled_on and item.settled_on < as_of)
        ]
    )
    count = len(settled)
    if not count:
        return Behaviour(0, None, None, None, None, open_overdue)
    late = sum(item.days_late() > 0 for item in settled)
    # Of several items settled on one day the latest one is the last.
    last = max(settled, key=lambda item: (item.settled_on, item.days_late()))
    return Behaviour(
        count,
        _round(late * 100, count),
        _round(sum(item.days_late() for item in settled), count),
        last.days_late() > 0,
        _round(sum(item.is_disputed for item in settled) * 100, count),
        open_overdue,
    )


def _round(total: int, count: int) -> int:
    """The mean as a whole number, halves up."""
    return (2 * total + count) // (2 * count)
