# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How good answers are: agreement, ranking, calibration, drift."""

import math
from collections.abc import Sequence

_BINS = 10


def accuracy(truths: Sequence[str], answers: Sequence[str]) -> float:
    """Share of answers that are right."""
    return sum(map(str.__eq__, truths, answers)) / len(truths)


def macro_f1(truths: Sequence[str], answers: Sequence[str]) -> float:
    """Mean over the classes of the harmonic mean of precision and recall.

    >>> macro_f1(["a", "a", "b"], ["a", "b", "b"])
    0.6666666666666666
    """
    scores = []
    for label in sorted(set(truths)):
        right = sum(truth == answer == label for truth, answer in zip(truths, answers, strict=True))
        scores.append(2 * right / (truths.count(label) + answers.count(label)))
    return sum(scores) / len(scores)


def accuracy_at_coverage(
    confidences: Sequence[float], is_right: Sequence[bool], coverage: float
) -> float:
    """Share of right answers among the most confident part.

    :param coverage: the part, 0 to 1
    """
    order = sorted(range(len(confidences)), key=lambda index: -confidences[index])
    kept = order[: max(1, int(len(order) * coverage))]
    return sum(is_right[index] for index in kept) / len(kept)


def expected_calibration_error(confidences: Sequence[float], is_right: Sequence[bool]) -> float:
    """How far confidence and truth lie apart, over ten bins (Naeini et al. 2015).

    >>> expected_calibration_error([0.95, 0.95], [True, True])
    0.050000000000000044
    """
    bins: list[list[int]] = [[] for _bin in range(_BINS)]
    for index, confidence in enumerate(confidences):
        bins[min(_BINS - 1, int(confidence * _BINS))].append(index)
    return sum(
        abs(sum(confidences[index] for index in held) - sum(is_right[index] for index in held))
        for held in bins
    ) / len(confidences)


def area_under_curve(scores: Sequence[float], is_positive: Sequence[bool]) -> float:
    """Chance that a positive case scores above a negative one; ties count by half.

    >>> area_under_curve([3, 2, 2, 1], [True, True, False, False])
    0.875
    """
    order = sorted(range(len(scores)), key=lambda index: scores[index])
    rank_sum, position = 0.0, 0
    while position < len(order):
        end = position
        while end < len(order) and scores[order[end]] == scores[order[position]]:
            end += 1
        mean_rank = (position + end + 1) / 2
        rank_sum += mean_rank * sum(is_positive[index] for index in order[position:end])
        position = end
    positives = sum(is_positive)
    negatives = len(scores) - positives
    if not positives or not negatives:
        return math.nan
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def precision_at(scores: Sequence[float], is_positive: Sequence[bool], count: int) -> float:
    """Share of positive cases among the highest scores."""
    order = sorted(range(len(scores)), key=lambda index: -scores[index])[:count]
    return sum(is_positive[index] for index in order) / len(order)


def population_stability(expected: Sequence[float], actual: Sequence[float]) -> float:
    """Population stability index of two distributions over the same classes.

    Below 0.1 nothing has changed, above 0.25 much has (Siddiqi 2006, "Credit Risk Scorecards").

    :param expected: counts by class, then
    :param actual: counts by class, now
    """
    smoothing = 0.5
    total_expected = sum(expected) + smoothing * len(expected)
    total_actual = sum(actual) + smoothing * len(actual)
    index = 0.0
    for before, now in zip(expected, actual, strict=True):
        share_before = (before + smoothing) / total_expected
        share_now = (now + smoothing) / total_actual
        index += (share_now - share_before) * math.log(share_now / share_before)
    return index
