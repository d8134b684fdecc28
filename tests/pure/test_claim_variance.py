# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What counts as underpaid."""

import doctest
from decimal import Decimal

import pytest
from hc_claim_core import variance as module
from hc_claim_core.adjudication import ALLOWANCE, DENIED, PATIENT, Adjustment
from hc_claim_core.variance import (
    NOT_ALLOWED,
    NOT_PRICED,
    OVERPAID,
    STATED,
    UNDERPAID,
    WITHIN,
    Allowed,
    Tolerance,
    compare,
    read_allowed,
)
from hypothesis import given
from hypothesis import strategies as st

cents = st.integers(0, 500_000).map(lambda number: Decimal(number).scaleb(-2))
CHARGE = Decimal("200.00")


def adjustment(amount, treatment=ALLOWANCE, group="CO", reason="45"):
    return Adjustment(group, reason, Decimal(amount), treatment)


def test_doctests():
    assert doctest.testmod(module).failed == 0


def test_the_patients_share_is_part_of_the_price():
    rows = [adjustment("50.00"), adjustment("30.00", PATIENT, "PR", "1")]
    assert read_allowed(CHARGE, rows) == Allowed(Decimal("150.00"))


def test_what_the_payer_states_goes_before_what_follows_from_adjustments():
    stated = read_allowed(CHARGE, [adjustment("50.00")], Decimal("148.00"))
    assert stated == Allowed(Decimal("148.00"), STATED)


def test_a_denial_is_no_underpayment():
    rows = [adjustment("200.00", DENIED, reason="197")]
    assert compare(CHARGE, read_allowed(CHARGE, rows, CHARGE), Tolerance()).verdict == NOT_ALLOWED


@pytest.mark.parametrize(
    ("allowed", "verdict"),
    [
        ("100.00", WITHIN),
        ("95.00", WITHIN),
        ("94.99", UNDERPAID),
        ("105.00", WITHIN),
        ("105.01", OVERPAID),
    ],
)
def test_the_tolerance_itself_is_still_tolerated(allowed, verdict):
    tolerance = Tolerance(Decimal(5), Decimal(2))
    assert compare(Decimal(100), Allowed(Decimal(allowed)), tolerance).verdict == verdict


@given(st.none() | cents, st.none() | cents, cents, st.integers(0, 100).map(Decimal))
def test_every_difference_has_one_meaning(expected, allowed, amount, percent):
    result = compare(expected, Allowed(allowed), Tolerance(amount, percent))
    if allowed is None:
        assert result.verdict == NOT_ALLOWED
    elif expected is None:
        assert result.verdict == NOT_PRICED
    else:
        assert result.difference == expected - allowed
        over = abs(result.difference) > max(amount, percent * expected / 100)
        assert (result.verdict in (UNDERPAID, OVERPAID)) == over
