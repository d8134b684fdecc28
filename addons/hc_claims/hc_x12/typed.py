# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segments of text into segments of values, as the segment table tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .findings import WARNING
from .segment_table import SEGMENTS, ElementSpecification
from .separators import Separators
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

_SCALARS = {
    "money": money,
    "number": decimal_number,
    "integer": whole_number,
    "date": day,
    "shortdate": short_day,
    "time": clock_time,
}
_DIVIDED = ("composite", "list")


@dataclass(frozen=True, slots=True)
class _Converter:
    """How the elements of one tag become values; index 0 is the tag itself."""

    functions: tuple[Callable[[str], Any], ...]
    absent: tuple[Any, ...]
    required: tuple[int, ...]
    names: tuple[str, ...]


class SegmentTyper:
    """Turns segments into values, for one set of separators.

    A segment becomes a list of the same numbering, as long as the table says. What is
    absent is ``""`` for texts and codes, ``()`` for composites and lists, ``None`` for
    all else; so is what cannot be read.
    """

    def __init__(self, separators: Separators):
        self._separators = separators
        self._converters = {tag: self._converter(tag) for tag in SEGMENTS}

    def __call__(self, segment: Sequence[str], report: Report) -> Values:
        """Return the values of a segment whose tag is in the table.

        :param report: called for each element that is missing, surplus or not readable
        """
        converter = self._converters[segment[0]]
        try:
            values = [read(text) for read, text in zip(converter.functions, segment, strict=False)]
        except ValueFault:
            values = _with_faults(converter, segment, report)
        size = len(converter.functions)
        if len(values) < size:
            values += converter.absent[len(values) :]
        elif len(segment) > size and any(segment[size:]):
            message = f"the segment has more than {size - 1} elements"
            report("element_unexpected", message, size, WARNING)
        for number in converter.required:
            if values[number] in _ABSENT and not (number < len(segment) and segment[number]):
                message = f"{segment[0]}{number:02d} ({converter.names[number]}) is missing"
                report("element_missing", message, number, "error")
        return values

    def _converter(self, tag: str) -> _Converter:
        elements = SEGMENTS[tag]
        functions = tuple(map(self._function, elements))
        return _Converter(
            functions=(str, *functions),
            absent=("", *(function("") for function in functions)),
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


_ABSENT = ("", (), None)


def _with_faults(converter: _Converter, segment: Sequence[str], report: Report) -> Values:
    values = []
    for number, (read, text) in enumerate(zip(converter.functions, segment, strict=False)):
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
        text = text.strip()
        if len(text) > longest:
            raise _too_long(longest, text)
        return text

    return read


@lru_cache(maxsize=1024)
def _divided_text(longest: int, separator: str) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        if not text:
            return ()
        parts = tuple(map(str.strip, text.split(separator))) if separator else (text.strip(),)
        if len(text) > longest and any(len(part) > longest for part in parts):
            raise _too_long(longest, parts)
        return parts

    return read


@lru_cache(maxsize=32)
def typer_for(separators: Separators) -> SegmentTyper:
    """Return the typer for these separators; files use the same few again and again."""
    return SegmentTyper(separators)
