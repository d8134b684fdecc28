# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The routes of one kind as sets of bits: what the router asks and the lint searches.

Bit ``n`` stands for the route at position ``n``. A request's amount selects one set, its value in
each dimension another; the routes that match are the bits in all of them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .conditions import DIMENSIONS
from .policy import Route


@dataclass(frozen=True, slots=True)
class DimensionIndex:
    """Which routes take which value of one dimension.

    :param by_value: routes that take a value, for every value that a condition names
    :param otherwise: routes that take any other value, and requests without one
    """

    name: str
    by_value: Mapping[str, int]
    otherwise: int


@dataclass(frozen=True, slots=True)
class KindIndex:
    """Which of a kind's routes match an amount and values.

    :param bounds: amounts at which the set of routes changes, ascending from zero
    :param tiers: for each bound, the routes that hold from there to the next one
    :param dimensions: those that at least one route conditions
    """

    routes: tuple[Route, ...]
    bounds: tuple[Decimal, ...]
    tiers: tuple[int, ...]
    dimensions: tuple[DimensionIndex, ...]

    @classmethod
    def build(cls, routes: Iterable[Route]) -> "KindIndex":
        """Index routes of one kind, in their order."""
        ordered = tuple(routes)
        bounds, tiers = _tiers(ordered)
        used = {condition.dimension for route in ordered for condition in route.conditions}
        dimensions = tuple(_dimension(name, ordered) for name in DIMENSIONS if name in used)
        return cls(ordered, bounds, tiers, dimensions)

    def match(self, amount: Decimal, values: Mapping[str, str | None]) -> int:
        """Return the routes that take a request, as bits.

        :param amount: zero or more, in the policy's currency
        :param values: value by dimension; a missing one is no value
        """
        found = self.tiers[bisect_right(self.bounds, amount) - 1]
        for dimension in self.dimensions:
            found &= dimension.by_value.get(values.get(dimension.name), dimension.otherwise)
        return found

    def segments(self) -> Iterator[tuple[Decimal, Decimal | None, int]]:
        """Yield each range of amounts, upper limit excluded, with its routes."""
        yield from zip(self.bounds, (*self.bounds[1:], None), self.tiers, strict=True)


def positions(bits: int) -> Iterator[int]:
    """Yield the positions of the bits that are set, ascending.

    >>> list(positions(0b1010))
    [1, 3]
    """
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _tiers(routes: tuple[Route, ...]) -> tuple[tuple[Decimal, ...], tuple[int, ...]]:
    opened: dict[Decimal, int] = {Decimal(0): 0}
    closed: dict[Decimal, int] = {}
    for position, route in enumerate(routes):
        if route.is_empty:
            continue
        opened[route.amount_from] = opened.get(route.amount_from, 0) | 1 << position
        if route.amount_to is not None:
            closed[route.amount_to] = closed.get(route.amount_to, 0) | 1 << position
    bounds = tuple(sorted(opened.keys() | closed.keys()))
    tiers, current = [], 0
    for bound in bounds:
        current = current & ~closed.get(bound, 0) | opened.get(bound, 0)
        tiers.append(current)
    return bounds, tuple(tiers)


def _dimension(name: str, routes: tuple[Route, ...]) -> DimensionIndex:
    asked = [[each for each in route.conditions if each.dimension == name] for route in routes]
    otherwise = 0
    for position, conditions in enumerate(asked):
        # No value is the model of every value that no condition names.
        if all(condition.matches(None) for condition in conditions):
            otherwise |= 1 << position
    by_value: dict[str, int] = {}
    for position, conditions in enumerate(asked):
        for value in frozenset().union(*(condition.values for condition in conditions)):
            bits = by_value.get(value, otherwise) & ~(1 << position)
            takes = all(condition.matches(value) for condition in conditions)
            by_value[value] = bits | takes << position
    return DimensionIndex(name, by_value, otherwise)
