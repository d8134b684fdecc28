# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The segments of a transaction in loops: each begins with a segment that starts one."""

from collections.abc import Collection, Iterator
from typing import NamedTuple

from .envelope import Transaction
from .tokenizer import Segment

# A claim of 999 lines with ten segments each stays below.
MAX_LOOP_SEGMENTS = 20_000


class Loop(NamedTuple):
    """Segments that belong together; ``number`` is the position of the first in the file."""

    number: int
    segments: list[Segment]

    @property
    def tag(self) -> str:
        """Tag of the segment that starts the loop."""
        return self.segments[0][0]

    def split(self, starts: Collection[str]) -> tuple["Loop", list["Loop"]]:
        """Return what stands before the first start inside this loop, and the loops from there.

        :param starts: tags that start a loop
        """
        segments, number = self.segments, self.number
        positions = [n for n, segment in enumerate(segments) if segment[0] in starts]
        if not positions:
            return self, []
        ends = [*positions[1:], len(segments)]
        inner = [
            Loop(number + position, segments[position:end])
            for position, end in zip(positions, ends, strict=True)
        ]
        return Loop(number, segments[: positions[0]]), inner


def read_loops(transaction: Transaction, starts: Collection[str]) -> Iterator[Loop]:
    """Yield the loops of a transaction; the first is its header, which may be empty.

    A loop that is longer than any that a guide admits is cut, and that is a finding.

    :param starts: tags that start a loop
    """
    starts = frozenset(starts)
    segments: list[Segment] = []
    number, passed_over = transaction.segment_number + 1, 0
    for segment in transaction.segments:
        if segment[0] in starts:
            if passed_over:
                _report_cut(transaction, number, segments, passed_over)
            yield Loop(number, segments)
            segments, passed_over = [segment], 0
            number = transaction.segment_number
        elif len(segments) < MAX_LOOP_SEGMENTS:
            segments.append(segment)
        else:
            passed_over += 1
    if passed_over:
        _report_cut(transaction, number, segments, passed_over)
    yield Loop(number, segments)


def _report_cut(transaction: Transaction, number: int, segments: list[Segment], passed_over: int):
    transaction.report(
        "loop_too_long",
        f"{passed_over} segments after the first {MAX_LOOP_SEGMENTS} are passed over",
        number,
        segments[0][0],
    )
