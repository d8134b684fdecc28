# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How far each debt of an account has come, and which one the next reminder is about.

Every debt is told of level by level: one that arises while another is at its last notice begins at
the first level, and one that is paid takes its history with it. The oldest debt that is neither
held nor at its end drives the account.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .cadence_policy import CadencePolicy
from .holds import AMOUNT, CONTACT, Hold
from .money import ZERO


@dataclass(frozen=True, slots=True)
class Debt:
    """One open item.

    :param key: its place among debts of the same day
    :param open_amount: above zero
    :param basis_on: the day from which delays count, as the aging policy says
    :param case: of which visit; None: of none
    :param last_level: code of the level that told of it last; empty: none did
    :param levels_told: how many levels told of it
    :param told_on: when the last one did
    :param told_levels: codes of all that did
    """

    key: int
    open_amount: Decimal
    basis_on: date | None
    case: int | None = None
    last_level: str = ""
    levels_told: int = 0
    told_on: date | None = None
    told_levels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CaseHold:
    """A hold of some cases of an account; the others are followed up."""

    hold: Hold
    cases: frozenset[int]


def next_place(policy: CadencePolicy, debt: Debt) -> int:
    """Return where the next level of a debt stands, from 0.

    A level that this version of the policy does not have counts as one of those that told of it.
    One that told of it under another version, where it stood earlier, is not repeated.

    >>> from .cadence_policy import PROPOSED_CHANNEL_RULES as rules, PROPOSED_LEVELS as levels
    >>> policy = CadencePolicy("norm", 2, "USD", levels, rules)
    >>> told = Debt(1, Decimal(9), None, None, "statement_2", 1, date(2026, 1, 1))
    >>> next_place(policy, told), next_place(policy, Debt(1, Decimal(9), None, None, "old", 3))
    (2, 3)
    """
    known = policy.position_of(debt.last_level)
    start = debt.levels_told if known is None else known + 1
    places = range(start, len(policy.levels))
    untold = (place for place in places if policy.levels[place].code not in debt.told_levels)
    return next(untold, max(start, len(policy.levels)))


def find_driving(
    policy: CadencePolicy, debts: Iterable[Debt], stopped: frozenset[int]
) -> Debt | None:
    """Return the debt that decides what comes next; None where nothing is owed.

    :param stopped: cases that nobody is reminded of
    """

    def rank(debt: Debt) -> tuple[bool, bool, bool, date, int]:
        return (
            debt.case in stopped,
            next_place(policy, debt) >= len(policy.levels),
            debt.basis_on is None,
            debt.basis_on or date.max,
            debt.key,
        )

    return min(debts, key=rank, default=None)


def work_out_held(
    open_amount: Decimal,
    case_amounts: Iterable[tuple[int, Decimal]],
    holds: Iterable[Hold],
    case_holds: Iterable[CaseHold],
    day: date,
) -> tuple[Decimal, frozenset[int]]:
    """Return what of an account is held, never more than is open, and the cases that stand still.

    :param case_amounts: what is open per case
    :param holds: of the whole account
    """
    open_of = {case: max(amount, ZERO) for case, amount in case_amounts}
    in_force = [each for each in case_holds if each.hold.is_in_force(day)]
    still = {case for each in in_force if CONTACT in each.hold.stops for case in each.cases}
    held = sum((open_of.get(case, ZERO) for case in still), ZERO)
    disputed: dict[frozenset[int], Decimal] = defaultdict(lambda: ZERO)
    for each in in_force:
        if AMOUNT in each.hold.stops:
            disputed[each.cases] += each.hold.amount
    stopped = set(still)
    for cases, amount in disputed.items():
        left = sum((open_of.get(case, ZERO) for case in cases - still), ZERO)
        held += min(amount, left)
        if amount >= left:
            stopped |= cases
    for hold in holds:
        if AMOUNT in hold.stops and hold.is_in_force(day):
            held += hold.amount
    return min(held, max(open_amount, ZERO)), frozenset(stopped)
