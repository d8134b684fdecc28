# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Payment plans: offers by tier, exact schedules, and where a plan stands."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from dunning_samples import CENTS, DAYS, POSITIVE, steady
from hc_dunning_core.errors import DunningError
from hc_dunning_core.plan_offers import PROPOSED_TIERS, PlanPolicy, Tier, judge_plan, offers
from hc_dunning_core.plan_schedule import (
    Instalment,
    add_months,
    check_schedule,
    schedule,
)
from hc_dunning_core.plan_state import STATES, Payment, allocate, judge, shorten
from hypothesis import given
from hypothesis import strategies as st

DAY = timedelta(days=1)
POLICY = PlanPolicy()
MONTHS = st.integers(1, 60)
AMOUNTS = st.integers(1, 2_000_000).map(lambda cents: Decimal(cents) / 100)
FIRST = date(2026, 1, 31)
PLAN = schedule(Decimal("300.00"), 3, FIRST)
PAYMENTS = st.lists(st.builds(Payment, DAYS, CENTS), max_size=8)


@steady
@given(AMOUNTS, MONTHS, DAYS)
def test_a_schedule_sums_to_the_cent(amount, months, first_due):
    parts = schedule(amount, months, first_due)
    check_schedule(parts, amount)
    assert sum(part.amount for part in parts) == amount
    assert len(parts) <= months
    assert len({part.amount for part in parts[:-1]}) <= 1
    assert parts[-1].amount <= parts[0].amount
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))
    last_day = timedelta(days=1)
    for position, part in enumerate(parts):
        months_later = (part.due_on.year - first_due.year) * 12 + part.due_on.month
        assert months_later - first_due.month == position
        is_last_of_month = (part.due_on + last_day).month != part.due_on.month
        assert part.due_on.day == first_due.day or (
            part.due_on.day < first_due.day and is_last_of_month
        )


def test_the_end_of_the_month():
    days = [str(part.due_on) for part in schedule(Decimal("400.00"), 4, date(2027, 11, 30))]
    assert days == ["2027-11-30", "2027-12-30", "2028-01-30", "2028-02-29"]
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)


@pytest.mark.parametrize(
    ("amount", "longest"),
    [
        ("500.00", 6),
        ("500.01", 12),
        ("2000.00", 12),
        ("2000.01", 24),
        ("5000.00", 24),
        ("5000.01", 36),
        ("10000.00", 36),
    ],
)
def test_the_edges_of_the_tiers(amount, longest):
    balance = Decimal(amount)
    assert offers(POLICY, balance)[-1].months == longest
    assert not judge_plan(POLICY, balance, longest).needs_approval
    assert judge_plan(POLICY, balance, longest + 1).code == "too_long"


def test_what_needs_approval():
    assert judge_plan(POLICY, Decimal("10000.01"), 2).code == "over_last_tier"
    assert offers(POLICY, Decimal("10000.01")) == ()
    assert judge_plan(POLICY, Decimal("150.00"), 6).code == ""
    assert judge_plan(POLICY, Decimal("149.94"), 6).code == "below_least"
    assert judge_plan(POLICY, Decimal("20.00"), 1).code == ""
    assert offers(POLICY, Decimal("30.00")) == ()


@steady
@given(AMOUNTS)
def test_every_offer_holds_what_it_promises(amount):
    for offer in offers(POLICY, amount):
        parts = schedule(amount, offer.months, FIRST)
        assert parts[0].amount == offer.instalment >= POLICY.least_instalment
        assert not judge_plan(POLICY, amount, offer.months).needs_approval


@steady
@given(PAYMENTS, DAYS)
def test_money_for_a_plan_is_all_accounted_for(payments, as_of):
    shares, overpaid = allocate(PLAN, payments, as_of)
    received = sum((each.amount for each in payments if each.on <= as_of), Decimal(0))
    assert sum(share.paid for share in shares) + overpaid == max(received, 0)
    for before, after in zip(shares, shares[1:], strict=False):
        assert not after.paid or not before.open_amount


@steady
@given(PAYMENTS, DAYS, st.randoms(use_true_random=False))
def test_the_order_of_payments_does_not_matter(payments, as_of, chance):
    state = judge(POLICY, PLAN, payments, as_of)
    shuffled = list(payments)
    chance.shuffle(shuffled)
    assert judge(POLICY, PLAN, shuffled, as_of) == state
    assert state.state in STATES
    assert (state.next_due_on is None) == (state.state == "completed")


