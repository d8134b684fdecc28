# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A processor's lists, read and compared with what is booked."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hc_webhook_core import payment_matching as matching
from hypothesis import given
from hypothesis import strategies as st

NEW_YORK = ZoneInfo("America/New_York")
PAID = matching.Movement("payment", "pi_1", "pi_1", Decimal("80.00"), "USD", "settled", 5)
CHARGE = {
    "id": "ch_1",
    "payment_intent": "pi_1",
    "amount": 8000,
    "amount_captured": 8000,
    "captured": True,
    "currency": "usd",
    "status": "succeeded",
    "created": 5,
}


@pytest.mark.parametrize(
    ("theirs", "ours", "verdict"),
    [
        (PAID, PAID, "matched"),
        (PAID, replace(PAID, amount=Decimal("80")), "matched"),
        (PAID, None, "theirs_only"),
        (None, PAID, "ours_only"),
        (PAID, replace(PAID, amount=Decimal("80.01")), "amount"),
        (PAID, replace(PAID, currency="EUR"), "currency"),
        (PAID, replace(PAID, status="pending"), "status"),
        (replace(PAID, status="failed"), PAID, "status"),
        (replace(PAID, status="failed"), None, "pending"),
        (replace(PAID, status="pending"), replace(PAID, status="failed"), "pending"),
        (None, None, "pending"),
    ],
)
def test_a_movement_is_told_by_two_sides(theirs, ours, verdict):
    assert matching.compare(theirs, ours) == verdict


def test_pages_become_movements():
    held = CHARGE | {"id": "ch_2", "payment_intent": None, "captured": False}
    failed = CHARGE | {"id": "ch_3", "status": "failed"}
    page = {"data": [CHARGE, held, failed], "has_more": True}
    movements, last, has_more = matching.read_page("charges", page)
    assert (last, has_more) == ("ch_3", True)
    assert [(each.key, each.status) for each in movements] == [
        ("pi_1", "settled"),
        ("ch_2", "authorized"),
        ("pi_1", "failed"),
    ]
    assert [each.status for each in matching.unify(movements)] == ["settled", "authorized"]


def test_disputes_are_told_in_the_currency_of_the_payment():
    dispute = {"id": "dp_1", "payment_intent": "pi_1", "amount": 500, "currency": "jpy"}
    rows = [
        {"id": "txn_1", "reporting_category": "dispute", "source": dispute, "created": 7},
        {"id": "txn_2", "reporting_category": "fee", "source": dispute, "created": 8},
        {"id": "txn_3", "reporting_category": "dispute_reversal", "source": dispute, "created": 9},
    ]
    page = {"data": rows, "has_more": False}
    movements, _last, _more = matching.read_page("balance_transactions", page)
    told = [(each.kind, each.key, each.reference, each.amount) for each in movements]
    amount = Decimal(500)
    assert told == [("withdrawal", "dp_1", "pi_1", amount), ("return", "dp_1", "pi_1", amount)]


_ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(
    st.sampled_from(matching.LISTS),
    _ANY | st.fixed_dictionaries({"data": st.lists(_ANY), "has_more": _ANY}),
)
def test_what_is_no_page_is_refused_and_never_breaks(name, document):
    try:
        matching.read_page(name, document)
    except matching.ListError as error:
        assert str(error) == name


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_days_follow_each_other_without_gap(day):
    first, after = matching.day_bounds(day, NEW_YORK)
    assert matching.day_bounds(day + timedelta(days=1), NEW_YORK)[0] == after
    assert 23 * 3600 <= after - first <= 25 * 3600


def test_a_day_is_over_some_hours_after_its_end():
    grace = timedelta(hours=2)
    for hour, told in ((5, date(2026, 3, 1)), (7, date(2026, 3, 2))):
        moment = datetime(2026, 3, 3, hour, 30, tzinfo=timezone.utc)
        assert matching.last_whole_day(moment, NEW_YORK, grace) == told
