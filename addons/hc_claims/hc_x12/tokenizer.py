# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Bytes into segments, as a stream of bounded memory.

The ISA of each interchange says which characters separate; where a file starts with GS
or ST they are guessed. Line breaks that do not end segments carry no data and are taken
out, wherever a mail program or a wrapping editor has put them. Bytes that are not ASCII
are read as UTF-8, or as Latin-1 where they are no UTF-8.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from .findings import ERROR, INFORMATION, WARNING
from .separators import Separators

CHUNK_BYTES = 64 * 1024
MAX_SEGMENT_CHARACTERS = 64 * 1024
MAX_HEADER_CHARACTERS = 400
MAX_TAG_CHARACTERS = 8
ISA_CHARACTERS = 106
ISA_ELEMENTS = 16
# From this version on ISA11 is the repetition separator; before, it was a code.
FIRST_VERSION_WITH_REPETITIONS = "00402"

Segment = list[str]
Report = Callable[..., None]

# "ISA", its separator, two characters and the separator again.
_SHORTEST_START = 7
# A component separator and a terminator of up to four bytes.
_LONGEST_END = 5
# How far back the end of the segment before is looked for.
_WINDOW = 16
_BLANK = " \t\r\n\x00\x1a"
_BOM_CHARACTERS = BOM_UTF8.decode("latin-1")
_ANY_START = re.compile(r"ISA([^\w\s])..\1", re.ASCII)
# At the right distances an ISA is one even where the segment before it has no end.
_EXACT_START = re.compile(
    r"ISA([^\w\s])[0-9]{2}\1.{10}\1[0-9]{2}\1.{10}\1..\1.{15}\1..\1.{15}\1", re.ASCII
)
_UTF8_SEQUENCE = re.compile("[\xc2-\xf4][\x80-\xbf]{1,3}")
_BARE_START = re.compile(r"\s*(?:GS|ST)([^\w\s])", re.ASCII)


