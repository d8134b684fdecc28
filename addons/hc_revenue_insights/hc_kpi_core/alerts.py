# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""When a figure is worth telling somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from statistics import median

CONDITIONS = ("above", "below", "off_target", "worse_than_usual")
# Fewer known days say nothing of what is usual.
USUAL_DAYS_MIN = 7
USUAL_DAYS = 28
_PLACES = Decimal("0.01")


@dataclass(frozen=True)
class AlertCondition:
    """What a figure is measured by, and for how many days in a row it must be beyond it.

    :ivar kind: one of CONDITIONS
    :ivar direction: ``higher`` where a higher figure is better, else ``lower``
    :ivar bound: of ``above`` and ``below``
    :ivar percent: of ``worse_than_usual``: how much worse than the median of the weeks before
    :ivar days_in_row: so many last days must all be beyond
    """

    kind: str
    direction: str
    bound: Decimal | None = None
    percent: Decimal = Decimal(0)
    days_in_row: int = 1

    def get_bound(
        self, figures: Mapping[date, Decimal | None], day: date, target: Decimal | None
    ) -> Decimal | None:
        """What the figure of a day is measured by; None where nothing is known to measure by."""
        if self.kind in ("above", "below"):
            return self.bound
        if self.kind == "off_target":
            return target
        before = (figures.get(day - timedelta(days=back)) for back in range(1, USUAL_DAYS + 1))
        usual = [value for value in before if value is not None]
        if len(usual) < USUAL_DAYS_MIN:
            return None
        share = 1 + self.percent / 100 if self.direction == "lower" else 1 - self.percent / 100
        return (median(usual) * share).quantize(_PLACES, ROUND_HALF_UP)

    def is_beyond(self, value: Decimal | None, bound: Decimal | None) -> bool:
        """Whether a value is worse than its bound; what is not known is not.

        >>> AlertCondition("above", "lower").is_beyond(Decimal(6), Decimal(5))
        True
        >>> AlertCondition("off_target", "higher").is_beyond(Decimal(95), Decimal(95))
        False
        """
        if value is None or bound is None:
            return False
        if self.kind == "above" or (self.kind != "below" and self.direction == "lower"):
            return value > bound
        return value < bound

    def judge(
        self, figures: Mapping[date, Decimal | None], as_of: date, target: Decimal | None = None
    ) -> tuple[bool, Decimal | None]:
        """Whether the condition holds at the end of a day, and what it is measured by.

        :param figures: value by day, None where there was nothing to divide by
        """
        days = [as_of - timedelta(days=back) for back in range(self.days_in_row)]
        bounds = {day: self.get_bound(figures, day, target) for day in days}
        holds = all(self.is_beyond(figures.get(day), bounds[day]) for day in days)
        return holds, bounds[as_of]
