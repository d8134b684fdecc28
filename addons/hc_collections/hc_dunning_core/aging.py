# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How old an open amount is, and in which bucket it stands.

Laws: every item stands in exactly one bucket, so that the buckets sum to the total to the cent;
buckets are contiguous, so that the day after a bucket's last is the next one's first. An age below
zero (the basis lies after the day asked for) counts as the first bucket; an item without any of
the dates that the policy looks at stands in ``UNDATED``, never nowhere.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import DunningError, check_choice
from .money import ZERO

DISCHARGE = "discharge"
FIRST_STATEMENT = "first_statement"
RESPONSIBILITY = "responsibility"
BASES = (DISCHARGE, FIRST_STATEMENT, RESPONSIBILITY)

UNDATED = "undated"


@dataclass(frozen=True, slots=True)
class Bucket:
    """Ages from the first to the last day, both included; the last bucket is open."""

    code: str
    first_day: int
    last_day: int | None


@dataclass(frozen=True, slots=True)
class Scale:
    """The buckets of a policy, made from the last day of each but the open one.

    >>> [bucket.code for bucket in Scale((30, 60)).buckets]
    ['0-30', '31-60', '61+']

    :param last_days: ascending, the first of zero or more
    :raises DunningError: ``edges_invalid``
    """

    last_days: tuple[int, ...] = (30, 60, 90, 120, 180)

    def __post_init__(self) -> None:
        days = self.last_days
        whole = all(isinstance(day, int) and not isinstance(day, bool) for day in days)
        if not whole or not days or days[0] < 0 or list(days) != sorted(set(days)):
            raise DunningError("edges_invalid", edges=days)

    @property
    def buckets(self) -> tuple[Bucket, ...]:
        """All buckets, youngest first."""
        first_days = (0, *(day + 1 for day in self.last_days))
        return tuple(
            Bucket(f"{first}+" if last is None else f"{first}-{last}", first, last)
            for first, last in zip(first_days, (*self.last_days, None), strict=True)
        )

    def bucket_of(self, days: int) -> Bucket:
        """Return the bucket of an age in days.

        >>> Scale().bucket_of(30).code, Scale().bucket_of(31).code, Scale().bucket_of(-2).code
        ('0-30', '31-60', '0-30')
        """
        return self.buckets[bisect_left(self.last_days, days)]


@dataclass(frozen=True, slots=True)
class BasisDates:
    """The dates from which an age may be counted, as far as they are known."""

    discharge: date | None = None
    first_statement: date | None = None
    responsibility: date | None = None


@dataclass(frozen=True, slots=True)
class AgingPolicy:
    """From which date ages count.

    :param bases: the policy's choice, then its fallbacks, each of ``BASES`` at most once
    :raises DunningError: ``not_empty``, ``choice_unknown``, ``code_repeated``
    """

    bases: tuple[str, ...] = (FIRST_STATEMENT, RESPONSIBILITY, DISCHARGE)
    scale: Scale = Scale()

    def __post_init__(self) -> None:
        if not self.bases:
            raise DunningError("not_empty", what="basis")
        for basis in self.bases:
            check_choice("basis", basis, BASES)
        if len(set(self.bases)) < len(self.bases):
            raise DunningError("code_repeated", what="bases", codes=", ".join(self.bases))

    def basis_of(self, dates: BasisDates) -> tuple[str, date] | None:
        """Return the first basis whose date is known, with the date.

        >>> AgingPolicy().basis_of(BasisDates(discharge=date(2026, 1, 2)))
        ('discharge', datetime.date(2026, 1, 2))
        """
        for basis in self.bases:
            day = getattr(dates, basis)
            if day is not None:
                return basis, day
        return None

    def age_of(self, dates: BasisDates, as_of: date) -> int | None:
        """Return the age in days, below zero before the basis; None where no date is known."""
        basis = self.basis_of(dates)
        return None if basis is None else (as_of - basis[1]).days

    def bucket_code_of(self, dates: BasisDates, as_of: date) -> str:
        """Return the code of the bucket, or ``UNDATED``."""
        age = self.age_of(dates, as_of)
        return UNDATED if age is None else self.scale.bucket_of(age).code


def sum_by_bucket(
    items: Iterable[tuple[Decimal, BasisDates]], policy: AgingPolicy, as_of: date
) -> dict[str, Decimal]:
    """Sum open amounts per bucket; all buckets are named, in order, ``UNDATED`` last.

    >>> items = [(Decimal("9.99"), BasisDates(responsibility=date(2026, 1, 1)))]
    >>> sum_by_bucket(items, AgingPolicy(scale=Scale((30,))), date(2026, 2, 1))
    {'0-30': Decimal('0'), '31+': Decimal('9.99'), 'undated': Decimal('0')}
    """
    sums = dict.fromkeys([*(bucket.code for bucket in policy.scale.buckets), UNDATED], ZERO)
    for amount, dates in items:
        sums[policy.bucket_code_of(dates, as_of)] += amount
    return sums
