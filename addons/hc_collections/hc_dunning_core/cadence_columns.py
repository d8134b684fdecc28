# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The columns of the cadence's decision, worked out from what is known of an account.

Each is simple enough for a query: the level is the one after the last (the first one again where
the balance was renewed since), the channel is the level's own or its fallback, the due day is the
greatest of some sums, the earliest day is the later of due day and day asked for, moved to a
working day.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .cadence_policy import CALL, FROM_PREVIOUS, NOT_NEEDED, OPTED_IN, CadencePolicy, Level
from .cadence_table import CALLS_HELD, NO_CONSENT, UNREACHABLE, Columns
from .errors import DunningError
from .holds import CALLS, CONTACT, Hold, disputed_amount, holds_in_force
from .money import ZERO
from .workdays import Workdays


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """What is known of an account.

    :param open_amount: in ``currency``; below zero is a credit
    :param basis_on: the day from which delays count, as the aging policy says
    :param last_level: code of the level that went out last; empty: none; its day comes with it
    :param renewed_on: when the balance became open again after it had been settled
    :param contacts: last contact per channel, whoever made it
    :param reachable: channels with a usable address or number
    :raises DunningError: ``date_needed``
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

    def __post_init__(self) -> None:
        if bool(self.last_level) != (self.last_level_on is not None):
            raise DunningError("date_needed", what="last level", value=self.last_level)


def work_out(
    policy: CadencePolicy, facts: AccountFacts, day: date, workdays: Workdays
) -> tuple[Level | None, str, Columns]:
    """Return the next level, the channel that can be used for it (or empty), and the columns."""
    level, is_unknown = next_level(policy, facts)
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
    return level, channel, columns


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
    return bool(policy.restarts and renewed_on and last_on and last_on < renewed_on)


def _channel_problem(
    policy: CadencePolicy, channel: str, facts: AccountFacts, as_of: date
) -> str | None:
    rule = policy.rule_of(channel)
    if channel == CALL and holds_in_force(facts.holds, CALLS, as_of):
        return CALLS_HELD
    if rule is None or (rule.consent == OPTED_IN and channel not in facts.opted_in):
        return NO_CONSENT
    if rule.consent != NOT_NEEDED and channel in facts.opted_out:
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
    goes_on = facts.last_level_on and not _begins_again(policy, facts)
    if goes_on and level.delay_from == FROM_PREVIOUS:
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
