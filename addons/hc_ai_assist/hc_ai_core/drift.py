# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether what comes in, or goes out, is still what was learned from."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .fact_features import fact_features
from .metrics import population_stability

# Rare values are counted as one: a dozen empty classes would look like change.
_MOST_CLASSES = 8
# Fewer say nothing about a distribution.
LEAST_EACH = 50


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one fact, or the proposed value, has moved.

    :ivar name: of the fact
    :ivar stability: population stability index
    :ivar noise: what chance alone would seldom exceed at these numbers
    """

    name: str
    stability: float
    noise: float

    def is_above(self, threshold: float) -> bool:
        """Whether it moved by more than the threshold, and more than chance would."""
        return self.stability > max(threshold, self.noise)


def fact_drifts(
    before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> list[Drift]:
    """The drift of each fact, the largest first; empty where there are too few of either.

    :param before: facts of the records that were learned from
    :param now: facts of the latest records

    >>> drifts = fact_drifts([{"kind": "a"}] * 60, [{"kind": "b"}] * 60)
    >>> drifts[0].name, drifts[0].is_above(0.25)
    ('kind', True)
    """
    if min(len(before), len(now)) < LEAST_EACH:
        return []
    counts_before, counts_now = _count(before), _count(now)
    found = [
        _drift(name, counts_before[name], counts_now[name])
        for name in sorted(counts_before.keys() | counts_now.keys())
    ]
    return sorted(found, key=lambda drift: -drift.stability)


def value_drift(name: str, before: Sequence[str], now: Sequence[str]) -> Drift | None:
    """The drift of proposed values; None where there are too few of either."""
    if min(len(before), len(now)) < LEAST_EACH:
        return None
    return _drift(name, Counter(before), Counter(now))


def _count(facts_list: Iterable[Mapping[str, Any]]) -> dict[str, Counter]:
    """By fact: how often which value, numbers by size as the classifier sees them."""
    counts: dict[str, Counter] = defaultdict(Counter)
    for facts in facts_list:
        for name, value in facts.items():
            counts[name].update(fact_features({name: value}))
    return counts


def _drift(name: str, before: Counter, now: Counter) -> Drift:
    frequent = [label for label, _count in (before + now).most_common(_MOST_CLASSES)]
    expected = [before[label] for label in frequent] + [before.total()]
    actual = [now[label] for label in frequent] + [now.total()]
    expected[-1] -= sum(expected[:-1])
    actual[-1] -= sum(actual[:-1])
    if not expected[-1] and not actual[-1]:
        del expected[-1], actual[-1]
    return Drift(
        name,
        population_stability(expected, actual),
        _noise(len(expected), before.total(), now.total()),
    )


def _noise(classes: int, before: int, now: int) -> float:
    """Mean and three deviations of the index where nothing has changed.

    It then follows (1/n + 1/m) times a chi-square of one degree less than there are classes
    (Yurdakul 2018, "Statistical Properties of Population Stability Index").
    """
    degrees = max(classes - 1, 0)
    if not before or not now:
        return math.inf
    return (degrees + 3 * math.sqrt(2 * degrees)) * (1 / before + 1 / now)
