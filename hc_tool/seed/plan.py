# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How many cases of which kind and age a seeded database holds."""

from dataclasses import dataclass

# Smallest mixture with every kind of case in its share.
SET_CASES = 50
_HISTORY_CASES_IN_SET = 45
# A larger mould varies more, and costs more to make; it is copied at least so often.
_SCALES = (2, 1)
_SETS_AT_LEAST = 20


@dataclass(frozen=True)
class MouldPlan:
    """A mixture of cases made by the application, and how it is copied.

    Attributes:
        name: of the mixture.
        case_count: cases that the application makes.
        copy_count: copies of all of them.
        spread_days: the first copy is so many days older than the originals, the last as old.
    """

    name: str
    case_count: int
    copy_count: int
    spread_days: int

    def age_days(self, copy: int) -> int:
        """Return by how many days a copy is older than the originals.

        Args:
            copy: its number, from 1; the oldest comes first.
        """
        return self.spread_days * (self.copy_count - copy) // self.copy_count


@dataclass(frozen=True)
class SeedPlan:
    """The whole database.

    Attributes:
        seed: of every random choice.
        history: cases of eighteen months that are billed, paid, partly paid or given up.
        current: cases of the last weeks in every stage before and just after the bill.
    """

    seed: int
    history: MouldPlan
    current: MouldPlan

    @property
    def moulds(self) -> tuple[MouldPlan, ...]:
        """Both mixtures, in the order in which they are made."""
        return self.history, self.current

    @property
    def case_count(self) -> int:
        """Cases of the whole database."""
        return sum(mould.case_count * (1 + mould.copy_count) for mould in self.moulds)


def make_plan(cases: int, seed: int) -> SeedPlan:
    """Plan a database.

    Args:
        cases: how many billing cases it shall hold.
        seed: of every random choice.

    Raises:
        ValueError: the number cannot be made of whole mixtures.
    """
    if cases < SET_CASES or cases % SET_CASES:
        raise ValueError(f"{cases} is no positive multiple of {SET_CASES}")
    sets = cases // SET_CASES
    scale = next(
        (each for each in _SCALES if sets % each == 0 and sets // each >= _SETS_AT_LEAST), 1
    )
    history_cases = _HISTORY_CASES_IN_SET * scale
    current_cases = SET_CASES * scale - history_cases
    copies = sets // scale - 1
    return SeedPlan(
        seed,
        MouldPlan("history", history_cases, copies, spread_days=450),
        MouldPlan("current", current_cases, copies, spread_days=30),
    )
