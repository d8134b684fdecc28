# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""HL7 v2 messages in ER7: bytes to segments whose fields know their places.

Tolerates MLLP framing, CR, LF or CRLF between segments, and any separators that MSH declares.
"""

import re
from dataclasses import dataclass

from .findings import DocumentError
from .values import UNSTORABLE

MAX_BYTES = 4 * 1024 * 1024
MAX_SEGMENTS = 5000
_MAX_FIELDS = 200
_MAX_REPETITIONS = 200

_FRAME = re.compile(rb"\A\x0b?(.*?)(?:\x1c\r?)?\s*\Z", re.DOTALL)
_ESCAPE_HEX = re.compile(r"X((?:[0-9A-Fa-f]{2}){1,64})")


@dataclass(frozen=True, slots=True)
class Separators:
    """The five characters of MSH-1 and MSH-2, in their order."""

    field: str = "|"
    component: str = "^"
    repetition: str = "~"
    escape: str = "\\"
    subcomponent: str = "&"


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment; ``number`` counts those of its name from 1, ``position`` all, from 1."""

    name: str
    position: int
    number: int
    fields: tuple[str, ...]
    separators: Separators

    @property
    def path(self):
        """How findings call it: ``PID``, or ``FT1[2]`` where there may be several."""
        return f"{self.name}[{self.number}]" if self.name in _REPEATED else self.name

    def raw(self, field):
        """The text of a field as it came."""
        return self.fields[field] if field < len(self.fields) else ""

    def get(self, field, component=1, repetition=0):
        """A component of a field, unescaped and trimmed; empty where there is none."""
        repetitions = self.raw(field).split(self.separators.repetition)
        if repetition >= len(repetitions):
            return ""
        components = repetitions[repetition].split(self.separators.component)
        if component > len(components):
            return ""
        text = components[component - 1].split(self.separators.subcomponent)[0]
        return _unescape(text, self.separators).strip()

    def repetitions(self, field):
        """How many repetitions a field has, empty ones included; 0: it is empty."""
        text = self.raw(field)
        return text.count(self.separators.repetition) + 1 if text else 0


_REPEATED = frozenset({"IN1", "FT1", "DG1", "PR1", "OBX"})


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its header and its segments in order."""

    segments: tuple[Segment, ...]

    @property
    def header(self):
        """The MSH segment."""
        return self.segments[0]

    @property
    def event(self):
        """Message type and trigger, such as ``ADT^A03``."""
        return f"{self.header.get(9)}^{self.header.get(9, 2)}"

    def first(self, name):
        """The first segment of a name, or None."""
        return next(iter(self.select(name)), None)

    def select(self, name):
        """All segments of a name."""
        return [segment for segment in self.segments if segment.name == name]


def read_message(content):
    """Read one message.

    :param bytes content: one message, with or without MLLP framing
    :return: :class:`Message`
    :raises DocumentError: it is no message that can be read as a whole

    >>> read_message(b"MSH|^~\\\\&|EHR|RIV\\rPID|1").event
    '^'
    """
    if len(content) > MAX_BYTES:
        raise DocumentError("too_large", f"A message has at most {MAX_BYTES} bytes. Split it.")
    text = _decode(_FRAME.match(content)[1])
    if not text.startswith("MSH") or len(text) < 8:
        raise DocumentError("not_hl7", "The document is no HL7 v2 message: it begins with no MSH.")
    separators = _read_separators(text)
    lines = [line for line in re.split(r"[\r\n]+", text) if line.strip()]
    if len(lines) > MAX_SEGMENTS:
        raise DocumentError("too_large", f"A message has at most {MAX_SEGMENTS} segments.")
    counts, segments = {}, []
    for position, line in enumerate(lines, start=1):
        fields = line.split(separators.field)
        if len(fields) > _MAX_FIELDS or not re.fullmatch(r"[A-Z][A-Z0-9]{2}", fields[0]):
            raise DocumentError("not_hl7", f"Segment {position} of the message is none.")
        if max(field.count(separators.repetition) for field in fields) > _MAX_REPETITIONS:
            raise DocumentError(
                "too_large",
                f"Segment {position} repeats a field more than {_MAX_REPETITIONS} times.",
            )
        if fields[0] == "MSH":
            if position > 1:
                raise DocumentError("many_messages", "Send each message as a document of its own.")
            # MSH-1 is the separator itself.
            fields.insert(1, separators.field)
        counts[fields[0]] = counts.get(fields[0], 0) + 1
        segments.append(Segment(fields[0], position, counts[fields[0]], tuple(fields), separators))
    return Message(tuple(segments))


def _decode(content):
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # MSH-18 is often empty or wrong; every byte has a meaning in Latin-1.
        text = content.decode("latin-1")
    if UNSTORABLE.search(text):
        raise DocumentError("not_text", "The message has characters that no text can keep.")
    return text


def _read_separators(text):
    declared = text[3] + text[4:9].split(text[3])[0]
    if len(declared) < 5 or len(set(declared[:5])) < 5 or any(c.isalnum() for c in declared[:5]):
        raise DocumentError("bad_separators", "MSH-1 and MSH-2 declare no five separators.")
    return Separators(*declared[:5])


def _unescape(text, separators):
    """Replace ``\\F\\`` and its kind; sequences that say how to show a text are left out."""
    if separators.escape not in text:
        return text
    parts = text.split(separators.escape)
    plain = {
        "F": separators.field,
        "S": separators.component,
        "T": separators.subcomponent,
        "R": separators.repetition,
        "E": separators.escape,
        ".br": "\n",
    }
    found = []
    for index, part in enumerate(parts):
        if index % 2 == 0 or index == len(parts) - 1:
            found.append(part)
        elif part in plain:
            found.append(plain[part])
        elif hexadecimal := _ESCAPE_HEX.fullmatch(part):
            decoded = bytes.fromhex(hexadecimal[1]).decode("utf-8", "replace")
            found.append(decoded.replace("\x00", ""))
    return "".join(found)
