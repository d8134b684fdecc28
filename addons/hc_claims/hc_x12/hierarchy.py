# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""HL loops: each names its parent, so that a claim knows its provider and payer."""

from collections.abc import Iterator
from dataclasses import dataclass

from .common import Name
from .envelope import Transaction
from .loops import Loop, read_loops

INFORMATION_SOURCE = "20"
INFORMATION_RECEIVER = "21"
PROVIDER = "19"
SUBSCRIBER = "22"
DEPENDENT = "23"
PATIENT = "PT"

# Source, receiver, provider, subscriber, dependent; no guide goes deeper.
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Place:
    """Where a loop stands in the hierarchy.

    Attributes:
        number: HL01.
        level: HL03.
        names: persons and organizations that the loop names.
        parent: the place above, or None.
    """

    number: str
    level: str
    names: tuple[Name, ...] = ()
    parent: "Place | None" = None

    def named(self, *roles: str) -> Name | None:
        """Return who has one of the roles, here or in a place above."""
        place: Place | None = self
        while place is not None:
            for name in place.names:
                if name.role in roles:
                    return name
            place = place.parent
        return None


class Hierarchy:
    """Walks over the HL loops of a transaction and keeps the way up from each."""

    def __init__(self, transaction: Transaction):
        self._transaction = transaction
        self._loops = read_loops(transaction, ("HL",))
        self._way: list[Place] = []
        self.header: Loop = next(self._loops)

    def __iter__(self) -> Iterator[tuple[Loop, str, str, Place | None]]:
        """Yield each loop with HL01, HL03 and the place above it."""
        for loop in self._loops:
            transaction = self._transaction
            transaction.start_loop()
            _tag, number, parent, level, _has_children = transaction.typed(
                loop.number, loop.segments[0]
            )
            while self._way and self._way[-1].number != parent:
                self._way.pop()
            if parent and not self._way:
                message = "the HL names a parent that is not open"
                transaction.report("parent_unknown", message, loop.number, "HL", 2)
            if len(self._way) >= MAX_DEPTH:
                message = f"the hierarchy is deeper than {MAX_DEPTH} levels"
                transaction.report("hierarchy_too_deep", message, loop.number, "HL")
                del self._way[:-1]
            yield loop, number, level, self._way[-1] if self._way else None

    def enter(self, place: Place):
        """Make a place the parent of those that name its number."""
        self._way.append(place)
