# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Writing an interchange: envelopes, control numbers, counts, and nothing else.

What is inside a transaction comes as segments from the writers. Here every element loses
what could be taken for a separator, so no text, however hostile, changes the structure.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from .separators import Separators
from .writable_text import TextCleaner

# A segment on its way out: its tag, then text, or a tuple of texts for a composite.
Element = str | tuple[str, ...]
Segment = tuple[Element, ...]

CONTROL_NUMBER_MAX = 999_999_999
INTERCHANGE_VERSION = "00501"
CHUNK_BYTES = 1 << 16


class EnvelopeError(ValueError):
    """The partners or numbers of an interchange cannot be written."""


@dataclass(frozen=True, slots=True)
class TransactionKind:
    """An implementation guide: ST01, GS01 and GS08."""

    code: str
    functional_group: str
    version: str


CLAIM_PROFESSIONAL = TransactionKind("837", "HC", "005010X222A1")
CLAIM_INSTITUTIONAL = TransactionKind("837", "HC", "005010X223A2")
ELIGIBILITY_INQUIRY = TransactionKind("270", "HS", "005010X279A1")
CLAIM_STATUS_REQUEST = TransactionKind("276", "HR", "005010X212")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who sends to whom, when, under which number.

    Attributes:
        sender_id, receiver_id: ISA06 and ISA08, up to 15 characters.
        control_number: ISA13, also GS06; the caller never uses one twice with a partner.
        created: instant of writing, in the sender's time.
        application_sender, application_receiver: GS02 and GS03 where they differ.
        usage: `P` production or `T` test (ISA15).
        lines: each segment stands on a line of its own.

    Raises:
        EnvelopeError: a partner is missing or too long, the number is out of range, or
            the separators cannot divide anything.
    """

    sender_id: str
    receiver_id: str
    control_number: int
    created: datetime
    sender_qualifier: str = "ZZ"
    receiver_qualifier: str = "ZZ"
    application_sender: str = ""
    application_receiver: str = ""
    usage: str = "P"
    acknowledgment_requested: bool = False
    separators: Separators = Separators()
    lines: bool = True

    def __post_init__(self):
        _check_separators(self.separators)
        clean = TextCleaner(self.separators).clean
        for name in ("sender_id", "receiver_id"):
            value = getattr(self, name)
            if not 2 <= len(value) <= 15 or clean(value) != value:
                raise EnvelopeError(
                    f"{name} is {value!r}: 2 to 15 capitals, digits or signs of the X12 basic set."
                )
        for name in ("application_sender", "application_receiver"):
            value = getattr(self, name)
            if value and (not 2 <= len(value) <= 15 or clean(value) != value):
                raise EnvelopeError(f"{name} is {value!r}: 2 to 15 signs of the X12 basic set.")
        for name in ("sender_qualifier", "receiver_qualifier"):
            value = getattr(self, name)
            if len(value) != 2 or not (value.isascii() and value.isalnum()):
                raise EnvelopeError(f"{name} is {value!r}: it has two letters or digits.")
        if not 1 <= self.control_number <= CONTROL_NUMBER_MAX:
            raise EnvelopeError(
                f"The control number is {self.control_number}: use 1 to {CONTROL_NUMBER_MAX}."
            )
        if self.usage not in ("P", "T"):
            raise EnvelopeError(f"The usage is {self.usage!r}: P for production, T for test.")


def _check_separators(separators: Separators) -> None:
    signs = (
        separators.element,
        separators.component,
        separators.repetition,
        separators.terminator,
    )
    fit = all(
        len(sign) == 1 and " " < sign <= "~" and not sign.isalnum() and sign not in ".-"
        for sign in signs
    )
    if not fit or len(set(signs)) != len(signs):
        raise EnvelopeError(
            f"The separators are {' '.join(map(repr, signs))}: they are four different signs, "
            "none of them a letter, a digit, a dot or a dash."
        )


class SegmentEncoder:
    """Turns segments into text between the separators of an envelope."""

    def __init__(self, envelope: Envelope):
        self._clean = TextCleaner(envelope.separators).clean
        self._element = envelope.separators.element
        self._component = envelope.separators.component
        self._end = envelope.separators.terminator + ("\n" if envelope.lines else "")

    def clean(self, segment: Segment) -> tuple[Element, ...]:
        """Return the segment with elements that may be written."""
        clean = self._clean
        return tuple(
            clean(element) if isinstance(element, str) else tuple(map(clean, element))
            for element in segment
        )

    def encode(self, segment: Segment) -> str:
        """Return the text of a cleaned segment, without empty elements at its end."""
        component = self._component
        texts = [
            element if isinstance(element, str) else component.join(element).rstrip(component)
            for element in segment
        ]
        while not texts[-1]:
            texts.pop()
        return self._element.join(texts) + self._end


def date_text(value) -> str:
    """Return a date or instant as CCYYMMDD (format D8)."""
    return f"{value.year:04d}{value.month:02d}{value.day:02d}"


def time_text(value) -> str:
    """Return an instant or time of day as HHMM."""
    return f"{value.hour:02d}{value.minute:02d}"


def write_interchange(
    envelope: Envelope, kind: TransactionKind, transactions: Iterable[Iterable[str]]
) -> Iterator[bytes]:
    """Write one interchange with one functional group; nothing where no transaction comes.

    Args:
        envelope: partners and number.
        kind: implementation guide that the transactions follow.
        transactions: the segments of each, from after ST to before SE, as text from the
            encoder of the same envelope.

    Yields:
        Pieces of the file, each about 64 KB; memory does not grow with the file.
    """
    pieces, size = [], 0
    for text in _segments_as_text(envelope, kind, transactions):
        pieces.append(text)
        size += len(text)
        if size >= CHUNK_BYTES:
            yield "".join(pieces).encode("ascii")
            pieces, size = [], 0
    if pieces:
        yield "".join(pieces).encode("ascii")


def _segments_as_text(
    envelope: Envelope, kind: TransactionKind, transactions: Iterable[Iterable[str]]
) -> Iterator[str]:
    transactions = iter(transactions)
    first = next(transactions, None)
    if first is None:
        return
    encode = SegmentEncoder(envelope).encode
    yield _isa(envelope)
    yield encode(_gs(envelope, kind))
    count = 0
    for count, transaction in enumerate(chain((first,), transactions), 1):
        number = f"{count:04d}"
        yield encode(("ST", kind.code, number, kind.version))
        segments = 2  # ST and SE are counted
        for text in transaction:
            segments += 1
            yield text
        yield encode(("SE", str(segments), number))
    yield encode(("GE", str(count), str(envelope.control_number)))
    yield encode(("IEA", "1", f"{envelope.control_number:09d}"))


def _isa(envelope: Envelope) -> str:
    # ISA is the one segment of fixed width, and its last element is a separator.
    separators = envelope.separators
    elements = (
        "ISA", "00", " " * 10, "00", " " * 10,
        envelope.sender_qualifier, envelope.sender_id.ljust(15),
        envelope.receiver_qualifier, envelope.receiver_id.ljust(15),
        date_text(envelope.created)[2:], time_text(envelope.created),
        separators.repetition, INTERCHANGE_VERSION, f"{envelope.control_number:09d}",
        str(int(envelope.acknowledgment_requested)), envelope.usage, separators.component,
    )  # fmt: skip
    line_end = "\n" if envelope.lines else ""
    return separators.element.join(elements) + separators.terminator + line_end


def _gs(envelope: Envelope, kind: TransactionKind) -> Segment:
    return (
        "GS",
        kind.functional_group,
        envelope.application_sender or envelope.sender_id,
        envelope.application_receiver or envelope.receiver_id,
        date_text(envelope.created),
        time_text(envelope.created),
        str(envelope.control_number),
        "X",
        kind.version,
    )
