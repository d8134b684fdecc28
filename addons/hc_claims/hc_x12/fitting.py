# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The last look at a segment before it is written: signs and lengths of its elements.

Free text (names, addresses, notes) may lose signs or its end: that is a warning. Numbers
and codes must go out as they are: there it is an error.
"""

from collections.abc import Iterable

from .findings import WARNING, Finding, shown
from .interchange import Element, Envelope, Segment, SegmentEncoder
from .segment_table import SEGMENTS, ElementSpecification

# Elements of free text, by tag; SV1 and SV2 describe a procedure in a component.
FREE_TEXT = {
    "NM1": {3, 4, 5, 7},
    "N3": {1, 2},
    "N4": {1},
    "PER": {2},
    "SBR": {4},
    "NTE": {2},
    "CR1": {9, 10},
}
FREE_COMPONENTS = {("SV1", 1): 6, ("SV2", 2): 6}


# Segments that are remembered: parties, codes and dates come again and again in a file.
REMEMBERED_MAX = 4_096


class SegmentFitter:
    """Brings segments into the form of an envelope and notes what does not fit."""

    def __init__(self, envelope: Envelope):
        encoder = SegmentEncoder(envelope)
        self._clean, self._encode = encoder.clean, encoder.encode
        self._remembered: dict[Segment, str] = {}
        self.findings: list[Finding] = []

    def fit(self, segments: Iterable[Segment]) -> tuple[str, ...]:
        """Return the text of segments; what is wrong with them joins ``findings``."""
        known = self._remembered.get
        return tuple([known(segment) or self._fit(segment) for segment in segments])

    def _fit(self, segment: Segment) -> str:
        before = len(self.findings)
        text = self._encode(self._fitted(segment))
        if len(self.findings) == before:
            if len(self._remembered) >= REMEMBERED_MAX:
                self._remembered.clear()
            self._remembered[segment] = text
        return text

    def _fitted(self, segment: Segment) -> tuple[Element, ...]:
        cleaned = self._clean(segment)
        if cleaned != segment:
            self._note_changes(segment, cleaned)
        specifications = SEGMENTS[cleaned[0]]
        for number, specification in enumerate(specifications[: len(cleaned) - 1], 1):
            element = cleaned[number]
            if not element:
                if specification.is_required:
                    self._note("missing", cleaned, number, "is missing or has no writable sign")
            elif isinstance(element, str):
                length = len(element)
                if not specification.shortest <= length <= specification.longest:
                    cleaned = self._shorten(cleaned, number, specification)
            elif max(map(len, element)) > specification.longest:
                cleaned = self._shorten_component(cleaned, number, specification)
        return cleaned

    def _note_changes(self, segment: Segment, cleaned: Segment) -> None:
        free = FREE_TEXT.get(cleaned[0], ())
        for number, (before, after) in enumerate(zip(segment, cleaned, strict=True)):
            if number in free:
                if before.strip() and not after:
                    self._note("unwritable", cleaned, number, f"{shown(before)} has no X12 sign")
                continue
            pairs = (
                [(before, after)] if isinstance(before, str) else zip(before, after, strict=True)
            )
            for place, (old, new) in enumerate(pairs):
                if FREE_COMPONENTS.get((cleaned[0], number)) == place and not isinstance(
                    before, str
                ):
                    continue
                if old.strip().upper() != new:
                    text = f"{shown(old)} holds signs that X12 cannot carry"
                    self._note("number_changes", cleaned, number, text)

    def _shorten(
        self, segment: tuple[Element, ...], number: int, specification: ElementSpecification
    ) -> tuple[Element, ...]:
        element = segment[number]
        bounds = f"{specification.shortest} to {specification.longest}"
        text = f"has {len(element)} characters instead of {bounds}"
        too_long = len(element) > specification.longest
        if not too_long or number not in FREE_TEXT.get(segment[0], ()):
            self._note("length", segment, number, text)
            return segment
        self._note("cut", segment, number, f"{text} and is cut", WARNING)
        return _replaced(segment, number, element[: specification.longest].rstrip())

    def _shorten_component(
        self, segment: tuple[Element, ...], number: int, specification: ElementSpecification
    ) -> tuple[Element, ...]:
        free = FREE_COMPONENTS.get((segment[0], number))
        longest = specification.longest
        components = list(segment[number])
        for place, component in enumerate(components):
            if len(component) <= longest:
                continue
            text = f"component {place + 1} has more than {longest} characters"
            if place != free:
                self._note("length", segment, number, text)
            else:
                self._note("cut", segment, number, f"{text} and is cut", WARNING)
                components[place] = component[:longest].rstrip()
        return _replaced(segment, number, tuple(components))

    def _note(
        self, code: str, segment: Segment, number: int, text: str, severity: str = "error"
    ) -> None:
        tag = segment[0]
        name = SEGMENTS[tag][number - 1].name.replace("_", " ")
        message = f"{tag}{number:02d}, {name}: {text}."
        self.findings.append(Finding(code, message, severity, tag=tag, element=number))


def _replaced(segment: tuple[Element, ...], number: int, element: Element) -> tuple[Element, ...]:
    return (*segment[:number], element, *segment[number + 1 :])
