# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The spellings in which what a record knows of people may stand in a text.

A name stands in any order, with initials, in capitals or with a slip of the scanner; a date in any
of the usual forms; a number with or without its dashes. Everything is compared *folded*: letters
and digits only, small, and what a scanner confuses (0 and o, 1 and l, 5 and s) as one.
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

# Letters and digits that a scanner takes for each other, as one of them.
_CONFUSED = str.maketrans("o0il1|s5b8z2g9q6", "0011115588229996")
_PARTS = re.compile(r"[^\W_]+", re.UNICODE)
# A part of a name or an address that is shorter than this says nothing about a person.
_SHORTEST_PART = 2
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
KINDS = ("NAME", "DATE", "ID", "PHONE", "ADDRESS", "EMAIL")


@dataclass(frozen=True, slots=True)
class Identifier:
    """Something that a record knows of a person.

    :param kind: one of ``KINDS``; what stands in its place
    :param value: as the record holds it; a date as ISO text
    """

    kind: str
    value: str


def fold(text: str) -> str:
    """Letters and digits only, small, without accents, the scanner's confusions as one.

    >>> fold("O'Neil-5"), fold("0nei1 S")
    ('0ne115', '0ne115')
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in plain.translate(_CONFUSED) if char.isalnum())


def folded_names(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """Folded parts of names and addresses, each on its own."""
    return frozenset(
        fold(part)
        for identifier in identifiers
        if identifier.kind in ("NAME", "ADDRESS", "EMAIL")
        for part in _PARTS.findall(identifier.value)
        if len(part) >= _SHORTEST_PART
    )


def folded_numbers(identifiers: Iterable[Identifier]) -> frozenset[str]:
    """Folded numbers: as a whole, and their last four, which stand for the whole."""
    found = set()
    for identifier in identifiers:
        if identifier.kind in ("ID", "PHONE"):
            folded = fold(identifier.value)
            if len(folded) >= 4:
                found |= {folded, folded[-4:]}
    return frozenset(found)


def date_spellings(value: str) -> frozenset[str]:
    """Folded spellings of a date: numbers in each order, with two or four digits of the year.

    >>> fold("9/6/92") in date_spellings("1992-09-06")
    True
    """
    try:
        day = datetime.date.fromisoformat(value)
    except ValueError:
        return frozenset()
    found = set()
    month = _MONTHS[day.month - 1]
    for year in (str(day.year), f"{day.year % 100:02}"):
        for days in {str(day.day), f"{day.day:02}"}:
            for months in {str(day.month), f"{day.month:02}", month, month[:3]}:
                found |= {
                    f"{months}/{days}/{year}",
                    f"{days}/{months}/{year}",
                    f"{year}/{months}/{days}",
                }
    return frozenset(fold(spelling) for spelling in found)
