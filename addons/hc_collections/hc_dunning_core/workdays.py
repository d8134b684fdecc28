# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Days on which the office works: neither weekend nor holiday; both passed in."""

from dataclasses import dataclass
from datetime import date, timedelta

from .errors import DunningError

SATURDAY, SUNDAY = 5, 6
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Workdays:
    """A working calendar.

    :param holidays: days that are not worked
    :param weekend: weekdays that are not worked, 0 is Monday; never all seven
    """

    holidays: frozenset[date] = frozenset()
    weekend: frozenset[int] = frozenset({SATURDAY, SUNDAY})

    def __post_init__(self) -> None:
        if set(range(7)) <= self.weekend:
            raise DunningError("not_empty", what="working day of the week")

    def is_open(self, day: date) -> bool:
        """Whether the day is worked."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_open(self, day: date) -> date:
        """Return the day itself, or the first worked day after it.

        >>> Workdays(frozenset({date(2026, 1, 5)})).next_open(date(2026, 1, 3))
        datetime.date(2026, 1, 6)
        """
        while not self.is_open(day):
            day += _DAY
        return day

    def add(self, day: date, count: int) -> date:
        """Return the worked day that is ``count`` worked days after a day.

        The day itself never counts: the usual reading of "within n business days of".

        >>> Workdays().add(date(2026, 1, 2), 10)
        datetime.date(2026, 1, 16)
        """
        for _step in range(count):
            day = self.next_open(day + _DAY)
        return day

    def between(self, first: date, last: date) -> int:
        """Count the worked days after ``first``, up to and with ``last``.

        >>> Workdays().between(date(2026, 1, 2), date(2026, 1, 16))
        10
        """
        days = (last - first).days
        return sum(self.is_open(first + timedelta(days=step)) for step in range(1, days + 1))
