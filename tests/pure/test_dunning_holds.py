# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What holds stop, and until when."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dunning_samples import BASE_DAY, DAYS, holds, steady
from hc_dunning_core.errors import DunningError
from hc_dunning_core.holds import (
    AMOUNT,
    CALLS,
    CONTACT,
    EXTRAORDINARY,
    HOLD_KINDS,
    SCOPES,
    Hold,
    disputed_amount,
    first_free_day,
    holds_in_force,
)
from hypothesis import given
from hypothesis import strategies as st

DAY = timedelta(days=1)


@steady
@given(st.lists(holds(), max_size=4), st.sampled_from(SCOPES), DAYS)
def test_the_first_free_day_is_free_and_no_day_before_it(drawn, scope, day):
    free = first_free_day(drawn, scope, day)
    if free is None:
        far = day + timedelta(days=5000)
        assert holds_in_force(drawn, scope, far)
        return
    assert not holds_in_force(drawn, scope, free)
    while day < free:
        assert holds_in_force(drawn, scope, day)
        day += DAY


@steady
@given(holds())
def test_a_hold_is_one_stretch_of_days(hold):
    assert not hold.is_in_force(hold.first_day - DAY)
    free_on = hold.free_on
    if free_on is None:
        assert hold.is_in_force(hold.first_day + 4000 * DAY)
    else:
        assert not hold.is_in_force(free_on)
        assert free_on == hold.first_day or hold.is_in_force(free_on - DAY)


def test_a_promise_stops_through_its_last_day():
    promise = Hold("promise", BASE_DAY, BASE_DAY + 10 * DAY)
    assert promise.is_in_force(BASE_DAY + 10 * DAY)
    assert not promise.is_in_force(BASE_DAY + 11 * DAY)
    kept = Hold("promise", BASE_DAY, BASE_DAY + 10 * DAY, released_on=BASE_DAY + 3 * DAY)
    assert kept.free_on == BASE_DAY + 3 * DAY


def test_a_dispute_stops_its_part_alone():
    dispute = Hold("dispute", BASE_DAY, amount=Decimal("40.00"))
    assert not holds_in_force([dispute], CONTACT, BASE_DAY)
    assert not holds_in_force([dispute], EXTRAORDINARY, BASE_DAY)
    assert holds_in_force([dispute], AMOUNT, BASE_DAY)
    other = Hold("dispute", BASE_DAY + DAY, amount=Decimal("2.50"))
    assert disputed_amount([dispute, other], BASE_DAY) == Decimal("40.00")
    assert disputed_amount([dispute, other], BASE_DAY + DAY) == Decimal("42.50")


def test_a_hold_by_hand_may_stop_calls_alone():
    hold = Hold("manual", BASE_DAY, BASE_DAY, narrowed_to=frozenset({CALLS}))
    assert holds_in_force([hold], CALLS, BASE_DAY)
    assert not holds_in_force([hold], CONTACT, BASE_DAY)


@pytest.mark.parametrize("code", sorted(set(HOLD_KINDS) - {"dispute", "placement"}))
def test_every_other_kind_stops_every_contact(code):
    last_day = BASE_DAY if HOLD_KINDS[code].needs_end else None
    hold = Hold(code, BASE_DAY, last_day)
    assert {CONTACT, CALLS, EXTRAORDINARY} <= hold.stops


@pytest.mark.parametrize("code", sorted(HOLD_KINDS))
def test_every_hold_ends_by_a_day_or_an_event(code):
    kind = HOLD_KINDS[code]
    assert kind.needs_end or kind.ending_event
    assert kind.stops <= set(SCOPES)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"kind": "holiday"}, "choice_unknown"),
        ({"kind": "promise"}, "end_needed"),
        ({"kind": "manual"}, "end_needed"),
        ({"kind": "cease", "last_day": BASE_DAY - DAY}, "date_order"),
        ({"kind": "cease", "narrowed_to": frozenset({CALLS})}, "scope_fixed"),
        ({"kind": "dispute"}, "amount_invalid"),
        ({"kind": "dispute", "amount": Decimal("0.00")}, "amount_not_positive"),
        ({"kind": "dispute", "amount": Decimal("0.001")}, "amount_invalid"),
    ],
)
def test_holds_without_sense(values, code):
    with pytest.raises(DunningError) as error:
        Hold(first_day=BASE_DAY, **values)
    assert error.value.code == code


def test_an_unknown_scope_is_refused():
    with pytest.raises(DunningError):
        holds_in_force([], "mail", date(2026, 1, 1))
