# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What codes and wordings mean for a field.

A code is looked up: the table says it or it does not. A wording without a code goes to the nearest
description of the table, and the value of that description is proposed, or nothing.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .code_texts import LEAST_LIKENESS, CodeTexts
from .untrusted import clean


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code or wording means.

    :ivar value: of the field; empty where it is not clear
    :ivar code: the code of the table that says so; the nearest one where it is not clear
    :ivar confidence: 1 for a look-up, less for a likeness
    :ivar alternatives: other values with their shares
    """

    value: str
    code: str
    confidence: float
    alternatives: tuple[tuple[str, float], ...] = ()


def look_up(meanings: Iterable[tuple[str, str]], choices: Collection[str]) -> Meaning | None:
    """The first code that the table maps to a choice; None where it maps none.

    :param meanings: ``(code, value)``, the code that decides first

    >>> look_up([("16", ""), ("197", "authorization")], ["authorization"]).code
    '197'
    """
    mapped = [(code, value) for code, value in meanings if value in choices]
    if not mapped:
        return None
    code, value = mapped[0]
    others = dict.fromkeys(other for _code, other in mapped[1:] if other != value)
    return Meaning(value, code, 1.0, tuple((other, 0.0) for other in others))


class WordingValues:
    """Descriptions of a table with the value that each means.

    :param rows: ``(code, description, value)``; rows without a value are left out
    """

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        rows = [row for row in rows if row[2]]
        self._values = {code: value for code, _text, value in rows}
        self._texts = CodeTexts((code, text) for code, text, _value in rows)

    def find(self, wording: str, choices: Collection[str]) -> Meaning:
        """What a wording means; without a value where two meanings are about equally near.

        The confidence is the share of the winner among the nearest descriptions, by the square of
        their likeness: descriptions of the same value speak for each other.
        """
        answer = self._texts.find(clean(wording).text)
        shares: dict[str, float] = {}
        for match in answer.candidates:
            value = self._values[str(match.key)]
            shares[value] = shares.get(value, 0.0) + match.likeness**2
        total = sum(shares.values())
        ranked = sorted(
            ((value, share / total) for value, share in shares.items() if value in choices),
            key=lambda pair: (-pair[1], pair[0]),
        )
        nearest = str(answer.candidates[0].key) if answer.candidates else ""
        value = self._values.get(nearest, "")
        is_clear = bool(ranked) and ranked[0][0] == value and (answer.code or ranked[0][1] > 0.9)
        if not is_clear or answer.likeness < LEAST_LIKENESS:
            return Meaning("", nearest, 0.0, tuple(ranked))
        return Meaning(value, nearest, min(ranked[0][1], 0.99), tuple(ranked[1:]))
