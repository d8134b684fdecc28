# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""When a figure is worth telling somebody, and how numbers are shown to monitoring systems."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hc_kpi_core import alerts, exposition
from hc_kpi_core.alerts import AlertCondition
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 5, 20)
values = st.decimals(min_value=0, max_value=10_000, places=2)


@pytest.mark.parametrize("module", [alerts, exposition])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def _series(latest, usual, days=28):
    return {DAY: latest} | {DAY - timedelta(days=back): usual for back in range(1, days + 1)}


@given(values, values, st.sampled_from(["higher", "lower"]))
def test_on_its_bound_nothing_is_told_and_beyond_it_is(value, bound, direction):
    condition = AlertCondition("off_target", direction)
    holds, measured_by = condition.judge({DAY: value}, DAY, bound)
    assert measured_by == bound
    assert holds == (value < bound if direction == "higher" else value > bound)


@given(values)
def test_what_is_as_usual_is_never_told(value):
    for direction in ("higher", "lower"):
        condition = AlertCondition("worse_than_usual", direction, percent=Decimal(10))
        assert not condition.judge(_series(value, value), DAY)[0]


def test_an_unknown_figure_or_too_short_a_past_tells_nothing():
    condition = AlertCondition("worse_than_usual", "lower", percent=Decimal(10))
    assert condition.judge(_series(None, Decimal(1)), DAY) == (False, Decimal("1.10"))
    assert condition.judge(_series(Decimal(9), Decimal(1), days=6), DAY) == (False, None)
    assert condition.judge(_series(Decimal(9), Decimal(1), days=7), DAY) == (True, Decimal("1.10"))


@given(st.integers(1, 6), st.integers(0, 6))
def test_a_run_must_be_as_long_as_the_rule_says(wanted, lasting):
    condition = AlertCondition("above", "lower", bound=Decimal(3), days_in_row=wanted)
    figures = {
        DAY - timedelta(days=back): Decimal(4 if back < lasting else 3) for back in range(10)
    }
    assert condition.judge(figures, DAY)[0] == (lasting >= wanted)


def test_labels_and_help_cannot_break_out_of_their_line():
    family = exposition.Family("hc_x", "one\ntwo", (({"name": 'a"\n\\b'}, 1.25),))
    text = exposition.render([family])
    assert text.splitlines() == [
        "# HELP hc_x one\\ntwo",
        "# TYPE hc_x gauge",
        'hc_x{name="a\\"\\n\\\\b"} 1.25',
    ]


def test_a_name_that_no_reader_takes_is_refused():
    with pytest.raises(ValueError, match="no name"):
        exposition.Family("Bad-Name", "", ())
