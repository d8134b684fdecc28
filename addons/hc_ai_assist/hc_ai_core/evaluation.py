# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How an adviser does on cases of which the right answer is known."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .metrics import expected_calibration_error, macro_f1

# Figures of a few hundred cases move by this much by themselves.
LEAST_DROP = 0.02


@dataclass(frozen=True, slots=True)
class Case:
    """One case: what is right and what was answered.

    :ivar answer: None where the adviser abstained
    :ivar confidence: 0 to 1
    :ivar latency_ms: how long the answer took
    :ivar slices: what the case belongs to, by kind of slice, such as a kind of payer
    """

    expected: str
    answer: str | None
    confidence: float = 0.0
    latency_ms: float = 0.0
    slices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Measures:
    """Figures of some cases.

    :ivar right: answers that are right
    :ivar accuracy: their share of the answers
    :ivar coverage: share of cases with an answer
    :ivar macro_f1: mean over the classes; a case without an answer is a miss of its class
    :ivar calibration_error: how far confidence and truth lie apart, of the answers
    :ivar latency_p95_ms: 95 of 100 answers were as fast as this
    """

    count: int
    answered: int
    right: int
    accuracy: float
    coverage: float
    macro_f1: float
    calibration_error: float
    latency_p95_ms: float

    @property
    def abstained(self) -> int:
        """Cases without an answer."""
        return self.count - self.answered


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that this share of the values does not exceed.

    >>> percentile([1, 2, 3, 4], 0.5), percentile([], 0.95)
    (2, 0.0)
    """
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def measure(cases: Sequence[Case]) -> Measures:
    """Figures of the cases; zero where there is nothing to divide by.

    >>> measure([Case("a", "a", 1.0), Case("b", None)]).coverage
    0.5
    """
    answered = [case for case in cases if case.answer is not None]
    right = [case.answer == case.expected for case in answered]
    return Measures(
        count=len(cases),
        answered=len(answered),
        right=sum(right),
        accuracy=sum(right) / len(answered) if answered else 0.0,
        coverage=len(answered) / len(cases) if cases else 0.0,
        # No class has an empty name: what was not answered is right nowhere.
        macro_f1=(
            macro_f1([case.expected for case in cases], [case.answer or "" for case in cases])
            if cases
            else 0.0
        ),
        calibration_error=(
            expected_calibration_error([case.confidence for case in answered], right)
            if answered
            else 0.0
        ),
        latency_p95_ms=percentile([case.latency_ms for case in cases], 0.95),
    )


def confusion(cases: Iterable[Case]) -> list[tuple[str, str, int]]:
    """How often which answer was given for which truth; an empty answer is none.

    :return: ``(expected, answer, count)``, the most frequent first
    """
    counts = Counter((case.expected, case.answer or "") for case in cases)
    return sorted(
        ((expected, answer, count) for (expected, answer), count in counts.items()),
        key=lambda row: (-row[2], row[0], row[1]),
    )


def measure_slices(cases: Iterable[Case]) -> list[tuple[str, str, Measures]]:
    """Figures of each slice: whether it serves all alike.

    :return: ``(kind of slice, its value, figures)`` by name
    """
    held: defaultdict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        for kind, value in case.slices.items():
            held[kind, value].append(case)
    return [(*key, measure(held[key])) for key in sorted(held)]


def drops(now: Measures, before: Measures) -> list[str]:
    """What got worse since, as names of figures; empty where nothing did.

    >>> drops(measure([Case("a", "b")]), measure([Case("a", "a")]))
    ['accuracy', 'macro_f1']
    """
    return [
        name
        for name in ("accuracy", "macro_f1", "coverage")
        if getattr(before, name) - getattr(now, name) > LEAST_DROP
    ]