@steady
@given(PAYMENTS, DAYS, POSITIVE)
def test_a_payment_more_never_makes_a_plan_worse(payments, as_of, amount):
    before = judge(POLICY, PLAN, payments, as_of)
    after = judge(POLICY, PLAN, [*payments, Payment(as_of, amount)], as_of)
    if sum(each.amount for each in payments if each.on <= as_of) >= 0:
        assert after.missed <= before.missed
        assert after.overdue_amount <= before.overdue_amount


def test_the_life_of_a_plan_day_by_day():
    def state(as_of, *payments):
        return judge(POLICY, PLAN, [Payment(day, Decimal(paid)) for day, paid in payments], as_of)

    assert state(FIRST).state == "current"
    assert state(FIRST + DAY).state == "late"
    assert state(FIRST + 10 * DAY).state == "late"
    missed = state(FIRST + 11 * DAY)
    assert (missed.state, missed.missed) == ("missed", 1)
    assert state(date(2026, 3, 10)).state == "missed"
    lost = state(date(2026, 3, 11))
    assert (lost.state, lost.missed, lost.overdue_amount) == ("defaulted", 2, Decimal("200.00"))
    paid_late = state(date(2026, 3, 11), (date(2026, 3, 11), "200.00"))
    assert paid_late.state == "current" and paid_late.next_due_on == date(2026, 3, 31)
    done = state(date(2026, 2, 1), (FIRST, "300.00"))
    assert (done.state, done.overpaid) == ("completed", 0)
    assert state(date(2026, 2, 1), (FIRST, "310.00")).overpaid == Decimal("10.00")
    returned = ((FIRST, "100.00"), (FIRST + 5 * DAY, "-100.00"))
    assert state(FIRST + DAY, *returned).state == "current"
    assert state(FIRST + 5 * DAY, *returned).state == "late"
    partly = state(FIRST + DAY, (FIRST, "99.99"))
    assert (partly.state, partly.overdue_amount) == ("late", Decimal("0.01"))


def test_an_ended_plan_stays_ended():
    payments = [Payment(date(2026, 3, 12), Decimal("300.00"))]
    ended = judge(POLICY, PLAN, payments, date(2026, 3, 13), defaulted_on=date(2026, 3, 11))
    assert ended.state == "defaulted"
    paid_at_once = [Payment(date(2026, 3, 11), Decimal("300.00"))]
    same_day = judge(POLICY, PLAN, paid_at_once, date(2026, 3, 11), defaulted_on=date(2026, 3, 11))
    assert same_day.state == "defaulted"
    before = judge(POLICY, PLAN, [], date(2026, 2, 1), defaulted_on=date(2026, 3, 11))
    assert before.state == "late"


@steady
@given(AMOUNTS, st.integers(2, 36), CENTS)
def test_what_is_forgiven_ends_a_plan_earlier(amount, months, forgiven):
    parts = schedule(amount, months, FIRST)
    rest = shorten(parts, forgiven)
    assert sum(part.amount for part in rest) == amount - min(max(forgiven, 0), amount)
    for before, after in zip(rest, rest[1:], strict=False):
        assert not after.amount or before.amount == parts[before.number - 1].amount


def test_schedules_that_are_refused():
    for months, amount in (
        (0, Decimal(10)),
        (121, Decimal(10)),
        (3, Decimal(0)),
        (3, Decimal("1.001")),
        (3, Decimal("1e30")),
        (3, Decimal("NaN")),
        (3, 1.5),
    ):
        with pytest.raises(DunningError):
            schedule(amount, months, FIRST)
    wrong = {
        "not_empty": (),
        "sum_differs": (Instalment(1, FIRST, Decimal("9.99")),),
        "amount_not_positive": (
            Instalment(1, FIRST, Decimal("11.00")),
            Instalment(2, FIRST + DAY, Decimal("-1.00")),
        ),
        "date_order": (
            Instalment(1, FIRST, Decimal("5.00")),
            Instalment(2, FIRST, Decimal("5.00")),
        ),
    }
    for code, parts in wrong.items():
        with pytest.raises(DunningError) as error:
            check_schedule(parts, Decimal("10.00"))
        assert error.value.code == code


@pytest.mark.parametrize(
    "values",
    [
        {"tiers": ()},
        {"tiers": (Tier(Decimal(500), 0),)},
        {"tiers": PROPOSED_TIERS[::-1]},
        {"tiers": (Tier(Decimal(500), 12), Tier(Decimal(900), 6))},
        {"least_instalment": Decimal(0)},
        {"missed_until_default": 0},
        {"grace_days": -1},
    ],
)
def test_policies_without_sense(values):
    with pytest.raises(DunningError):
        replace(POLICY, **values)
