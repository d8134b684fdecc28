# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where the routes of one kind leave a request without a route, or give it two.

A route is a box: a range of amounts and a set of values in each dimension, "no value" among them.
Two boxes meet exactly where they meet in every dimension; that makes overlaps a matter of sets of
bits. Gaps are found by splitting the space, amount first, then one dimension after the other, and
stopping at every part that a route covers whole. The space can have more parts than anybody has
time for, so the search has a limit and says when it stopped there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from .index import DimensionIndex, KindIndex, positions
from .router import RequestFacts

Values = tuple[str | None, ...]
# Values of a dimension that the same routes take, with those routes.
Group = tuple[int, Values]


@dataclass(frozen=True, slots=True)
class Region:
    """Requests of one kind: a range of amounts and, in some dimensions, certain values.

    :param amount_from: lowest amount, included
    :param amount_to: upper limit, excluded; ``None`` for none
    :param values: values by dimension, ``None`` for no value; the others are free
    """

    amount_from: Decimal
    amount_to: Decimal | None
    values: tuple[tuple[str, Values], ...]

    def example(self, kind: str) -> RequestFacts:
        """Return one request of the region."""
        return RequestFacts(kind, self.amount_from, {name: few[0] for name, few in self.values})


class Space:
    """All requests of one kind that can occur.

    :param universe: known values by dimension; a dimension that is not listed has those that the
        routes name, and "no value" stands for every other one
    """

    def __init__(self, index: KindIndex, universe: Mapping[str, frozenset[str]]):
        self.index = index
        self.groups = tuple(
            _groups(dimension, universe.get(dimension.name)) for dimension in index.dimensions
        )

    def empty_dimensions(self, position: int) -> tuple[str, ...]:
        """Dimensions in which a route takes no value that can occur."""
        bit = 1 << position
        return tuple(
            dimension.name
            for dimension, groups in zip(self.index.dimensions, self.groups, strict=True)
            if not any(taken & bit for taken, _values in groups)
        )

    def sharing_values(self, position: int) -> int:
        """Return, as bits, the routes that share a value with one in every dimension."""
        bit, shared = 1 << position, (1 << len(self.index.routes)) - 1
        for groups in self.groups:
            in_dimension = 0
            for taken, _values in groups:
                if taken & bit:
                    in_dimension |= taken
            shared &= in_dimension
        return shared

    def sharing_amounts(self, position: int) -> int:
        """Return, as bits, the routes that share an amount with one."""
        bit, shared = 1 << position, 0
        for taken in self.index.tiers:
            if taken & bit:
                shared |= taken
        return shared

    def overlaps(self) -> Iterator[tuple[int, int]]:
        """Yield each pair of positions of routes that both take some request."""
        for position in range(len(self.index.routes)):
            later = -1 << (position + 1)
            both = self.sharing_values(position) & self.sharing_amounts(position)
            for other in positions(both & later):
                yield position, other

    def example(self, position: int, other: int, amount: Decimal) -> RequestFacts:
        """Return a request with values that both routes take, at an amount."""
        both = 1 << position | 1 << other
        values = {
            dimension.name: next(few[0] for taken, few in groups if taken & both == both)
            for dimension, groups in zip(self.index.dimensions, self.groups, strict=True)
        }
        return RequestFacts(self.index.routes[position].kind, amount, values)


class GapSearch:
    """The search for requests that no route takes.

    :param work_left: how many groups of values to look at, at most
    """

    def __init__(self, space: Space, work_left: int):
        self._space = space
        self._work_left = work_left
        self._covered: set[tuple[int, int]] = set()
        names = [dimension.name for dimension in space.index.dimensions]
        self._names = names
        # Routes that take every value of this dimension and of all after it.
        everything = (1 << len(space.index.routes)) - 1
        self._free = [everything] * (len(names) + 1)
        for depth in reversed(range(len(names))):
            self._free[depth] = self._free[depth + 1]
            for taken, _values in space.groups[depth]:
                self._free[depth] &= taken

    @property
    def is_complete(self) -> bool:
        """Whether the search looked at everything it had to."""
        return self._work_left >= 0

    def regions(self, limit: int) -> list[Region]:
        """Return regions without a route, none overlapping; together they are all such requests.

        :param limit: how many regions to return, at most; with more the search is not complete
        """
        found: list[Region] = []
        latest: dict[tuple, int] = {}
        for start, end, taken in self._space.index.segments():
            for values in self._uncovered(taken, 0, ()):
                known = latest.get(values)
                if known is not None and found[known].amount_to == start:
                    found[known] = replace(found[known], amount_to=end)
                elif len(found) == limit:
                    self._work_left = -1
                    return found
                else:
                    latest[values] = len(found)
                    found.append(Region(start, end, values))
        return found

    def _uncovered(self, taken: int, depth: int, path: tuple) -> Iterator[tuple]:
        """Yield the values, by dimension, of the parts that none of the routes takes."""
        if not taken:
            yield path
            return
        if taken & self._free[depth] or (depth, taken) in self._covered:
            return
        groups = self._space.groups[depth]
        self._work_left -= len(groups)
        if self._work_left < 0:
            return
        parts: dict[int, Values] = {}
        for bits, values in groups:
            parts[taken & bits] = parts.get(taken & bits, ()) + values
        is_covered = True
        for bits, values in parts.items():
            step = ((self._names[depth], values),) if len(parts) > 1 else ()
            for gap in self._uncovered(bits, depth + 1, path + step):
                is_covered = False
                yield gap
        if is_covered:
            self._covered.add((depth, taken))


def _groups(dimension: DimensionIndex, known: frozenset[str] | None) -> tuple[Group, ...]:
    groups: dict[int, list[str | None]] = {dimension.otherwise: [None]}
    for value in sorted(dimension.by_value if known is None else known):
        taken = dimension.by_value.get(value, dimension.otherwise)
        groups.setdefault(taken, []).append(value)
    return tuple((taken, tuple(values)) for taken, values in groups.items())
