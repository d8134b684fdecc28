# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How payers and their remittances word things, brought to one form.

Payers shorten freely ("Pt not elig for svc") and add standing remarks ("Usage: refer to ..."); a
table of codes says the same in full. Words are brought to their long form by a table of the
field's usual abbreviations first, then by the words of the table itself: an unknown word stands
for the known word that begins alike and holds its letters in order.
"""

import re
from collections.abc import Iterable, Mapping

_WORD = re.compile(r"[a-z]+|\d+")
_STANDING_REMARK = re.compile(
    r"\b(?:usage|notes?)\s*:|\(handled in|\bto be used for\b|\bused only by\b"
    r"|\bat least one remark code|\brefer to (?:the|implementation)|\bthis change effective"
    r"|\(use only",
    re.IGNORECASE,
)
# A remark that begins earlier than this is the statement itself.
_SHORTEST_STATEMENT = 8

# Abbreviations that billing offices use, and those that are no letters of their word in order.
ABBREVIATIONS: Mapping[str, str] = {
    "addl": "additional",
    "adj": "adjustment",
    "anes": "anesthesia",
    "auth": "authorization",
    "authd": "authorized",
    "clm": "claim",
    "cob": "coordination of benefits",
    "coord": "coordination",
    "cov": "coverage",
    "den": "denied",
    "dme": "durable medical equipment",
    "dob": "date of birth",
    "doc": "documentation",
    "docs": "documentation",
    "dos": "date of service",
    "dup": "duplicate",
    "dx": "diagnosis",
    "elig": "eligibility",
    "eob": "explanation of benefits",
    "er": "emergency",
    "fac": "facility",
    "govt": "government",
    "hosp": "hospital",
    "inelig": "ineligible",
    "info": "information",
    "inpat": "inpatient",
    "ins": "insurance",
    "max": "maximum",
    "med": "medical",
    "min": "minimum",
    "mod": "modifier",
    "outpat": "outpatient",
    "pd": "paid",
    "pos": "place of service",
    "proc": "procedure",
    "prov": "provider",
    "pt": "patient",
    "pts": "patients",
    "px": "procedure",
    "qty": "quantity",
    "rcvd": "received",
    "recd": "received",
    "ref": "referral",
    "reqd": "required",
    "resp": "responsibility",
    "rx": "pharmacy",
    "subm": "submitted",
    "svc": "service",
    "svcs": "services",
    "trtmt": "treatment",
    "tx": "treatment",
    "us": "united states",
    "w": "with",
    "wc": "workers compensation",
    "yr": "year",
}


def words(text: str) -> list[str]:
    """Words and numbers of a text in small letters, apostrophes closed up.

    >>> words("Pt's plan: not auth'd, 2 visits")
    ['pts', 'plan', 'not', 'authd', '2', 'visits']
    """
    return _WORD.findall(text.lower().replace("'", "").replace("\u2019", ""))


def statement(text: str) -> str:
    """What a description says, without the standing remarks that follow it.

    >>> statement("Covered days. (Handled in QTY, QTY01=CA)")
    'Covered days. '
    """
    remark = _STANDING_REMARK.search(text)
    if remark and remark.start() >= _SHORTEST_STATEMENT:
        return text[: remark.start()]
    return text


def is_shortening(short: str, long: str) -> bool:
    """Whether all letters of one word stand in the other, in order, from the same beginning.

    >>> is_shortening("pymt", "payment"), is_shortening("pymt", "shipment")
    (True, False)
    """
    if not short or len(long) <= len(short) or long[0] != short[0]:
        return False
    letters = iter(long)
    return all(letter in letters for letter in short)


class LongForms:
    """Long forms of words, by the usual abbreviations and by the words of one table.

    :param texts: the table's descriptions
    """

    def __init__(self, texts: Iterable[str]) -> None:
        counts: dict[str, int] = {}
        for text in texts:
            for word in set(words(text)):
                counts[word] = counts.get(word, 0) + 1
        self._counts = counts
        self._by_letter: dict[str, list[str]] = {}
        for word in counts:
            self._by_letter.setdefault(word[0], []).append(word)
        self._known: dict[str, tuple[str, ...]] = {}

    def expand(self, text: str) -> list[str]:
        """Words of a text in their long forms."""
        return [long for word in words(text) for long in self._expand_word(word)]

    def _expand_word(self, word: str) -> tuple[str, ...]:
        if word in ABBREVIATIONS:
            return tuple(ABBREVIATIONS[word].split())
        if word in self._counts or len(word) < 2 or word.isdigit():
            return (word,)
        if word not in self._known:
            # Bounded: what an outsider writes must not fill the memory.
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[word] = (self._find_long_form(word),)
        return self._known[word]

    def _find_long_form(self, word: str) -> str:
        candidates = [
            long for long in self._by_letter.get(word[0], ()) if is_shortening(word, long)
        ]
        return min(
            candidates,
            key=lambda long: (long[-1] != word[-1], -self._counts[long], len(long), long),
            default=word,
        )
