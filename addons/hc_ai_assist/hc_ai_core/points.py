# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A priority from points: the choices divide the points from 0 to 100 into equal bands."""

from collections.abc import Sequence

FULL = 100
# In the middle of a band, and at its edge.
_SURE, _UNSURE = 0.9, 0.55


def choose_by_points(total: int, choices: Sequence[str]) -> tuple[str, float]:
    """The choice whose band holds the points, and how sure that is.

    :param total: 0 to 100
    :param choices: the least urgent first
    :return: (choice, confidence): the nearer to another band, the less sure

    >>> choose_by_points(100, ("0", "1")), choose_by_points(49, ("0", "1"))
    (('1', 0.9), ('0', 0.557))
    """
    width = FULL / len(choices)
    position = min(int(total / width), len(choices) - 1)
    distances = []
    if position:
        distances.append(total - position * width)
    if position < len(choices) - 1:
        distances.append((position + 1) * width - total)
    nearness = min(distances, default=width) / width
    confidence = _UNSURE + (_SURE - _UNSURE) * min(1.0, nearness)
    return choices[position], round(confidence, 3)
