# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segments of text into segments of values, as the segment table tells."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from operator import gt
from typing import Any

from .findings import ERROR, WARNING
from .segment_table import SEGMENTS, ElementSpecification
from .separators import Separators
from .tokenizer import MAX_SEGMENT_CHARACTERS, MAX_TAG_CHARACTERS, Segment
from .values import (
    ValueFault,
    clock_time,
    day,
    decimal_number,
    money,
    short_day,
    whole_number,
)

Values = list[Any]
# Takes code, message, element and severity.
Report = Callable[[str, str, int, str], None]

# Shapes of one kind of segment, and texts of one kind of element, that are remembered.
MAX_SHAPES = 4_096
MAX_TEXTS = 8_192


class _Memory(dict):
    """Values of texts: amounts, dates and codes come again and again within a file.

    A full memory is forgotten as a whole: cheaper than to know what was used last.
    """

    def __init__(self, read: Callable[[str], Any]):
        super().__init__()
        self._read = read

    def __missing__(self, text: str):
        value = self._read(text)
        if len(self) >= MAX_TEXTS:
            self.clear()
        self[text] = value
        return value


def _remembered(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """Return a function of texts that reads each of them once; a fault is never remembered."""
    return _Memory(read).__getitem__


_SCALARS = {
    "money": _remembered(money),
    "number": _remembered(decimal_number),
    "integer": _remembered(whole_number),
    "date": _remembered(day),
    "shortdate": _remembered(short_day),
    "time": _remembered(clock_time),
}

_DIVIDED = ("composite", "list")
_TEXTS = ("text", "code")


@dataclass(frozen=True, slots=True)
class _Converter:
    """How the elements of one tag become values; index 0 is the tag itself.

    Attributes:
        size: elements that a segment has at most, the tag included.
        absent: values where nothing is given.
        functions: number and function of the elements that do not stay text.
        readers: functions of all elements, texts included, which check more.
        longest: characters that each element has at most.
        required: numbers of the elements that must be given.
        names: of the elements.
    """

    size: int
    absent: Values
    functions: tuple[tuple[int, Callable[[str], Any]], ...]
    readers: tuple[Callable[[str], Any], ...]
    longest: tuple[int, ...]
    required: tuple[int, ...]
    names: tuple[str, ...]


# The values that a shape lacks at its end, and the elements to convert.
_Plan = tuple[Values, tuple[tuple[int, Callable[[str], Any]], ...]]


class SegmentTyper:
    """Turns segments into values, for one set of separators.

    A segment becomes a list of the same numbering, as long as the table says. What is
    absent is ``""`` for texts and codes, ``()`` for composites and lists, ``None`` for
    all else; so is what cannot be read.
    """

    def __init__(self, separators: Separators):
        self._separators = separators
        self._converters = {tag: self._converter(tag) for tag in SEGMENTS}
        # By the shape of a segment, the lengths of its elements: they alone decide whether
        # one is missing, surplus or too long, and few shapes make up most of a file.
        self._plans: dict[str, dict[tuple[int, ...], _Plan]] = {tag: {} for tag in SEGMENTS}

    def flawless(self, segment: Segment) -> Values | None:
        """Return the values of a segment, or None where anything is to be reported.

        Nearly all segments of a file come through here; the rest goes to
        :meth:`careful`.
        """
        shape = tuple(map(len, segment))
        plan = self._plans[segment[0]].get(shape) or self._plan(segment[0], shape)
        if plan is None:
            return None
        missing, functions = plan
        values = segment + missing
        try:
            for number, read in functions:
                values[number] = read(values[number])
        except ValueFault:
            return None
        return values

    def careful(self, segment: Segment, report: Report) -> Values:
        """Return the values of a segment whose tag is in the table.

        :param report: called for each element that is missing, surplus or not readable
        """
        converter = self._converters[segment[0]]
        values = _with_faults(converter, segment, report)
        values += converter.absent[len(values) :]
        if any(segment[converter.size :]):
            message = f"the segment has more than {converter.size - 1} elements"
            report("element_unexpected", message, converter.size, WARNING)
        for number in converter.required:
            if number >= len(segment) or not segment[number]:
                message = f"{segment[0]}{number:02d} ({converter.names[number]}) is missing"
                report("element_missing", message, number, ERROR)
        return values

    def _plan(self, tag: str, shape: tuple[int, ...]) -> _Plan | None:
        """Return how to convert segments of a shape, or None where it is not sound."""
        converter = self._converters[tag]
        if len(shape) > converter.size or any(map(gt, shape, converter.longest)):
            return None
        if any(number >= len(shape) or not shape[number] for number in converter.required):
            return None
        functions = tuple(each for each in converter.functions if each[0] < len(shape))
        plan = (converter.absent[len(shape) :], functions)
        plans = self._plans[tag]
        if len(plans) < MAX_SHAPES:
            plans[shape] = plan
        return plan

    def _converter(self, tag: str) -> _Converter:
        elements = SEGMENTS[tag]
        readers = tuple(map(self._function, elements))
        return _Converter(
            size=len(elements) + 1,
            absent=["", *(read("") for read in readers)],
            functions=tuple(
                (number, read)
                for number, (element, read) in enumerate(zip(elements, readers, strict=True), 1)
                if element.kind not in _TEXTS
            ),
            readers=(str, *readers),
            longest=(
                MAX_TAG_CHARACTERS,
                *(
                    MAX_SEGMENT_CHARACTERS if element.kind in _DIVIDED else element.longest
                    for element in elements
                ),
            ),
            required=tuple(n for n, element in enumerate(elements, 1) if element.is_required),
            names=("tag", *(element.name.replace("_", " ") for element in elements)),
        )

    def _function(self, element: ElementSpecification) -> Callable[[str], Any]:
        if element.kind in _SCALARS:
            return _SCALARS[element.kind]
        if element.kind not in _DIVIDED:
            return _bounded_text(element.longest)
        is_list = element.kind == "list"
        separator = self._separators.repetition if is_list else self._separators.component
        return _divided_text(element.longest, separator)


def _with_faults(converter: _Converter, segment: Segment, report: Report) -> Values:
    values = []
    for number, (read, text) in enumerate(zip(converter.readers, segment, strict=False)):
        try:
            values.append(read(text))
        except ValueFault as fault:
            message = f"{segment[0]}{number:02d} ({converter.names[number]}): {fault.message}"
            report(fault.code, message, number, fault.severity)
            values.append(fault.value)
    return values


def _too_long(longest: int, value) -> ValueFault:
    message = f"it has more than {longest} characters"
    return ValueFault("element_too_long", message, value, WARNING)


@lru_cache(maxsize=1024)
def _bounded_text(longest: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        if len(text) > longest:
            raise _too_long(longest, text)
        return text

    return read


@lru_cache(maxsize=1024)
def _divided_text(longest: int, separator: str) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        if not text:
            return ()
        parts = tuple(text.split(separator)) if separator else (text,)
        if len(text) > longest and any(len(part) > longest for part in parts):
            raise _too_long(longest, parts)
        return parts

    return read


@lru_cache(maxsize=32)
def typer_for(separators: Separators) -> SegmentTyper:
    """Return the typer for these separators; files use the same few again and again."""
    return SegmentTyper(separators)
