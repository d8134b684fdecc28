# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a key performance indicator is and what it answers.

Definitions are data that modules contribute; a figure is exact, in ``Decimal``, and its value is
unknown where there is nothing to divide by.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from .errors import HcError

UNITS = ("days", "percent", "count", "money")
DIRECTIONS = ("higher", "lower")
GROUPINGS = ("facility", "payer", "department", "responsibility")
_PLACES = Decimal("0.0001")


class KpiError(HcError):
    """A definition contradicts itself, or a question cannot be asked."""

    messages = {
        "kpi_code_repeated": "The indicator {kpi} is defined twice: rename one of them.",
        "kpi_unknown": "There is no indicator {kpi}. Known are {choices}.",
        "kpi_unit_unknown": "Indicator {kpi}: the unit {unit} is none of {choices}.",
        "kpi_direction_unknown": "Indicator {kpi}: direction {direction} is none of {choices}.",
        "kpi_grouping_unknown": "Indicator {kpi} cannot be grouped by {grouping}: use {choices}.",
        "kpi_question_malformed": "This is not a question about an indicator: {reason}.",
    }


@dataclass(frozen=True)
class KpiDefinition:
    """One indicator: its words for people and the methods that compute it.

    :ivar formula: how it is computed, in words
    :ivar source: who defined it, or ``own``
    :ivar owner_role: short name of the role that answers for it
    :ivar model: the model of the records behind the number, which a drill-down opens
    :ivar rows_method: method of ``hc.kpi.provider`` that selects one row per record and day
    :ivar base_method: method that selects the denominator's rows, where other records make it
    :ivar base_model: model of those rows; the reader's record rules on it hold as well
    :ivar is_ratio: whether the rows themselves bring the denominator
    :ivar topic: a page that shows the indicators of one topic asks for it; the dashboard shows all
    """

    code: str
    name: str
    formula: str
    unit: str
    direction: str
    owner_role: str
    default_target: Decimal | None
    source: str
    model: str
    rows_method: str
    base_method: str | None = None
    base_model: str | None = None
    is_ratio: bool = False
    groupings: tuple[str, ...] = ("facility", "payer", "department")
    base_groupings: tuple[str, ...] = ("facility", "payer", "department")
    topic: str = ""

    def __post_init__(self):
        if self.unit not in UNITS:
            raise KpiError("kpi_unit_unknown", kpi=self.code, unit=self.unit, choices=UNITS)
        if self.direction not in DIRECTIONS:
            raise KpiError(
                "kpi_direction_unknown",
                kpi=self.code,
                direction=self.direction,
                choices=DIRECTIONS,
            )
        for grouping in self.groupings:
            if grouping not in GROUPINGS:
                raise KpiError(
                    "kpi_grouping_unknown", kpi=self.code, grouping=grouping, choices=GROUPINGS
                )

    def check_grouping(self, grouping: str | None) -> None:
        """Refuse a grouping that the indicator does not know."""
        if grouping is not None and grouping not in self.groupings:
            raise KpiError(
                "kpi_grouping_unknown", kpi=self.code, grouping=grouping, choices=self.groupings
            )

    def figure(self, numerator: Decimal, denominator: Decimal | None, count: int) -> "KpiFigure":
        """The figure of these sums.

        >>> lag = KpiDefinition("lag", "Lag", "", "days", "lower", "clerk", None, "own",
        ...                     "hc.charge", "_rows", is_ratio=True)
        >>> lag.figure(Decimal(7), Decimal(3), 3).value
        Decimal('2.3333')
        >>> lag.figure(Decimal(0), Decimal(0), 0).value is None
        True
        """
        if not self.is_ratio and self.base_method is None:
            return KpiFigure(numerator, numerator, None, count)
        denominator = denominator or Decimal(0)
        if not denominator:
            return KpiFigure(None, numerator, denominator, count)
        scale = 100 if self.unit == "percent" else 1
        value = (scale * numerator / denominator).quantize(_PLACES, ROUND_HALF_UP)
        return KpiFigure(value, numerator, denominator, count)

    def meets(self, value: Decimal | None, target: Decimal | None) -> bool | None:
        """Whether a value is at its target or better; None where either is unknown."""
        if value is None or target is None:
            return None
        return value >= target if self.direction == "higher" else value <= target

    def improved(self, before: Decimal | None, after: Decimal | None) -> bool | None:
        """Whether the indicator became better; None where it stayed or is unknown."""
        if before is None or after is None or before == after:
            return None
        return (after > before) == (self.direction == "higher")


@dataclass(frozen=True)
class KpiFigure:
    """A value with the sums it is made of and the number of records behind it."""

    value: Decimal | None
    numerator: Decimal
    denominator: Decimal | None
    count: int


@dataclass(frozen=True)
class KpiGroup:
    """The figure of one facility, payer, department or responsibility."""

    key: int | str | None
    label: str
    figure: KpiFigure


@dataclass(frozen=True)
class KpiResult:
    """The answer to a question: the figure of the whole scope, and by group where asked."""

    code: str
    as_of: date
    figure: KpiFigure
    groups: tuple[KpiGroup, ...] = ()


def registry(definitions: Iterable[KpiDefinition]) -> Mapping[str, KpiDefinition]:
    """The definitions by code, in their order.

    :raise KpiError: two definitions share a code
    """
    by_code: dict[str, KpiDefinition] = {}
    for definition in definitions:
        if definition.code in by_code:
            raise KpiError("kpi_code_repeated", kpi=definition.code)
        by_code[definition.code] = definition
    return by_code


def weekly_days(as_of: date, weeks: int) -> tuple[date, ...]:
    """The last days of so many weeks that end at ``as_of``, oldest first.

    >>> weekly_days(date(2026, 3, 15), 3)
    (datetime.date(2026, 3, 1), datetime.date(2026, 3, 8), datetime.date(2026, 3, 15))
    """
    return tuple(as_of - timedelta(days=7 * back) for back in reversed(range(weeks)))
