# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Promises to pay: kept, partly kept, broken."""

from datetime import timedelta
from decimal import Decimal

import pytest
from dunning_samples import BASE_DAY, CENTS, DAYS
from hc_dunning_core.errors import DunningError
from hc_dunning_core.plan_state import Payment
from hc_dunning_core.promises import OUTCOMES, Promise, judge
from hypothesis import given
from hypothesis import strategies as st

DAY = timedelta(days=1)
PROMISE = Promise(BASE_DAY, BASE_DAY + 10 * DAY, Decimal("50.00"), grace_days=3)
PAYMENTS = st.lists(st.builds(Payment, DAYS, CENTS), max_size=6)


def outcome(as_of_days, *payments):
    paid = [Payment(BASE_DAY + days * DAY, Decimal(amount)) for days, amount in payments]
    return judge(PROMISE, paid, BASE_DAY + as_of_days * DAY).outcome


@pytest.mark.parametrize(
    ("as_of", "payments", "expected"),
    [
        (0, (), "open"),
        (13, (), "open"),
        (14, (), "broken"),
        (14, ((13, "50.00"),), "kept"),
        (15, ((14, "50.00"),), "broken"),
        (5, ((5, "50.00"),), "kept"),
        (5, ((6, "50.00"),), "open"),
        (14, ((-1, "50.00"),), "broken"),
        (14, ((0, "49.99"),), "partly"),
        (13, ((0, "49.99"),), "open"),
        (14, ((0, "20.00"), (13, "30.00")), "kept"),
        (14, ((0, "60.00"), (4, "-20.00")), "partly"),
        (14, ((0, "50.00"), (4, "-50.00")), "broken"),
    ],
)
def test_outcomes(as_of, payments, expected):
    assert outcome(as_of, *payments) == expected


@given(PAYMENTS, DAYS)
def test_received_and_missing_are_what_was_promised(payments, as_of):
    state = judge(PROMISE, payments, as_of)
    assert state.outcome in OUTCOMES
    assert state.received >= 0
    assert state.missing == max(PROMISE.amount - state.received, 0)
    assert (state.outcome == "kept") == (not state.missing)
    assert (state.outcome == "open") <= (as_of <= PROMISE.last_day)


@given(PAYMENTS, DAYS, DAYS)
def test_after_its_last_day_the_judgement_is_final(payments, one, other):
    if min(one, other) > PROMISE.last_day:
        assert judge(PROMISE, payments, one) == judge(PROMISE, payments, other)


@pytest.mark.parametrize(
    "values",
    [
        {"amount": Decimal(0)},
        {"amount": Decimal("0.001")},
        {"due_on": BASE_DAY - DAY},
        {"grace_days": -1},
    ],
)
def test_promises_without_sense(values):
    with pytest.raises(DunningError):
        Promise(**{"made_on": BASE_DAY, "due_on": BASE_DAY, "amount": Decimal(5), **values})
