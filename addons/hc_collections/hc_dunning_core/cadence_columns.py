# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The columns of the cadence's decision, worked out from what is known of an account.

Each is simple enough for a query: the level is the one after the last of the debt that drives the
account, the channel is the level's own or its fallback, the due day is the greatest of some sums,
the earliest day is the later of due day, lawful day and day asked for, moved to a working day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .cadence_debts import CaseHold, Debt, find_driving, next_place, work_out_held
from .cadence_policy import CALL, FROM_PREVIOUS, OPTED_IN, CadencePolicy, Level
from .cadence_table import CALLS_HELD, NO_CONSENT, UNREACHABLE, Columns
from .holds import CALLS, CONTACT, Hold, holds_in_force
from .money import ZERO
from .workdays import Workdays


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account.

    :param open_amount: in ``currency``; below zero is a credit
    :param debts: its open items
    :param case_amounts: what is open per case, credits taken off
    :param last_level_on: when any level went out last
    :param is_waiting: whether the last level has not left the house yet
    :param lawful_on: the first day on which the law lets the next level through; None: no such day
    :param holds: of the whole account
    :param case_holds: of some of its cases
    :param contacts: last contact per channel within a year, whoever made it
    :param reachable: channels with a usable address or number
    """

    open_amount: Decimal
    currency: str
    debts: tuple[Debt, ...] = ()
    case_amounts: tuple[tuple[int, Decimal], ...] = ()
    last_level_on: date | None = None
    is_waiting: bool = False
    lawful_on: date | None = None
    holds: tuple[Hold, ...] = ()
    case_holds: tuple[CaseHold, ...] = ()
    contacts: tuple[tuple[str, date], ...] = ()
    reachable: frozenset[str] = frozenset({"letter"})
    opted_in: frozenset[str] = frozenset()
    opted_out: frozenset[str] = frozenset()


def work_out(
    policy: CadencePolicy, facts: AccountFacts, day: date, workdays: Workdays
) -> tuple[Level | None, str, Columns]:
    """Return the next level, the channel that can be used for it (or empty), and the columns."""
    held_amount, stopped = work_out_held(
        facts.open_amount, facts.case_amounts, facts.holds, facts.case_holds, day
    )
    debt = find_driving(policy, facts.debts, stopped)
    place = 0 if debt is None else next_place(policy, debt)
    level = policy.levels[place] if place < len(policy.levels) else None
    channel, problem = choose_channel(policy, level, facts, day)
    due_on = _due_on(policy, level, channel, debt, facts)
    earliest_on = None if due_on is None else max(due_on, day, facts.lawful_on or day)
    if earliest_on is not None and level.on_workdays:
        earliest_on = workdays.next_open(earliest_on)
    columns = Columns(
        as_of=day,
        currency=facts.currency,
        policy_currency=policy.currency,
        open_amount=facts.open_amount,
        zero=ZERO,
        is_held=bool(holds_in_force(facts.holds, CONTACT, day)),
        basis_on=debt.basis_on if debt else None,
        is_waiting=facts.is_waiting,
        followed_amount=facts.open_amount - held_amount,
        minimum_amount=policy.minimum_amount,
        level=level.code if level else None,
        channel_problem=problem,
        lawful_on=facts.lawful_on,
        due_on=due_on,
        earliest_on=earliest_on,
    )
    return level, channel, columns


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
        problem = _channel_problem(policy, level, channel, facts, as_of)
        if problem is None:
            return channel, None
        problems.append(problem)
    return "", problems[0]


def can_use(
    policy: CadencePolicy, level: Level, channel: str, facts: AccountFacts, as_of: date
) -> bool:
    """Whether the account can be reached by a channel, and wants it, or must be told by it."""
    return _channel_problem(policy, level, channel, facts, as_of) is None


def _channel_problem(
    policy: CadencePolicy, level: Level, channel: str, facts: AccountFacts, as_of: date
) -> str | None:
    rule = policy.rule_of(channel)
    if channel == CALL and holds_in_force(facts.holds, CALLS, as_of):
        return CALLS_HELD
    if rule is None:
        return NO_CONSENT
    is_wanted = channel in facts.opted_in or rule.consent != OPTED_IN
    if not level.must_go_by(channel) and (channel in facts.opted_out or not is_wanted):
        return NO_CONSENT
    return None if channel in facts.reachable else UNREACHABLE


def _due_on(
    policy: CadencePolicy,
    level: Level | None,
    channel: str,
    debt: Debt | None,
    facts: AccountFacts,
) -> date | None:
    """The latest of the delay's end, the level's spacing and the channel's spacing."""
    if level is None or debt is None or debt.basis_on is None:
        return None
    goes_on = debt.told_on and level.delay_from == FROM_PREVIOUS
    start = debt.told_on if goes_on else debt.basis_on
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
