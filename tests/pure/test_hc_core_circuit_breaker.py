# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The breaker's life over any sequence of calls, and Retry-After from hostile servers."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from hc_core.circuit_breaker import (
    CLOSED,
    HALF_OPEN,
    OPEN,
    STATES,
    Breaker,
    BreakerPolicy,
    admit,
    record_failure,
    record_success,
)
from hc_core.retry_after import MAX_SECONDS, parse_retry_after
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 3, 2, 12)
POLICY = BreakerPolicy(failure_threshold=3, open_seconds=10, max_open_seconds=60)
STEPS = st.lists(
    st.tuples(st.sampled_from(["success", "failure", "overloaded", "dies"]), st.integers(0, 200)),
    max_size=60,
)


def after_failures(count, breaker=None):
    breaker = breaker or Breaker()
    for _failure in range(count):
        breaker = record_failure(breaker, NOW, policy=POLICY)
    return breaker


def test_it_opens_at_the_threshold_and_not_before():
    assert after_failures(2).state == CLOSED
    breaker = after_failures(3)
    assert breaker.state == OPEN
    assert admit(breaker, NOW + timedelta(seconds=9), POLICY)[1] is False


def test_one_probe_passes_when_the_time_is_up():
    later = NOW + timedelta(seconds=10)
    breaker, passes = admit(after_failures(3), later, POLICY)
    assert (breaker.state, passes) == (HALF_OPEN, True)
    assert admit(breaker, later, POLICY)[1] is False
    assert record_success(breaker) == Breaker()


def test_a_failed_probe_opens_it_for_longer_up_to_the_limit():
    breaker, moment, pauses = after_failures(3), NOW, []
    for _probe in range(5):
        pauses.append((breaker.until - moment).seconds)
        moment = breaker.until
        breaker, _passes = admit(breaker, moment, POLICY)
        breaker = record_failure(breaker, moment, policy=POLICY)
    assert pauses == [10, 20, 40, 60, 60]


def test_a_success_between_failures_starts_the_count_again():
    assert after_failures(2, record_success(after_failures(2))).state == CLOSED


def test_a_host_that_names_a_time_is_left_alone_until_then():
    breaker = record_failure(Breaker(), NOW, 25, POLICY)
    assert (breaker.state, breaker.until) == (OPEN, NOW + timedelta(seconds=25))
    assert record_failure(Breaker(), NOW, 9999, POLICY).until == NOW + timedelta(seconds=60)


def test_a_probe_whose_process_died_makes_room_for_another():
    later = NOW + timedelta(seconds=10)
    breaker, _passes = admit(after_failures(3), later, POLICY)
    assert admit(breaker, later + timedelta(seconds=119), POLICY)[1] is False
    assert admit(breaker, later + timedelta(seconds=120), POLICY)[1] is True


@given(STEPS)
def test_it_never_stays_shut_for_longer_than_the_limit(steps):
    breaker, now = Breaker(), NOW
    for outcome, pause_seconds in steps:
        now += timedelta(seconds=pause_seconds)
        breaker, passes = admit(breaker, now, POLICY)
        assert breaker.state in STATES
        if not passes:
            limit = max(POLICY.max_open_seconds, POLICY.probe_timeout_seconds)
            assert breaker.until <= now + timedelta(seconds=limit)
            continue
        if outcome == "success":
            breaker = record_success(breaker)
            assert breaker.state == CLOSED
        elif outcome != "dies":
            asked = 30 if outcome == "overloaded" else None
            breaker = record_failure(breaker, now, asked, POLICY)
            assert breaker.state != HALF_OPEN
        assert (breaker.state == CLOSED) == (breaker.until is None)


@given(st.text() | st.none())
def test_any_header_gives_bounded_seconds_or_nothing(text):
    seconds = parse_retry_after(text, NOW)
    assert seconds is None or 0 <= seconds <= MAX_SECONDS


@given(st.integers(-1000, 1000))
def test_a_date_means_the_seconds_until_then(seconds):
    text = format_datetime(NOW + timedelta(seconds=seconds))
    assert parse_retry_after(text, NOW) == max(seconds, 0)


@pytest.mark.parametrize("text", ["9" * 400, "999999999"])
def test_a_huge_number_is_a_day(text):
    assert parse_retry_after(text, NOW) == MAX_SECONDS
