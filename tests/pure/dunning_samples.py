# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Generated accounts, holds and policies, for the tests of the collections core."""

from datetime import date, timedelta
from decimal import Decimal

from hc_dunning_core.cadence_columns import AccountFacts
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
        draw(st.booleans()),
    )


@st.composite
def accounts(draw):
    last_level = draw(st.sampled_from(("", "level_1", "level_2", "level_9")))
    return AccountFacts(
        draw(CENTS),
        draw(st.sampled_from(("USD", "USD", "USD", "EUR"))),
        draw(st.none() | DAYS | DAYS),
        last_level,
        draw(DAYS) if last_level else None,
        draw(st.none() | st.none() | DAYS),
        tuple(draw(st.lists(holds(), max_size=3))),
        tuple(draw(st.lists(st.tuples(st.sampled_from(CHANNELS), DAYS), max_size=2))),
        draw(CHANNEL_SETS),
        draw(CHANNEL_SETS),
        draw(CHANNEL_SETS),
    )
