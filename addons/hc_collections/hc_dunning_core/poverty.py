# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The federal poverty guidelines as dated data, per region.

Published by the Department of Health and Human Services each January; the effective date is that of
the notice. Every row ships for review: somebody holds it against the Federal Register before a
decision rests on it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import DunningError, check_choice, check_whole

CONTIGUOUS = "contiguous"
ALASKA = "alaska"
HAWAII = "hawaii"
REGIONS = (CONTIGUOUS, ALASKA, HAWAII)

# A new guideline comes every January; an older one is no longer the one in force.
_USUAL_DAYS = 410


@dataclass(frozen=True, slots=True)
class Guideline:
    """One year's guideline of a region.

    :param for_one: a year, for a household of one
    :param for_each_more: for each further person
    """

    year: int
    effective_from: date
    region: str
    for_one: Decimal
    for_each_more: Decimal
    source: str
    needs_review: bool = True

    def level(self, persons: int) -> Decimal:
        """Return the poverty level of a household, a year.

        :raises DunningError: ``number_invalid``
        """
        check_whole("number of persons", persons, least=1)
        return self.for_one + self.for_each_more * (persons - 1)

    def is_stale(self, as_of: date) -> bool:
        """Whether a later guideline should be known by now."""
        return (as_of - self.effective_from).days > _USUAL_DAYS


def _rows(year: int, day: date, source: str, *figures: tuple[str, int, int]) -> tuple:
    return tuple(
        Guideline(year, day, region, Decimal(for_one), Decimal(more), source)
        for region, for_one, more in figures
    )


PROPOSED_GUIDELINES = (
    *_rows(
        2024,
        date(2024, 1, 11),
        "HHS poverty guidelines 2024, 89 FR 2961",
        (CONTIGUOUS, 15060, 5380),
        (ALASKA, 18810, 6730),
        (HAWAII, 17310, 6190),
    ),
    *_rows(
        2025,
        date(2025, 1, 15),
        "HHS poverty guidelines 2025, 90 FR 5917",
        (CONTIGUOUS, 15650, 5500),
        (ALASKA, 19550, 6880),
        (HAWAII, 17990, 6330),
    ),
    *_rows(
        2026,
        date(2026, 1, 13),
        "HHS poverty guidelines 2026, 91 FR 1797",
        (CONTIGUOUS, 15960, 5680),
        (ALASKA, 19950, 7100),
        (HAWAII, 18360, 6530),
    ),
)


def guideline_on(guidelines: Iterable[Guideline], region: str, as_of: date) -> Guideline | None:
    """Return the guideline in force in a region on a day; None before the first.

    >>> guideline_on(PROPOSED_GUIDELINES, ALASKA, date(2025, 1, 14)).year
    2024

    :raises DunningError: ``choice_unknown``
    """
    check_choice("region", region, REGIONS)
    known = [row for row in guidelines if row.region == region and row.effective_from <= as_of]
    return max(known, key=lambda row: row.effective_from, default=None)


def region_of(state: str) -> str:
    """Return the region of a state, as ISO 3166-2.

    >>> region_of("US-HI"), region_of("US-TX")
    ('hawaii', 'contiguous')

    :raises DunningError: ``choice_unknown`` for what has no guideline of its own
    """
    if state in ("US-PR", "US-VI", "US-GU", "US-AS", "US-MP"):
        # The territories have none: an office that uses one decides which.
        raise DunningError("choice_unknown", what="state", value=state, choices="a state")
    return {"US-AK": ALASKA, "US-HI": HAWAII}.get(state, CONTIGUOUS)
