# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the documents of a record say about one of its fields, with the places where they say it.

A value counts by its places: a label made for it says more than an ordinary word, a second place
that agrees says more than one, and text that a machine recognised on a picture says less than text
that was in the file. Places that disagree are shown to a person; none of them wins.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from .advice import MOST_ALTERNATIVES, Advice, Evidence
from .extraction import LOOSE_FIELDS, Extracted, find_values
from .untrusted import clean

# How sure one place is, by its label; each further place that agrees takes half of the doubt away.
SURE = 0.92
LOOSE = 0.8
# What text that was recognised on a picture takes from that: letters are mistaken for others.
RECOGNISED_LOSS = 0.1
_MOST_PLACES = 3


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page of a file.

    :ivar res_id: of the attachment
    :ivar number: from 1
    :ivar document: its name, as people read it
    :ivar is_recognised: whether the text was recognised on a picture
    """

    res_id: int
    number: int
    text: str
    document: str = ""
    is_recognised: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    value: str
    page: Page
    found: Extracted

    def evidence(self) -> Evidence:
        return Evidence(
            "ir.attachment",
            self.page.res_id,
            page=self.page.number,
            start=self.found.start,
            end=self.found.end,
            quote=self.found.text,
            sha256=page_digest(self.page.text),
        )


def page_digest(text: str) -> str:
    """SHA-256 of the text of a page: whoever reads later knows whether it is still the same."""
    return sha256(text.encode()).hexdigest()


def value_text(value: Any) -> str:
    """A value as a proposal holds it: a date as ISO 8601, a number without trailing zeros.

    >>> value_text(Decimal("12.50")), value_text(Decimal("100"))
    ('12.5', '100')
    """
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def advise_from_pages(
    pages: Iterable[Page],
    name: str,
    floor: float,
    is_fit: Callable[[str], bool],
    words: Mapping[str, str],
) -> Advice:
    """Propose what the pages say about a field.

    :param name: of the value in letters; see ``extraction.FIELDS``
    :param floor: confidence below which it abstains
    :param is_fit: whether a text is a value that the field may have
    :param words: sentences for people: ``place`` with ``{quote}``, ``{document}`` and ``{page}``
    :return: the value with its places, or none where no place or several values are found
    """
    places = [
        _Place(text, page, found)
        for page in pages
        for found in find_values(clean(page.text), name)
        if is_fit(text := value_text(found.value))
    ]
    if not places:
        return Advice(None, 0.0, abstained_because="not_found")
    reasons = tuple(_tell(place, words) for place in places[:_MOST_PLACES])
    evidence = tuple(place.evidence() for place in places[:_MOST_PLACES])
    by_value: dict[str, list[_Place]] = {}
    for place in places:
        by_value.setdefault(place.value, []).append(place)
    ranked = sorted(
        ((value, _confidence(name, group)) for value, group in by_value.items()),
        key=lambda pair: -pair[1],
    )
    if len(ranked) > 1:
        return Advice(None, 0.0, reasons, tuple(ranked[:MOST_ALTERNATIVES]), "conflict", evidence)
    value, confidence = ranked[0]
    if confidence < floor:
        return Advice(None, confidence, reasons, tuple(ranked), "below_floor", evidence)
    return Advice(value, confidence, reasons, evidence=evidence)


def _confidence(name: str, places: Sequence[_Place]) -> float:
    """By the best of the places, and how many different ones agree."""
    single = LOOSE if name in LOOSE_FIELDS else SURE
    best = max(single - (RECOGNISED_LOSS if place.page.is_recognised else 0.0) for place in places)
    return round(1 - (1 - best) * 0.5 ** (min(len(places), _MOST_PLACES) - 1), 4)


def _tell(place: _Place, words: Mapping[str, str]) -> str:
    return words["place"].format(
        quote=place.found.text, document=place.page.document, page=place.page.number
    )