class Tokenizer:
    """Yields the segments of a binary file or of an iterable of bytes.

    Attributes:
        separators: those of the segment that was yielded last; None before the first.
        segment_number: position of that segment in the file, from 1.
    """

    def __init__(self, source: BinaryIO | Iterable[bytes], report: Report):
        """Start at the beginning of the source.

        :param report: takes code, message and severity of what is found on the way
        """
        self.separators: Separators | None = None
        self.segment_number = 0
        self._source = source
        self._report = report
        self._passing_over = ""
        self._is_outside = False

    def __iter__(self) -> Iterator[Segment]:
        rest, is_first = "", True
        for chunk in _chunks(self._source):
            if is_first and chunk.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
                self._report("file_utf16", "the file is UTF-16: send it as plain text")
                return
            text = rest + chunk.decode("latin-1")
            if is_first:
                text = text.removeprefix(_BOM_CHARACTERS)
                self._guess_separators(text)
                is_first = False
            rest = yield from self._segments(text, is_last=False)
        yield from self._segments(rest, is_last=True)

    def _segments(self, text: str, is_last: bool):
        """Yield the segments that are complete; return the text that is not."""
        position = 0
        while True:
            start = self._next_interchange(text, position)
            end = start if start >= 0 else len(text)
            if self.separators is None:
                tail = self._outside(text[position:end], start >= 0 or is_last)
            else:
                tail = yield from self._body(text[position:end], start >= 0 or is_last)
            if start < 0:
                return tail
            header = text[start : start + MAX_HEADER_CHARACTERS]
            if not is_last and _may_grow(header):
                return text[start:]
            length = self._header(header)
            if length:
                yield self._isa
                position = start + length
            else:
                self.separators = None
                position = start + _SHORTEST_START

    def _next_interchange(self, text: str, position: int) -> int:
        """Return where the next ISA starts, or -1."""
        if text.find("ISA", position) < 0:
            return -1
        for match in _ANY_START.finditer(text, position):
            if self.separators is None or self._may_start(text, match.start()):
                return match.start()
        return -1

    def _may_start(self, text: str, start: int) -> bool:
        """Whether what looks like an ISA stands where a segment starts."""
        before = text[max(0, start - _WINDOW) : start]
        stripped = before.rstrip(_BLANK + _BOM_CHARACTERS)
        return (
            not stripped
            or stripped.endswith(self.separators.terminator)
            or not {"\r", "\n"}.isdisjoint(before[len(stripped) :])
            or bool(_EXACT_START.match(text, start))
        )

    def _outside(self, text: str, is_complete: bool) -> str:
        """Pass over what belongs to no interchange; return what may be half of an ISA."""
        if text.strip(_BLANK + _BOM_CHARACTERS) and not self._is_outside:
            keep = "" if is_complete else text[-_SHORTEST_START:]
            if len(text) > len(keep):
                self._is_outside = True
                self._report("text_outside", "text that belongs to no interchange is passed over")
        return "" if is_complete else text[-_SHORTEST_START:]

    def _body(self, text: str, is_complete: bool):
        """Yield the segments of a part of an interchange; return the unfinished last one."""
        terminator, element = self.separators.terminator, self.separators.element
        text = _without_line_breaks(text, terminator)
        is_clean = text.isascii() and text.isprintable() and not self._has_padding(text)
        pieces = text.split(terminator)
        tail = pieces.pop()
        if self._passing_over and pieces:
            del pieces[0]
            yield self._too_long(self._passing_over)
            self._passing_over = ""
        for piece in pieces:
            if is_clean and piece and len(piece) <= MAX_SEGMENT_CHARACTERS:
                self.segment_number += 1
                yield piece.split(element)
            elif piece := piece.strip():
                yield self._careful(piece)
        return (yield from self._tail(tail, is_complete))

    def _tail(self, tail: str, is_complete: bool):
        """Yield a last segment that has no end; return what may still get one."""
        tail = self._passing_over or tail
        if not is_complete:
            if len(tail) <= MAX_SEGMENT_CHARACTERS and not self._passing_over:
                return tail
            self._passing_over = tail[:MAX_TAG_CHARACTERS]
            return ""
        tail = tail.strip(_BLANK + _BOM_CHARACTERS)
        if self._passing_over or len(tail) > MAX_SEGMENT_CHARACTERS:
            self._passing_over = ""
            yield self._too_long(tail)
        elif tail:
            segment = self._careful(tail)
            if segment[0] != "IEA":
                self._report("segment_unterminated", "the segment has no end: text is missing")
            yield segment
        return ""

    def _has_padding(self, text: str) -> bool:
        """Whether blanks stand beside a separator: they carry no data."""
        separators = (self.separators.element, self.separators.component)
        ends = (*separators, self.separators.terminator)
        return any(f" {each}" in text for each in ends) or any(f"{each} " in text for each in ends)

    def _careful(self, piece: str) -> Segment:
        """Return the elements of a segment that may be long, padded or full of odd bytes."""
        if len(piece) > MAX_SEGMENT_CHARACTERS:
            return self._too_long(piece)
        self.segment_number += 1
        component = self.separators.component
        elements = map(str.strip, self._cleaned(piece).split(self.separators.element))
        return [
            component.join(map(str.strip, element.split(component)))
            if component in element
            else element
            for element in elements
        ]

    def _too_long(self, piece: str) -> Segment:
        """Report a segment over the limit; return its tag, all that is kept of it."""
        self.segment_number += 1
        self._report(
            "segment_too_long", f"the segment has more than {MAX_SEGMENT_CHARACTERS} characters"
        )
        tag = piece[:MAX_TAG_CHARACTERS].partition(self.separators.element)[0]
        return [self._cleaned(tag.strip())]

    def _cleaned(self, piece: str) -> str:
        """Return the segment in Unicode, without control characters."""
        if not piece.isascii():
            try:
                piece = piece.encode("latin-1").decode("utf-8")
            except UnicodeDecodeError:
                self._report(
                    "encoding_unknown", "the segment is not UTF-8: read as Latin-1", INFORMATION
                )
        kept = {self.separators.element, self.separators.component, self.separators.repetition}
        control = [c for c in set(piece) if (c < " " or "\x7f" <= c <= "\x9f") and c not in kept]
        if control:
            self._report(
                "control_character", "the segment holds control characters: replaced", WARNING
            )
            piece = piece.translate(dict.fromkeys(map(ord, control), "\ufffd"))
        return piece

    def _header(self, text: str) -> int:
        """Take the separators of the ISA at the start; return its length, or 0."""
        element = text[3]
        parts = text.split(element, ISA_ELEMENTS)
        ending = parts.pop()
        if len(parts) < ISA_ELEMENTS or len(ending) < 2:
            return self._refuse("its ISA has no 16 elements and end")
        component, terminator, consumed = ending[0], ending[1], 2
        if ending[1:3] == "\r\n":
            terminator, consumed = "\n", 3
        elif match := _UTF8_SEQUENCE.match(ending, 1):
            terminator, consumed = match[0], match.end()
        if reason := _separator_fault(element, component, terminator):
            return self._refuse(reason)
        elements = [part.replace("\r", "").replace("\n", "") for part in parts]
        repetition = elements[11].strip() if elements[12] >= FIRST_VERSION_WITH_REPETITIONS else ""
        if len(repetition) != 1 or repetition.isalnum():
            repetition = ""
        self.separators = Separators(element, component, repetition, terminator)
        self.segment_number += 1
        self._is_outside = False
        self._isa = [*(self._cleaned(each).strip() for each in elements), component]
        if sum(map(len, elements)) + ISA_ELEMENTS + 2 != ISA_CHARACTERS:
            self._report("isa_width", f"the ISA has not {ISA_CHARACTERS} characters", WARNING)
        return sum(map(len, parts)) + ISA_ELEMENTS + consumed

    def _refuse(self, reason: str) -> int:
        self._report("separators_invalid", f"the interchange cannot be divided: {reason}")
        return 0

    def _guess_separators(self, text: str):
        """Find separators for a file that starts with GS or ST."""
        match = _BARE_START.match(text)
        if not match:
            return
        terminator = next((each for each in "~\n\r" if each in text), "")
        component = next((each for each in ":>|" if each not in (match[1], terminator)), "")
        if terminator:
            self.separators = Separators(match[1], component, "^", terminator)
            self._report(
                "interchange_missing", "the file starts without ISA: separators are guessed", ERROR
            )


