# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Drift tells change from chance, and a sample is the same for everybody."""

import pytest
from hc_ai_core.drift import LEAST_EACH, fact_drifts, value_drift
from hc_ai_core.sampling import is_in_sample
from hypothesis import given
from hypothesis import strategies as st

counts = st.lists(st.integers(0, 200), min_size=1, max_size=12)


def _facts(numbers):
    return [{"kind": f"k{index}"} for index, count in enumerate(numbers) for _each in range(count)]


@given(counts)
def test_what_stayed_has_not_drifted(numbers):
    facts = _facts(numbers)
    if len(facts) < LEAST_EACH:
        assert fact_drifts(facts, facts) == []
    else:
        (drift,) = fact_drifts(facts, facts)
        assert drift.stability == pytest.approx(0)
        assert not drift.is_above(0.01)


@given(counts, counts)
def test_drift_is_never_negative_and_knows_no_direction(before, now):
    there, back = fact_drifts(_facts(before), _facts(now)), fact_drifts(_facts(now), _facts(before))
    assert [each.name for each in there] == [each.name for each in back]
    for one, other in zip(there, back, strict=True):
        assert one.stability >= -1e-12
        assert one.noise == pytest.approx(other.noise)


def test_a_new_value_for_all_is_drift_and_the_worst_comes_first():
    before = [{"kind": "a", "days": index % 3} for index in range(90)]
    now = [{"kind": "b", "days": index % 3} for index in range(90)]
    first, second = fact_drifts(before, now)
    assert (first.name, first.is_above(0.25)) == ("kind", True)
    assert (second.name, second.is_above(0.25)) == ("days", False)


def test_few_say_nothing():
    assert fact_drifts([{"a": 1}] * 500, [{"a": 9}] * (LEAST_EACH - 1)) == []
    assert value_drift("value", ["1"] * (LEAST_EACH - 1), ["2"] * 500) is None
    assert value_drift("value", ["1"] * 60, ["2"] * 60).is_above(0.25)


@given(st.integers(1, 10**9), st.integers(0, 99))
def test_more_percent_keep_whoever_was_in_the_sample(record_id, percent):
    assert not is_in_sample(record_id, percent) or is_in_sample(record_id, percent + 1)


def test_the_sample_has_its_size():
    share = sum(is_in_sample(number, 5) for number in range(20_000)) / 20_000
    assert share == pytest.approx(0.05, abs=0.006)
