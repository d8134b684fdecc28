# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Ages and buckets: every cent in exactly one bucket, on every day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from dunning_samples import BASE_DAY, CENTS, DAYS
from hc_dunning_core.aging import BASES, UNDATED, AgingPolicy, BasisDates, Scale, sum_by_bucket
from hc_dunning_core.errors import DunningError
from hypothesis import given
from hypothesis import strategies as st

DATES = st.builds(BasisDates, st.none() | DAYS, st.none() | DAYS, st.none() | DAYS)
SCALES = st.sets(st.integers(0, 400), min_size=1, max_size=8).map(
    lambda days: Scale(tuple(sorted(days)))
)
POLICIES = st.builds(
    AgingPolicy,
    st.lists(st.sampled_from(BASES), min_size=1, max_size=3, unique=True).map(tuple),
    SCALES,
)


@given(st.lists(st.tuples(CENTS, DATES)), POLICIES, DAYS)
def test_buckets_sum_to_the_total_to_the_cent(items, policy, as_of):
    sums = sum_by_bucket(items, policy, as_of)
    assert sum(sums.values()) == sum(amount for amount, _dates in items)
    assert list(sums) == [*(bucket.code for bucket in policy.scale.buckets), UNDATED]


@given(SCALES, st.integers(0, 1000))
def test_buckets_are_contiguous_and_hold_their_days(scale, days):
    buckets = scale.buckets
    assert buckets[0].first_day == 0 and buckets[-1].last_day is None
    for before, after in zip(buckets, buckets[1:], strict=False):
        assert after.first_day == before.last_day + 1
    bucket = scale.bucket_of(days)
    assert bucket.first_day <= days
    assert bucket.last_day is None or days <= bucket.last_day


@pytest.mark.parametrize(
    ("days", "code"),
    [
        (-1, "0-30"),
        (0, "0-30"),
        (30, "0-30"),
        (31, "31-60"),
        (60, "31-60"),
        (61, "61-90"),
        (90, "61-90"),
        (91, "91-120"),
        (120, "91-120"),
        (121, "121-180"),
        (180, "121-180"),
        (181, "181+"),
        (4000, "181+"),
    ],
)
def test_the_usual_edges(days, code):
    dates = BasisDates(first_statement=BASE_DAY)
    assert AgingPolicy().bucket_code_of(dates, BASE_DAY + timedelta(days=days)) == code


def test_the_policy_chooses_the_basis_and_says_what_stands_in():
    dates = BasisDates(date(2026, 1, 1), date(2026, 1, 20), date(2026, 1, 10))
    assert AgingPolicy(("discharge",)).basis_of(dates) == ("discharge", date(2026, 1, 1))
    assert AgingPolicy().basis_of(dates) == ("first_statement", date(2026, 1, 20))
    without = BasisDates(date(2026, 1, 1), None, date(2026, 1, 10))
    assert AgingPolicy().basis_of(without) == ("responsibility", date(2026, 1, 10))
    assert AgingPolicy(("first_statement",)).basis_of(without) is None
    assert AgingPolicy(("first_statement",)).bucket_code_of(without, date(2026, 2, 1)) == UNDATED


@given(DATES, POLICIES, DAYS)
def test_a_day_later_is_a_day_older(dates, policy, as_of):
    age = policy.age_of(dates, as_of)
    later = policy.age_of(dates, as_of + timedelta(days=1))
    assert (age is None) == (later is None)
    assert age is None or later == age + 1


@pytest.mark.parametrize("days", [(), (30, 30), (60, 30), (-1, 30), (30.0,), (True, 30)])
def test_edges_that_are_no_scale(days):
    with pytest.raises(DunningError) as error:
        Scale(days)
    assert error.value.code == "edges_invalid"


def test_a_policy_without_sense():
    for bases, code in (((), "not_empty"), (("service",), "choice_unknown")):
        with pytest.raises(DunningError) as error:
            AgingPolicy(bases)
        assert error.value.code == code
    with pytest.raises(DunningError):
        AgingPolicy(("discharge", "discharge"))


def test_credits_age_too():
    items = [(Decimal("-5.00"), BasisDates(discharge=BASE_DAY))]
    assert sum_by_bucket(items, AgingPolicy(), BASE_DAY)["0-30"] == Decimal("-5.00")
