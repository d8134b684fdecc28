# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Laws of exact amounts."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hc_core.errors import AmountError
from hc_core.money import MAX_FLOAT_AMOUNT, allocate, to_decimal
from hypothesis import given
from hypothesis import strategies as st

CENTS = st.integers(-(10**12), 10**12).map(lambda cents: Decimal(cents).scaleb(-2))
WEIGHTS = st.lists(
    st.one_of(st.integers(0, 10**6), st.decimals(0, 10**6, places=3)),
    min_size=1,
    max_size=30,
).filter(any)


@given(CENTS, WEIGHTS)
def test_parts_sum_to_the_whole_and_stay_within_one_unit(total, weights):
    parts = allocate(total, weights)
    assert len(parts) == len(weights)
    assert sum(parts) == total
    whole = sum(map(Fraction, weights))
    for part, weight in zip(parts, weights, strict=True):
        exact = Fraction(total) * Fraction(weight) / whole
        assert abs(Fraction(part) - exact) < Fraction(1, 100)
        assert weight or part == 0


@given(CENTS, WEIGHTS)
def test_a_negative_total_mirrors_the_positive_one(total, weights):
    mirrored = tuple(-part for part in allocate(-total, weights))
    assert allocate(total, weights) == mirrored


@given(st.integers(0, 10**9), st.integers(0, 4))
def test_currency_decimals_are_kept(units, decimal_places):
    total = Decimal(units).scaleb(-decimal_places)
    parts = allocate(total, [1, 2, 3], decimal_places)
    assert {part.as_tuple().exponent for part in parts} == {-decimal_places}


@pytest.mark.parametrize(
    ("total", "weights", "code"),
    [
        ("1.005", [1], "amount_too_precise"),
        ("NaN", [1], "amount_not_finite"),
        ("1", [1, -1], "weight_negative"),
        ("1", [0, 0], "weights_all_zero"),
        ("1", [], "weights_all_zero"),
        ("1", [Decimal("Infinity")], "amount_not_finite"),
    ],
)
def test_impossible_splits_are_refused(total, weights, code):
    with pytest.raises(AmountError) as refusal:
        allocate(Decimal(total), weights)
    assert refusal.value.code == code
    assert "{" not in refusal.value.message


@given(st.integers(-(10**13), 10**13))
def test_a_float_of_cents_becomes_these_cents(cents):
    assert to_decimal(cents / 100) == Decimal(cents).scaleb(-2)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), MAX_FLOAT_AMOUNT * 1.1])
def test_floats_that_are_no_amount_are_refused(value):
    with pytest.raises(AmountError):
        to_decimal(value)


def test_minus_zero_is_zero():
    assert str(to_decimal(-0.001)) == "0.00"
