# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Priority of accounts: points with reasons, history without the future, and how well it sorts."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from dunning_samples import DAYS, POSITIVE, steady
from hc_dunning_core.behaviour import Behaviour, BilledItem, behaviour
from hc_dunning_core.priority import (
    PRIORITY_FACTORS,
    priority_facts,
)
from hypothesis import given
from hypothesis import strategies as st

from hc_tool.evaluation.priority import compile_card

DAY = timedelta(days=1)
UNKNOWN = Behaviour(0, None, None, None, None, 0)


@st.composite
def billed_items(draw):
    issued_on = draw(DAYS)
    settled = draw(st.none() | st.integers(0, 120))
    return BilledItem(
        issued_on,
        issued_on + 30 * DAY,
        draw(POSITIVE),
        None if settled is None else issued_on + settled * DAY,
        draw(st.booleans()),
    )


CARD = compile_card()


def score(history, **values):
    return CARD.score(priority_facts(history, **{"open_amount": Decimal(100), **values}))


@steady
@given(st.lists(billed_items(), max_size=8), DAYS, st.data())
def test_the_future_changes_nothing(items, as_of, data):
    known = behaviour(items, as_of)
    changed = [
        item
        if item.settled_on and item.settled_on < as_of
        else replace(
            item,
            settled_on=data.draw(
                st.none() | st.integers(0, 90).map(lambda days: as_of + days * DAY)
            ),
            is_disputed=data.draw(st.booleans()),
        )
        for item in items
    ]
    later = data.draw(st.lists(billed_items(), max_size=3))
    unborn = [replace(item, issued_on=as_of + DAY, settled_on=None) for item in later]
    assert behaviour([*changed, *unborn], as_of) == known


@steady
@given(st.lists(billed_items(), max_size=8), DAYS, st.randoms(use_true_random=False))
def test_history_is_counted_in_any_order(items, as_of, chance):
    history = behaviour(items, as_of)
    chance.shuffle(items)
    assert behaviour(items, as_of) == history
    assert history.settled + history.open_overdue <= len(items)
    if history.settled:
        assert 0 <= history.late_percent <= 100 and 0 <= history.dispute_percent <= 100
        assert (history.mean_days_late > 0) <= (history.late_percent > 0)


@steady
@given(st.lists(billed_items(), max_size=8), DAYS, POSITIVE, st.integers(0, 3), st.booleans())
def test_every_point_has_one_reason(items, as_of, amount, broken, is_flagged):
    result = score(
        behaviour(items, as_of),
        open_amount=amount,
        broken_promises=broken,
        is_disputed=is_flagged,
        is_mail_undeliverable=is_flagged,
    )
    assert 0 <= result.total <= 100
    assert result.total == min(sum(reason.points for reason in result.reasons), 100)
    facts = {row.name: row.fact for row in PRIORITY_FACTORS}
    told = [facts[reason.name] for reason in result.reasons]
    assert len(set(told)) == len(told)
    assert all("{" not in reason.text for reason in result.reasons)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"broken_promises": 1}),
        ({"broken_promises": 1}, {"broken_promises": 2}),
        ({}, {"is_disputed": True}),
        ({}, {"is_mail_undeliverable": True}),
        ({"open_amount": Decimal("499.99")}, {"open_amount": Decimal("500.00")}),
        ({"open_amount": Decimal("1999.99")}, {"open_amount": Decimal("2000.00")}),
        ({"open_amount": Decimal("9999.99")}, {"open_amount": Decimal("10000.00")}),
    ],
)
def test_what_makes_an_account_pressing(better, worse):
    assert score(UNKNOWN, **better).total < score(UNKNOWN, **worse).total


def test_amounts_between_two_bands_have_points_too():
    assert (
        score(UNKNOWN, open_amount=Decimal("1999.99")).total
        == score(UNKNOWN, open_amount=Decimal("500.00")).total
    )


def test_history_makes_an_account_pressing():
    good = Behaviour(9, 0, 0, False, 0, 0)
    for worse in (
        replace(good, late_percent=5),
        replace(good, late_percent=95, mean_days_late=20),
        replace(good, is_last_late=True),
        replace(good, open_overdue=1),
        replace(good, dispute_percent=50),
    ):
        assert score(worse).total > score(good).total == 0
    assert score(UNKNOWN).reasons[0].name == "no_history"