def _may_grow(header: str) -> bool:
    """Whether an ISA, its end and what shows the kind of its end are not complete yet."""
    parts = header.split(header[3], ISA_ELEMENTS)
    is_complete = len(parts) > ISA_ELEMENTS and len(parts[-1]) >= _LONGEST_END
    return len(header) < MAX_HEADER_CHARACTERS and not is_complete


def _separator_fault(element: str, component: str, terminator: str) -> str:
    """Return why these characters cannot separate, or empty text."""
    for name, character in (("component separator", component), ("terminator", terminator)):
        if character.isalnum() or character == " ":
            return f"its {name} is a letter, digit or blank"
    if len({element, component, terminator}) < 3:
        return "one character has two meanings"
    return ""


def _without_line_breaks(text: str, terminator: str) -> str:
    for line_break in "\r\n":
        if line_break != terminator and line_break in text:
            text = text.replace(line_break, "")
    return text


def _chunks(source: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bytes in pieces of bounded size; the first is long enough to judge by."""
    read = getattr(source, "read", None)
    blocks = iter(lambda: read(CHUNK_BYTES), b"") if read else iter(source)
    first = b""
    for block in blocks:
        if first is not None:
            first += block
            if len(first) < MAX_HEADER_CHARACTERS:
                continue
            block, first = first, None
        for start in range(0, len(block), CHUNK_BYTES):
            yield bytes(block[start : start + CHUNK_BYTES])
    if first:
        yield first
