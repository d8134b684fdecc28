# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Generated accounts, holds and policies, for the tests of the collections core."""

from datetime import date, timedelta
from decimal import Decimal

from hc_dunning_core.cadence_columns import AccountFacts
from hc_dunning_core.cadence_debts import CaseHold, Debt
from hc_dunning_core.cadence_policy import (
    CHANNELS,
    CONSENT_RULES,
    DELAY_STARTS,
    CadencePolicy,
    ChannelRule,
    Level,
)
from hc_dunning_core.holds import AMOUNT, CALLS, HOLD_KINDS, Hold
from hc_dunning_core.workdays import Workdays
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

# Whole accounts take a while to generate on a busy machine.
steady = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

BASE_DAY = date(2026, 3, 2)
DAYS = st.integers(-40, 160).map(lambda days: BASE_DAY + timedelta(days=days))
CENTS = st.integers(-5_000, 100_000).map(lambda cents: Decimal(cents) / 100)
POSITIVE = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)
WORKDAYS = st.sets(DAYS, max_size=10).map(lambda days: Workdays(frozenset(days)))
CHANNEL_SETS = st.frozensets(st.sampled_from(CHANNELS))


@st.composite
def holds(draw, kinds=tuple(HOLD_KINDS)):
    kind = HOLD_KINDS[draw(st.sampled_from(kinds))]
    first_day = draw(DAYS)
    has_end = kind.needs_end or draw(st.booleans())
    last_day = first_day + timedelta(days=draw(st.integers(0, 60))) if has_end else None
    amount = draw(POSITIVE) if AMOUNT in kind.stops else None
    narrowed = frozenset({CALLS}) if kind.may_narrow and draw(st.booleans()) else frozenset()
    released = draw(st.none() | DAYS)
    return Hold(kind.code, first_day, last_day, released, amount, narrowed)


@st.composite
def levels(draw, code):
    return Level(
        code,
        draw(st.integers(0, 60)),
        draw(st.sampled_from(CHANNELS)),
        draw(st.sampled_from(DELAY_STARTS)),
        draw(st.integers(1, 30)),
        draw(st.sampled_from(("", *CHANNELS))),
        on_workdays=draw(st.booleans()),
        is_required=draw(st.booleans()),
    )


@st.composite
def policies(draw):
    count = draw(st.integers(1, 4))
    rules = tuple(
        ChannelRule(channel, draw(st.sampled_from(CONSENT_RULES)), draw(st.integers(0, 30)))
        for channel in CHANNELS
        if draw(st.integers(0, 5))
    )
    return CadencePolicy(
        "drawn",
        1,
        "USD",
        tuple(draw(levels(f"level_{number}")) for number in range(1, count + 1)),
        rules,
        draw(POSITIVE.filter(lambda amount: amount < 50)),
    )


@st.composite
def debts(draw, key):
    last_level = draw(st.sampled_from(("", "", "level_1", "level_2", "level_9")))
    others = st.frozensets(st.sampled_from(("level_1", "level_3")))
    return Debt(
        key,
        draw(POSITIVE),
        draw(st.none() | DAYS | DAYS),
        draw(st.none() | st.sampled_from((1, 2))),
        last_level,
        draw(st.integers(1, 4)) if last_level else 0,
        draw(DAYS) if last_level else None,
        draw(others) | {last_level} if last_level else frozenset(),
    )


@st.composite
def accounts(draw):
    owed = tuple(draw(debts(key)) for key in range(draw(st.integers(0, 3))))
    amounts = {}
    for debt in owed:
        amounts[debt.case] = amounts.get(debt.case, Decimal(0)) + debt.open_amount
    told = [debt.told_on for debt in owed if debt.told_on]
    cases = st.frozensets(st.sampled_from((1, 2)), min_size=1)
    return AccountFacts(
        sum(amounts.values(), draw(st.sampled_from((Decimal(0), Decimal(0), Decimal(-90))))),
        draw(st.sampled_from(("USD", "USD", "USD", "EUR"))),
        owed,
        tuple((case, amount) for case, amount in amounts.items() if case is not None),
        max(told, default=None),
        draw(st.integers(0, 9)) == 0,
        draw(st.none() | st.none() | DAYS),
        tuple(draw(st.lists(holds(), max_size=2))),
        tuple(CaseHold(draw(holds()), draw(cases)) for _each in range(draw(st.integers(0, 2)))),
        tuple(draw(st.lists(st.tuples(st.sampled_from(CHANNELS), DAYS), max_size=2))),
        draw(CHANNEL_SETS),
        draw(CHANNEL_SETS),
        draw(CHANNEL_SETS),
    )
