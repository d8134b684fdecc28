# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which file an X12 acknowledgement is about: the control numbers that both of them hold.

No more is read than numbers and verdicts; what an acknowledgement says of single claims is the
business of the module that handles it. Sources: ASC X12 TA1 (interchange), 999 (005010X231A1,
AK1 and AK9), 277CA (005010X214, TRN of loop 2200B, STC).
"""

from collections.abc import Mapping

ACCEPTED = "accepted"
PARTLY = "partly"
REJECTED = "rejected"
# From the best to the worst: a later, milder word does not undo a refusal.
VERDICTS = (ACCEPTED, PARTLY, REJECTED)
_ISA_CHARACTERS = 106
_MAX_HEAD_BYTES = 4096
_OF_INTERCHANGE = {"A": ACCEPTED, "E": PARTLY, "R": REJECTED}
_OF_GROUP = {"A": ACCEPTED, "E": ACCEPTED, "P": PARTLY}
# Claim status categories of a 277CA that send a claim back.
_REFUSED_CATEGORIES = ("A3", "A4", "A6", "A7", "A8")


def written_marks(content: bytes) -> frozenset[str]:
    """The numbers by which an acknowledgement may name a file; none for what is no X12.

    >>> written_marks(b"a,b")
    frozenset()
    """
    marks = set()
    for segment in _segments(content):
        name = segment[0]
        if name == "ISA" and len(segment) > 13:
            marks.add(f"ISA:{_number(segment[13])}")
        elif name == "GS" and len(segment) > 6:
            marks.add(f"GS:{_number(segment[6])}")
        elif name == "BHT" and len(segment) > 3:
            marks.add(f"BHT:{_number(segment[3])}")
    return frozenset(marks)


def answered_marks(content: bytes) -> Mapping[str, str]:
    """What an acknowledgement says of which file: ``{mark: verdict}``; empty for anything else."""
    if not _may_answer(content):
        return {}
    verdicts: dict[str, str] = {}
    group, batch, refused, taken = "", "", 0, 0
    for segment in _segments(content):
        name, second = segment[0], segment[1] if len(segment) > 1 else ""
        if name == "TA1" and len(segment) > 4:
            _add(verdicts, f"ISA:{_number(second)}", _OF_INTERCHANGE.get(segment[4], REJECTED))
        elif name == "AK1" and len(segment) > 2:
            group = f"GS:{_number(segment[2])}"
        elif name == "AK9" and group:
            _add(verdicts, group, _OF_GROUP.get(second, REJECTED))
        elif name == "TRN" and second == "2" and len(segment) > 2 and not batch:
            batch = f"BHT:{_number(segment[2])}"
        elif name == "STC" and batch:
            is_refused = second.split(_component(content))[0] in _REFUSED_CATEGORIES
            refused, taken = refused + is_refused, taken + (not is_refused)
    if batch and refused + taken:
        verdict = ACCEPTED if not refused else PARTLY if taken else REJECTED
        _add(verdicts, batch, verdict)
    return verdicts


def worst(first: str | None, second: str) -> str:
    """The worse of two verdicts.

    >>> worst(None, "accepted"), worst("rejected", "accepted"), worst("accepted", "partly")
    ('accepted', 'rejected', 'partly')
    """
    return second if not first else VERDICTS[max(map(VERDICTS.index, (first, second)))]


def read_plain(content: bytes) -> str:
    """The verdict of an acknowledgement that is one word, or JSON with a ``result``.

    >>> read_plain(b"OK\\n"), read_plain(b'{"result": "rejected"}'), read_plain(b"Received")
    ('accepted', 'rejected', 'accepted')
    """
    text = content[:_MAX_HEAD_BYTES].decode("utf-8", "replace").lower()
    words = "".join(char if char.isalpha() else " " for char in text).split()
    bad = {"rejected", "reject", "refused", "error", "failed", "failure", "invalid", "nok"}
    return REJECTED if bad.intersection(words) else ACCEPTED


def _add(verdicts, mark, verdict):
    verdicts[mark] = worst(verdicts.get(mark), verdict)


def _may_answer(content):
    """Whether the beginning looks like an acknowledgement: a whole remittance is not searched."""
    if not content.startswith(b"ISA"):
        return False
    element = content[3:4]
    head = content[:_MAX_HEAD_BYTES]
    kinds = (b"TA1", b"ST" + element + b"999", b"ST" + element + b"277")
    return any(kind in head for kind in kinds)


def _segments(content):
    if not content.startswith(b"ISA") or len(content) < _ISA_CHARACTERS:
        return
    text = content.decode("latin-1")
    element, end = text[3], text[_ISA_CHARACTERS - 1]
    for segment in text.split(end):
        parts = segment.strip("\r\n ").split(element)
        if parts[0]:
            yield parts


def _component(content):
    return content[_ISA_CHARACTERS - 2 : _ISA_CHARACTERS - 1].decode("latin-1")


def _number(text):
    """A control number without the zeros that only fill it up."""
    return text.strip().lstrip("0")[:64]
