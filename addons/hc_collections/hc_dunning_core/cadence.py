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
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from .cadence_policy import (
    CALL,
    FROM_PREVIOUS,
    OPTED_IN,
    UNLESS_OPTED_OUT,
    CadencePolicy,
    Level,
)
from .cadence_table import (
    CALLS_HELD,
    DUE,
    NO_CONSENT,
    UNREACHABLE,
    Columns,
    Condition,
    first_true,
)
from .holds import CALLS, CONTACT, Hold, disputed_amount, holds_in_force
from .money import ZERO
from .workdays import Workdays


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account.

    :param open_amount: in ``currency``; below zero is a credit
    :param basis_on: the day from which delays count, as the aging policy says
    :param last_level: code of the level that went out last; empty: none
    :param renewed_on: when the balance became open again after it had been settled
    :param contacts: last contact per channel, whoever made it
    :param reachable: channels with a usable address or number
    """

    open_amount: Decimal
    currency: str
    basis_on: date | None
    last_level: str = ""
    last_level_on: date | None = None
    renewed_on: date | None = None
    holds: tuple[Hold, ...] = ()
    contacts: tuple[tuple[str, date], ...] = ()
    reachable: frozenset[str] = frozenset({"letter"})
    opted_in: frozenset[str] = frozenset()
    opted_out: frozenset[str] = frozenset()


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
    level, is_unknown = next_level(policy, facts)
    channel, columns, condition = _judge(policy, facts, level, is_unknown, as_of, workdays)
    if condition is None:
        text = f"The level {level.code} goes out by {channel}."
        return Decision(DUE, text, level, channel, columns.due_on, as_of)
    # From one day on which something changes to the next, until nothing speaks against it.
    day, later, stop = as_of, columns, condition
    while stop is not None:
        day = _next_change(facts.holds, later)
        if day is None:
            break
        _channel, later, stop = _judge(policy, facts, level, is_unknown, day, workdays)
    return Decision(condition.code, condition.tell(columns), level, channel, columns.due_on, day)


def propose(
    policy: CadencePolicy,
    accounts: Iterable[tuple[Any, AccountFacts]],
    as_of: date,
    workdays: Workdays,
) -> dict[Any, Decision]:
    """Decide on many accounts, by their keys."""
    return {key: decide(policy, facts, as_of, workdays) for key, facts in accounts}


def next_level(policy: CadencePolicy, facts: AccountFacts) -> tuple[Level | None, bool]:
    """Return the level that follows, None after the last; and whether the last level is unknown."""
    position = 0
    if facts.last_level and not _begins_again(policy, facts):
        last = policy.position_of(facts.last_level)
        if last is None:
            return None, True
        position = last + 1
    return (policy.levels[position] if position < len(policy.levels) else None), False


def choose_channel(
    policy: CadencePolicy, level: Level | None, facts: AccountFacts, as_of: date
) -> tuple[str, str | None]:
    """Return the first channel of the level that can be used and None; or empty and the problem.

    The problem told is that of the level's own channel, not of its fallback.
    """
    if level is None:
        return "", None
    problems = []
    for channel in level.channels:
        problem = _channel_problem(policy, channel, facts, as_of)
        if problem is None:
            return channel, None
        problems.append(problem)
    return "", problems[0]


def _begins_again(policy: CadencePolicy, facts: AccountFacts) -> bool:
    renewed_on, last_on = facts.renewed_on, facts.last_level_on
    return bool(policy.restarts and renewed_on and (last_on is None or last_on < renewed_on))


def _channel_problem(
    policy: CadencePolicy, channel: str, facts: AccountFacts, as_of: date
) -> str | None:
    rule = policy.rule_of(channel)
    if channel == CALL and holds_in_force(facts.holds, CALLS, as_of):
        return CALLS_HELD
    if (
        rule is None
        or (rule.consent in (UNLESS_OPTED_OUT, OPTED_IN) and channel in facts.opted_out)
        or (rule.consent == OPTED_IN and channel not in facts.opted_in)
    ):
        return NO_CONSENT
    return None if channel in facts.reachable else UNREACHABLE


def _due_on(
    policy: CadencePolicy, level: Level | None, channel: str, facts: AccountFacts
) -> date | None:
    """The latest of the delay's end, the level's spacing and the channel's spacing."""
    if level is None or facts.basis_on is None:
        return None
    start = facts.basis_on
    if policy.restarts and facts.renewed_on:
        start = max(start, facts.renewed_on)
    if (
        level.delay_from == FROM_PREVIOUS
        and facts.last_level_on
        and not _begins_again(policy, facts)
    ):
        start = facts.last_level_on
    days = [start + timedelta(days=level.delay_days)]
    spacing = timedelta(days=level.spacing_days)
    if facts.last_level_on:
        days.append(facts.last_level_on + spacing)
    rule = policy.rule_of(channel)
    for contacted_by, day in facts.contacts:
        days.append(day + spacing)
        if rule is not None and contacted_by == channel:
            days.append(day + timedelta(days=rule.spacing_days))
    return max(days)


def _judge(
    policy: CadencePolicy,
    facts: AccountFacts,
    level: Level | None,
    is_unknown: bool,
    day: date,
    workdays: Workdays,
) -> tuple[str, Columns, Condition | None]:
    """The channel, the columns and the first condition that is true on a day."""
    channel, problem = choose_channel(policy, level, facts, day)
    due_on = _due_on(policy, level, channel, facts)
    earliest_on = None if due_on is None else max(due_on, day)
    if earliest_on is not None and level.on_workdays:
        earliest_on = workdays.next_open(earliest_on)
    columns = Columns(
        as_of=day,
        currency=facts.currency,
        policy_currency=policy.currency,
        open_amount=facts.open_amount,
        zero=ZERO,
        is_held=bool(holds_in_force(facts.holds, CONTACT, day)),
        basis_on=facts.basis_on,
        is_level_unknown=is_unknown,
        followed_amount=facts.open_amount - disputed_amount(facts.holds, day),
        minimum_amount=policy.minimum_amount,
        level=level.code if level else None,
        channel_problem=problem,
        due_on=due_on,
        earliest_on=earliest_on,
    )
    return (
        channel,
        columns,
        first_true(columns),
    )


def _next_change(holds: tuple[Hold, ...], columns: Columns) -> date | None:
    """The next day on which the answer may differ: a hold begins or ends, or the level is due."""
    days = [day for hold in holds for day in (hold.first_day, hold.free_on)]
    days.append(columns.earliest_on)
    return min((day for day in days if day is not None and day > columns.as_of), default=None)
