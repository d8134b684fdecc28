# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a later payer is expected to pay."""

import doctest
from decimal import Decimal

from hc_claim_core import coordination as module
from hc_claim_core.adjudication import DENIED, Adjustment
from hc_claim_core.contract import Price
from hc_claim_core.coordination import PRIOR_PAID, Prior, compare_after, coordinate, read_accepted
from hc_claim_core.variance import NOT_ALLOWED, OVERPAID, UNDERPAID, Allowed, Tolerance
from hypothesis import given
from hypothesis import strategies as st

cents = st.integers(0, 500_000).map(lambda number: Decimal(number).scaleb(-2))


def test_doctests():
    assert doctest.testmod(module).failed == 0


@given(cents, cents, cents)
def test_no_more_than_is_left_and_nothing_below_zero(allowed, paid, left):
    price = coordinate(Price(allowed), Prior(paid, left))
    assert Decimal(0) <= price.amount <= left
    assert price.amount <= max(allowed - paid, Decimal(0))
    assert price.steps[0].code == PRIOR_PAID


@given(cents, cents, cents)
def test_paying_what_is_expected_up_to_what_is_left_is_no_variance(allowed, paid, left):
    prior = Prior(paid, left)
    expected = coordinate(Price(allowed), prior).amount
    for accepted in (expected, left):
        verdict = compare_after(expected, Allowed(accepted), prior, Tolerance()).verdict
        assert verdict not in (UNDERPAID, OVERPAID)


def test_what_has_no_price_or_is_denied_is_not_expected():
    prior = Prior(Decimal(300), Decimal(75))
    assert coordinate(Price(None), prior).amount is None
    denied = read_accepted(Decimal(500), [Adjustment("CO", "197", Decimal(75), DENIED)])
    assert compare_after(Decimal(60), denied, prior, Tolerance()).verdict == NOT_ALLOWED
