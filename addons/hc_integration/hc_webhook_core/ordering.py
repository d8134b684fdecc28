# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which of several events about one subject counts, and who may overwrite what.

Networks repeat and reorder. For each field of a subject the event of the highest position that a
source ever sent stands, in whatever order and however often its events arrive; an older one is
superseded. What a source may do with a field that says otherwise is its right:

* ``owner``: its word replaces what is there;
* ``fill``: it fills what is empty, and replaces what it wrote itself while nobody changed it;
* ``propose``: people decide.

What is neither written nor the same already becomes a proposal, never an overwrite.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone

RIGHTS = ("owner", "fill", "propose")


@dataclass(frozen=True, order=True)
class Position:
    """The place of an event among those of its subject: a total order, equal only to itself.

    A source numbers all events of a subject or none: numbered ones come behind the others.

    :ivar sequence: the sender's number, 0 where it gives none
    :ivar moment: the sender's time, as ISO 8601 text in UTC with microseconds
    """

    sequence: int
    moment: str
    message_id: str

    def to_json(self) -> list[int | str]:
        """The position as it is stored."""
        return [self.sequence, self.moment, self.message_id]


def position(sequence: int, occurred_at: datetime, message_id: str) -> Position:
    """The place of an event.

    >>> position(0, datetime(2026, 3, 2, 8), "a") < position(1, datetime(2026, 3, 1, 8), "b")
    True
    >>> position(0, datetime(2026, 3, 2, 8), "a").moment
    '2026-03-02T08:00:00.000000'
    """
    if occurred_at.tzinfo is not None:
        occurred_at = occurred_at.astimezone(timezone.utc).replace(tzinfo=None)
    return Position(sequence, occurred_at.isoformat(timespec="microseconds"), message_id)


def digest(value: str | None) -> str:
    """What tells two values apart: not case, not blanks around them; empty for no value."""
    plain = (value or "").strip().casefold()
    return hashlib.sha256(plain.encode()).hexdigest() if plain else ""


@dataclass(frozen=True)
class Told:
    """The last that a source said of a field.

    :ivar place: where in its events
    :ivar written: digest of the last value that was written for it; None: none was
    """

    place: Position
    written: str | None = None

    def to_json(self) -> list[object]:
        """As it is stored; :func:`read_told` reads it."""
        return [*self.place.to_json(), self.written]


def read_told(stored: Mapping[str, list]) -> dict[str, Told]:
    """What is on record of a subject: ``{field: Told}``."""
    return {name: Told(Position(*values[:3]), values[3]) for name, values in (stored or {}).items()}


@dataclass(frozen=True)
class Decision:
    """What an event does to the fields that it names.

    :ivar write: fields to write
    :ivar propose: fields about which people decide
    :ivar same: fields that say so already
    :ivar superseded: fields of which something newer was said
    :ivar told: what is on record afterwards
    """

    write: tuple[str, ...] = ()
    propose: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()
    told: Mapping[str, Told] = field(default_factory=dict)


def decide(
    values: Mapping[str, str | None],
    current: Mapping[str, str | None],
    place: Position,
    known: Mapping[str, Told],
    right_of: Callable[[str], str],
) -> Decision:
    """What an event does, field by field.

    :param values: what it says
    :param current: what the record says now
    :param known: what the same source said of the subject before
    :param right_of: the source's right to a field, of ``RIGHTS``

    >>> at = position(0, datetime(2026, 3, 2), "m1")
    >>> decide({"zip": "1"}, {"zip": None}, at, {}, lambda name: "fill").write
    ('zip',)
    >>> decide({"zip": "1"}, {"zip": "2"}, at, {}, lambda name: "fill").propose
    ('zip',)
    """
    newer, superseded = split(known, values, place)
    told = dict(known)
    sorted_out: dict[str, list[str]] = {"write": [], "propose": [], "same": []}
    for name in newer:
        before = known.get(name)
        verdict = _verdict(values[name], current.get(name), before, right_of(name))
        sorted_out[verdict].append(name)
        told[name] = replace(before, place=place) if before else Told(place)
        if verdict == "write":
            told[name] = replace(told[name], written=digest(values[name]))
    return Decision(
        **{name: tuple(fields) for name, fields in sorted_out.items()},
        superseded=superseded,
        told=told,
    )


def split(
    known: Mapping[str, Told], names: Iterable[str], place: Position
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of which nothing newer was said, and those of which it was."""
    newer, superseded = [], []
    for name in names:
        before = known.get(name)
        (superseded if before and place <= before.place else newer).append(name)
    return tuple(newer), tuple(superseded)


def _verdict(value: str | None, now: str | None, before: Told | None, right: str) -> str:
    if digest(value) == digest(now):
        return "same"
    is_own = before is not None and before.written == digest(now)
    if right == "owner" or (right == "fill" and (is_own or not digest(now))):
        return "write"
    return "propose"
