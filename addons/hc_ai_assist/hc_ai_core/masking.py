# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Masking: what may identify a person is replaced before a text leaves, and put back on return.

Three nets, and what any of them catches is masked: what the record knows of its people, in every
spelling; patterns of dates, numbers and addresses; and every word that is not on the list of
ordinary words, so that a name that nobody foresaw does not pass either. This lowers a risk; it is
no de-identification in the sense of 45 CFR 164.514, and must never be called that.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from .identifiers import Identifier, date_spellings, fold, folded_names, folded_numbers

MAX_CHARACTERS = 20_000
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# In this order: the first that fits decides. Amounts and codes with their label may stay.
_PATTERNS = (
    ("", r"\$ ?\d[\d,]*(?:\.\d{2})?"),
    ("", r"\b(?:CARC|RARC|CPT|HCPCS|ICD(?:-10)?|modifier)s?[ #:]{0,2}[A-Z]{0,2}\d{1,5}\b"),
    ("EMAIL", r"\S+@\S+"),
    ("URL", r"\b(?:https?://|www\.)\S+"),
    (
        "DATE",
        r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b"
        rf"|\b\d{{1,2}}[ -]{_MONTH}[ -,]{{1,2}}\d{{2,4}}\b"
        rf"|\b{_MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:, ?\d{{2,4}})?\b",
    ),
    ("PHONE", r"(?:\+?1[-. ])?\(?\b\d{3}\)?[-. ]?\d{3}[-. ]?\d{4}\b"),
    # Of old age the number itself tells who it may be (45 CFR 164.514(b)(2)(i)(C): over 89).
    ("AGE", r"\b(?:9\d|1[0-4]\d)[ -]?(?:y/?o\b|yrs?\b|years?\b)"),
    # Digits in groups, and what a scanner made of them.
    ("ID", r"\(?\b[\dOolISB]*\d[\dOolISB]*\)?(?:[-./] ?[\dA-Za-z]+)+"),
)
_SCANNER = re.compile(
    "|".join(f"(?P<p{index}>{pattern})" for index, (_kind, pattern) in enumerate(_PATTERNS))
    + r"|(?P<word>[^\W_]+(?:['\u2019][^\W_]+)*)",
    re.IGNORECASE,
)
_PSEUDONYM = re.compile(r"\[([A-Z]+)_(\d+)\]")
_SHORT_NUMBER = 3


@dataclass(frozen=True, slots=True)
class MaskedText:
    """A text without what may identify a person.

    :ivar text: with pseudonyms like ``[NAME_1]``, the same one for the same original
    :ivar originals: what each pseudonym stands for; never leaves this side
    :ivar counts: how many places were masked, by kind: the redaction report
    """

    text: str
    originals: Mapping[str, str]
    counts: Mapping[str, int]

    def restore(self, answer: str) -> str:
        """The answer of a provider with the originals put back; unknown pseudonyms stay."""
        return _PSEUDONYM.sub(lambda found: self.originals.get(found[0], found[0]), answer)


class Masker:
    """Masks texts about the people of one record, consistently.

    :param identifiers: what the record knows of its people
    :param ordinary: folded words that may pass
    :param ambiguous: folded words that are names too: they pass in small letters only
    """

    def __init__(
        self,
        identifiers: Iterable[Identifier],
        ordinary: Collection[str],
        ambiguous: Collection[str] = (),
    ) -> None:
        identifiers = tuple(identifiers)
        self._names = folded_names(identifiers)
        self._numbers = folded_numbers(identifiers)
        self._dates = frozenset().union(
            *(date_spellings(known.value) for known in identifiers if known.kind == "DATE")
        )
        self._ordinary = ordinary
        self._ambiguous = ambiguous
        self._pseudonyms: dict[tuple[str, str], str] = {}
        self._originals: dict[str, str] = {}
        self._totals: dict[str, int] = {}

    def mask(self, text: str) -> MaskedText:
        """Mask one text; texts masked by the same masker share their pseudonyms.

        :raise ValueError: the text is longer than ``MAX_CHARACTERS``
        """
        if len(text) > MAX_CHARACTERS:
            raise ValueError(f"{len(text)} characters are more than {MAX_CHARACTERS}.")
        # What looks like a pseudonym of ours came from outside.
        text = _PSEUDONYM.sub(r"(\1 \2)", text)
        counts: dict[str, int] = {}

        def replace(found):
            kind = self._judge(found)
            if not kind:
                return found[0]
            counts[kind] = counts.get(kind, 0) + 1
            return self._pseudonym(kind, found[0])

        masked = _SCANNER.sub(replace, text)
        return MaskedText(masked, dict(self._originals), counts)

    def _pseudonym(self, kind: str, original: str) -> str:
        key = (kind, fold(original))
        if key not in self._pseudonyms:
            self._totals[kind] = self._totals.get(kind, 0) + 1
            pseudonym = f"[{kind}_{self._totals[kind]}]"
            self._pseudonyms[key] = pseudonym
            self._originals[pseudonym] = original
        return self._pseudonyms[key]

    def _judge(self, found: re.Match) -> str:
        """The kind as which a piece is masked; empty where it may stay."""
        piece, folded = found[0], fold(found[0])
        if folded in self._numbers:
            return "ID"
        if folded in self._dates:
            return "DATE"
        if found["word"] is None:
            return _PATTERNS[int(found.lastgroup[1:])][0]
        if folded in self._names or self._is_slip(folded):
            return "NAME"
        if piece.isdigit():
            return "" if len(piece) <= _SHORT_NUMBER else "ID"
        if any(char.isdigit() for char in piece):
            return "" if len(piece) <= 2 else "ID"
        if folded in self._ambiguous:
            return "" if piece.islower() else "NAME"
        return "" if folded in self._ordinary or len(folded) == 1 else "WORD"

    def _is_slip(self, folded: str) -> bool:
        """Whether a word is a known name with one letter wrong, missing or too many."""
        return (
            len(folded) >= 4
            and folded not in self._ordinary
            and any(
                abs(len(name) - len(folded)) <= 1 and _differ_by_one(name, folded)
                for name in self._names
                if len(name) >= 4
            )
        )


def _differ_by_one(left: str, right: str) -> bool:
    short, long = sorted((left, right), key=len)
    start = 0
    while start < len(short) and short[start] == long[start]:
        start += 1
    if len(short) == len(long):
        return short[start + 1 :] == long[start + 1 :]
    return short[start:] == long[start + 1 :]
