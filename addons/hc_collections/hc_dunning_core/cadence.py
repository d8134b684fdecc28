# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether an account is contacted next, how, and if not, why and when.

The columns of ``cadence_table`` are worked out per account; the first condition of its table that
is true names the reason to skip. A set-based query works the same columns out and evaluates the
same table, so that it can be held against ``decide``, account by account.

Laws: no contact while a hold stops contact, whatever else is true; no two levels within the later
one's spacing; no level is skipped; asking twice on the same day, the contact of the first time
recorded, gives no second contact; a decision that names an earliest day is *due* when asked on that
day with the same facts, and on no day from ``as_of`` until then; one that names none is *due* on no
later day, unless a fact changes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from .cadence_columns import AccountFacts, work_out
from .cadence_policy import CadencePolicy, Level
from .cadence_table import DUE, Columns, first_true
from .holds import Hold
from .workdays import Workdays


@dataclass(frozen=True, slots=True)
class Decision:
    """A contact, or why there is none.

    :param reason: of ``cadence_table.REASONS``
    :param level: the next level, also where it is skipped; None where there is none
    :param channel: by which it goes out; empty where none can be used
    :param due_on: when the level falls due, holds and closed days apart
    :param earliest_on: the first day from ``as_of`` on that it may go out; None: no day is known
    """

    reason: str
    words: str
    level: Level | None
    channel: str
    due_on: date | None
    earliest_on: date | None

    @property
    def is_due(self) -> bool:
        """Whether the contact is made now."""
        return self.reason == DUE


def decide(policy: CadencePolicy, facts: AccountFacts, as_of: date, workdays: Workdays) -> Decision:
    """Decide on one account.

    :param as_of: the day of the run, in the office's calendar
    """
    level, channel, columns = work_out(policy, facts, as_of, workdays)
    condition = first_true(columns)
    if condition is None:
        text = f"The level {level.code} goes out by {channel}."
        return Decision(DUE, text, level, channel, columns.due_on, as_of)
    earliest_on = _look_ahead(policy, facts, columns, workdays)
    words = condition.tell(columns)
    return Decision(condition.code, words, level, channel, columns.due_on, earliest_on)


def propose(
    policy: CadencePolicy,
    accounts: Iterable[tuple[Any, AccountFacts]],
    as_of: date,
    workdays: Workdays,
) -> dict[Any, Decision]:
    """Decide on many accounts, by their keys."""
    return {key: decide(policy, facts, as_of, workdays) for key, facts in accounts}


def _look_ahead(
    policy: CadencePolicy, facts: AccountFacts, columns: Columns, workdays: Workdays
) -> date | None:
    """Go from one day on which something changes to the next, until nothing speaks against it."""
    holds = (*facts.holds, *(each.hold for each in facts.case_holds))
    while first_true(columns) is not None:
        day = _next_change(holds, columns)
        if day is None:
            return None
        _level, _channel, columns = work_out(policy, facts, day, workdays)
    return columns.as_of


def _next_change(holds: tuple[Hold, ...], columns: Columns) -> date | None:
    """The next day on which the answer may differ: a hold begins or ends, or the level is due."""
    days = [day for hold in holds for day in (hold.first_day, hold.free_on)]
    days.append(columns.earliest_on)
    return min((day for day in days if day is not None and day > columns.as_of), default=None)
