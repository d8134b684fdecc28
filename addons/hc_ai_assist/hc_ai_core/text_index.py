# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The nearest text of a table, by letters, words and neighbouring words (TF-IDF, cosine).

Term frequency and inverse document frequency as Salton and Buckley describe them (1988,
"Term-weighting approaches in automatic text retrieval"), with logarithmic counts.
"""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

# Words that a neighbourhood skips; "not" says too much to be skipped.
_FILLERS = frozenset(
    {"a", "an", "and", "are", "be", "been", "by", "for", "in", "is"}
    | {"of", "on", "or", "that", "the", "this", "to", "was", "were", "with"}
)
_GRAM_SIZES = (3, 4)
_WORD_WEIGHT = 2.0
# What every text of the table holds still counts a little: tables may be small.
_COMMON_RARITY = 0.05
MAX_WORDS = 400


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of the table: its key, its text, and how alike it is, 0 to 1."""

    key: Hashable
    text: str
    likeness: float


def features(tokens: Sequence[str]) -> Counter:
    """Counts of letters, words and neighbours of a text.

    >>> sorted(features(["pre", "paid"]))[:4]
    ['<pa', '<pai', '<pr', '<pre']
    """
    tokens = tokens[:MAX_WORDS]
    counts: Counter = Counter()
    for token in tokens:
        marked = f"<{token}>"
        for size in _GRAM_SIZES:
            for start in range(len(marked) - size + 1):
                counts[marked[start : start + size]] += 1
        counts["=" + token] += 1
    content = [token for token in tokens if token not in _FILLERS]
    for left, right in zip(content, content[1:], strict=False):
        counts[f"{left} {right}"] += 1
    return counts


class TextIndex:
    """Texts by key, ready to be compared.

    :param entries: ``(key, text)``; an empty text is left out
    :param tokens: how a text is cut into words, the same for entries and questions
    """

    def __init__(
        self, entries: Iterable[tuple[Hashable, str]], tokens: Callable[[str], Sequence[str]]
    ) -> None:
        self._tokens = tokens
        counted = [(key, text, features(tokens(text))) for key, text in entries]
        counted = [entry for entry in counted if entry[2]]
        self.entries = [(key, text) for key, text, _counts in counted]
        frequency: Counter = Counter()
        for _key, _text, counts in counted:
            frequency.update(counts.keys())
        total = len(counted)
        self._rarity = {
            feature: math.log((1 + total) / (1 + count)) + _COMMON_RARITY
            for feature, count in frequency.items()
        }
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for position, (_key, _text, counts) in enumerate(counted):
            for feature, weight in self._weigh(counts).items():
                self._postings.setdefault(feature, []).append((position, weight))

    def _weigh(self, counts: Counter) -> dict[str, float]:
        weights = {
            feature: (_WORD_WEIGHT if feature[0] == "=" else 1.0) * (1 + math.log(count)) * rarity
            for feature, count in counts.items()
            if (rarity := self._rarity.get(feature))
        }
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        if not length:
            return {}
        return {feature: weight / length for feature, weight in weights.items()}

    def nearest(self, text: str, count: int = 5) -> list[Match]:
        """The most alike entries, the most alike first; empty where nothing is alike."""
        scores: dict[int, float] = {}
        for feature, weight in self._weigh(features(self._tokens(text))).items():
            for position, other in self._postings[feature]:
                scores[position] = scores.get(position, 0.0) + weight * other
        best = sorted(scores, key=lambda position: (-scores[position], position))[:count]
        return [Match(*self.entries[position], min(scores[position], 1.0)) for position in best]
