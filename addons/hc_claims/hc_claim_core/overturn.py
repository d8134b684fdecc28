# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How likely an appeal wins, and what a denial is therefore worth.

A rate of few cases says little, so that each level of experience is weighed with the broader one
behind it: payer and reason with the category, the category with the office's estimate. With
``WEIGHT`` decided appeals the experience counts as much as what stands behind it (the mean of a
beta distribution whose prior has that many observations).
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

WEIGHT = 10
_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Experience:
    """Decided appeals of one kind, and how many of them were won in full or in part."""

    decided: int = 0
    won: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.won <= self.decided:
            raise ValueError(f"{self.won} won of {self.decided} decided")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A rate between 0 and 1, with what it was made from."""

    rate: Decimal
    prior: Decimal
    of_category: Experience
    of_payer: Experience


def estimate(prior: Decimal, of_category: Experience, of_payer: Experience) -> Estimate:
    """The chance that an appeal is won.

    :param prior: the office's estimate for the category, between 0 and 1
    :param of_category: all decided appeals of the category
    :param of_payer: those of this payer and reason

    >>> estimate(Decimal("0.4"), Experience(), Experience()).rate
    Decimal('0.4000')
    >>> estimate(Decimal("0.4"), Experience(10, 8), Experience(10, 10)).rate
    Decimal('0.8000')
    """
    if not 0 <= prior <= 1:
        raise ValueError(f"a rate of {prior}")
    rate = _weigh(_weigh(prior, of_category), of_payer)
    return Estimate(rate.quantize(_PLACES, ROUND_HALF_UP), prior, of_category, of_payer)


def expected_value(amount: Decimal, rate: Decimal, *, places: int = 2) -> Decimal:
    """What may come of an amount.

    >>> expected_value(Decimal("99.99"), Decimal("0.3333"))
    Decimal('33.33')
    """
    return (amount * rate).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _weigh(behind: Decimal, experience: Experience) -> Decimal:
    return (experience.won + behind * WEIGHT) / (experience.decided + WEIGHT)
