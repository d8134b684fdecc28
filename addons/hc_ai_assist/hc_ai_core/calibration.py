# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Confidence that means what it says, and the gates before a model or a provider goes live."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising map from what a provider claims to how often it was right.

    Isotonic regression by pooling neighbours that fall (Zadrozny and Elkan 2002).

    :ivar bounds: lowest claim of each step, rising
    :ivar shares: share of right answers of each step
    """

    bounds: tuple[float, ...] = ()
    shares: tuple[float, ...] = ()

    @classmethod
    def fit(cls, claims: Sequence[float], is_right: Sequence[bool]) -> "Calibration":
        """Fit to decided suggestions.

        Each step is drawn towards one half by one right and one wrong answer, so that a few lucky
        ones claim nothing certain.
        """
        rights_by_claim: dict[float, list[bool]] = {}
        for claim, right in zip(claims, is_right, strict=True):
            rights_by_claim.setdefault(claim, []).append(right)
        steps: list[list[float]] = []
        for claim in sorted(rights_by_claim):
            steps.append([claim, sum(rights_by_claim[claim]), len(rights_by_claim[claim])])
            while len(steps) > 1 and steps[-2][1] / steps[-2][2] >= steps[-1][1] / steps[-1][2]:
                _bound, rights, count = steps.pop()
                steps[-1][1] += rights
                steps[-1][2] += count
        shares, highest = [], 0.0
        for _bound, rights, count in steps:
            highest = max(highest, (rights + 1) / (count + 2))
            shares.append(highest)
        return cls(tuple(step[0] for step in steps), tuple(shares))

    def confidence(self, claim: float) -> float:
        """The confidence that a claim deserves; the claim itself where nothing was learned.

        >>> Calibration.fit([0.9] * 8, [True] * 4 + [False] * 4).confidence(0.9)
        0.5
        """
        if not self.bounds:
            return claim
        return self.shares[max(0, bisect_right(self.bounds, claim) - 1)]


@dataclass(frozen=True, slots=True)
class Scores:
    """How a model did on decided cases that it has not learned from."""

    count: int
    accuracy: float
    macro_f1: float
    calibration_error: float


def gate_problems(
    candidate: Scores,
    current: Scores | None,
    *,
    least_count: int,
    least_accuracy: float,
    most_calibration_error: float = 0.1,
) -> list[str]:
    """Why a model must not go live; empty where it may.

    :param current: of what is live now, on the same cases; None where nothing is
    """
    problems = []
    if candidate.count < least_count:
        problems.append(f"{candidate.count} decided cases are fewer than {least_count}")
    if candidate.accuracy < least_accuracy:
        problems.append(f"accuracy {candidate.accuracy:.3f} is below {least_accuracy:.3f}")
    if candidate.calibration_error > most_calibration_error:
        problems.append(
            f"calibration error {candidate.calibration_error:.3f} is above "
            f"{most_calibration_error:.3f}"
        )
    if current and candidate.macro_f1 < current.macro_f1:
        problems.append(
            f"macro F1 {candidate.macro_f1:.3f} is below the present {current.macro_f1:.3f}"
        )
    return problems
