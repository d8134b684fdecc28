# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""From a payer's own wording to the code that says the same.

A look-up by likeness, not a judgement: the answer is a code of the site's table, or none where two
codes are about equally near.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .text_index import Match, TextIndex
from .wording import LongForms, statement

# Below this likeness nothing of the table is meant; below this lead two codes are.
LEAST_LIKENESS = 0.35
LEAST_LEAD = 0.02


@dataclass(frozen=True, slots=True)
class CodeAnswer:
    """What a wording means.

    :ivar code: the code, or empty where the table gives no clear answer
    :ivar likeness: of the nearest code, 0 to 1
    :ivar lead: by how much it is nearer than the next
    :ivar candidates: the nearest codes, nearest first
    """

    code: str
    likeness: float
    lead: float
    candidates: tuple[Match, ...]


class CodeTexts:
    """A table of codes with their descriptions.

    :param descriptions: ``(code, description)``; a code may have several
    """

    def __init__(self, descriptions: Iterable[tuple[str, str]]) -> None:
        rows = [(code, statement(text)) for code, text in descriptions]
        self._forms = LongForms(text for _code, text in rows)
        self._index = TextIndex(rows, self._forms.expand)

    def find(self, wording: str) -> CodeAnswer:
        """The code that a wording means."""
        best: dict[str, Match] = {}
        for match in self._index.nearest(statement(wording), count=10):
            best.setdefault(str(match.key), match)
        candidates = tuple(best.values())[:3]
        if not candidates:
            return CodeAnswer("", 0.0, 0.0, ())
        first = candidates[0]
        lead = first.likeness - (candidates[1].likeness if len(candidates) > 1 else 0.0)
        is_clear = first.likeness >= LEAST_LIKENESS and lead >= LEAST_LEAD
        return CodeAnswer(str(first.key) if is_clear else "", first.likeness, lead, candidates)
