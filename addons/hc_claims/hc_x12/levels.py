# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Hierarchical levels (HL): documents that share a party stand in one loop of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from .interchange import SegmentEncoder

# Segments as text.
Loop = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One loop of the hierarchy.

    Attributes:
        code: HL03, such as `22` for a subscriber.
        has_children: HL04, `1` or `0`, or empty where the guide does not use it. As it
            stands before the children, a level with children is another than one without.
        loop: its segments after the HL.
        part: number of the loop where documents of one party need several.
    """

    code: str
    has_children: str
    loop: Loop
    part: int = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """A document in the hierarchy: its levels from the root, its own segments."""

    path: tuple[Level, ...]
    segments: Loop


def in_parts(documents: Iterable[Placed], per_loop: int) -> Iterator[Placed]:
    """Number the loops of documents in a row, so that none holds more than ``per_loop``."""
    path, place = None, 0
    for document in documents:
        place = place + 1 if document.path == path else 0
        path = document.path
        part = place // per_loop
        if part:
            document = replace(document, path=(*path[:-1], replace(path[-1], part=part)))
        yield document


def write_hierarchy(documents: Iterable[Placed], encoder: SegmentEncoder) -> Iterator[str]:
    """Write documents in the order given; a loop is left when the next one needs another."""
    numbers = count(1)
    opened: list[tuple[Level, str]] = []
    for document in documents:
        shared = 0
        for (level, _number), wanted in zip(opened, document.path, strict=False):
            if level is not wanted and level != wanted:
                break
            shared += 1
        del opened[shared:]
        for level in document.path[shared:]:
            parent = opened[-1][1] if opened else ""
            number = str(next(numbers))
            yield encoder.encode(("HL", number, parent, level.code, level.has_children))
            yield from level.loop
            opened.append((level, number))
        yield from document.segments
