# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""HL loops: each names its parent, so that a claim knows its provider and payer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .common import Name, read_parts, values_of
from .envelope import Transaction
from .loops import Loop, read_loops
from .remittance import RawSegment

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


class HierarchicalResponse:
    """A document of HL loops (271, 277) while it is read.

    Attributes:
        transaction: the envelope around it.
        reference: BHT03: in a 271 the number of our request, in a 277 the sender's own.
        unknown: segments of its header that are kept unread.
    """

    def __init__(self, transaction: Transaction):
        self.transaction = transaction
        self._loops = read_loops(transaction, ("HL",))
        self._way: list[Place] = []
        parts = read_parts(transaction, next(self._loops), {"BHT": ("BHT", values_of)})
        self.reference: str = next((values[3] for values in parts.get("BHT", ())), "")
        self.unknown: tuple[RawSegment, ...] = parts.get("unknown", ())

    def _walk(self, table: dict, tag: str) -> Iterator[tuple[Place, Loop, dict, Iterable[Loop]]]:
        """Walk over the levels, and keep the way up from each.

        Args:
            table: how the segments of a level are read, as for `read_parts`.
            tag: what opens the loops inside a level.

        Yields:
            Each level's place, its segments before the first inner loop, what was read of
            them, and the inner loops.
        """
        for loop in self._loops:
            self.transaction.start_loop()
            number, level, parent = self._read_level(loop)
            own, inner = loop.split((tag,))
            parts = read_parts(self.transaction, own, table, skip=1)
            place = Place(number, level, parts.pop("names", ()), parent)
            self._way.append(place)
            yield place, own, parts, inner

    def _read_level(self, loop: Loop) -> tuple[str, str, Place | None]:
        """HL01, HL03 and the place above; a parent that is not open is a finding."""
        transaction = self.transaction
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
        return number, level, self._way[-1] if self._way else None
