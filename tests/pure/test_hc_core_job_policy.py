# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import pytest
from hc_core.job_policy import GiveUp, JobPolicy, RetryLater
from hypothesis import given
from hypothesis import strategies as st

attempts = st.integers(min_value=1, max_value=10_000)
seeds = st.text(max_size=30)


@st.composite
def policies(draw):
    first = draw(st.integers(min_value=1, max_value=10_000))
    longest = draw(st.integers(min_value=first, max_value=1_000_000))
    return JobPolicy(first_retry_seconds=first, longest_retry_seconds=longest)


@given(policies(), attempts, seeds)
def test_wait_lies_between_half_and_all_of_the_doubled_wait(policy, attempt, seed):
    doubled = policy.first_retry_seconds * 2 ** (attempt - 1)
    ceiling = min(policy.longest_retry_seconds, doubled)
    delay = policy.retry_delay_seconds(attempt, seed)
    assert max(1, ceiling // 2) <= delay <= ceiling


@given(policies(), attempts, seeds)
def test_same_failure_gives_same_wait(policy, attempt, seed):
    first = policy.retry_delay_seconds(attempt, seed)
    assert policy.retry_delay_seconds(attempt, seed) == first


@given(policies(), attempts, seeds)
def test_waits_never_shrink_by_more_than_the_jitter(policy, attempt, seed):
    now, later = (policy.retry_delay_seconds(n, seed) for n in (attempt, attempt + 1))
    assert later * 2 + 1 >= now


def test_jobs_that_failed_together_come_back_apart():
    policy = JobPolicy(first_retry_seconds=3600)
    delays = [policy.retry_delay_seconds(1, f"job {number}") for number in range(1000)]
    per_minute = [sum(start <= d < start + 60 for d in delays) for start in range(1800, 3600, 60)]
    assert max(per_minute) <= 2 * len(delays) / len(per_minute)


@pytest.mark.parametrize(
    "values",
    [
        {"max_attempts": 0},
        {"max_attempts": 1},
        {"max_attempts": 0, "alone": True},
        {"first_retry_seconds": 0},
        {"first_retry_seconds": 61, "longest_retry_seconds": 60},
    ],
)
def test_contradictions_are_refused_where_declared(values):
    with pytest.raises(ValueError, match=":"):
        JobPolicy(**values)


def test_one_attempt_is_enough_for_who_runs_alone():
    assert JobPolicy(max_attempts=1, alone=True).max_attempts == 1


def test_errors_say_what_they_are_by_code():
    assert str(RetryLater("receiver_busy", delay_seconds=5, status=429)) == (
        "receiver_busy (status: 429)"
    )
    assert "hc.x._y is not declared" in str(
        GiveUp("job_method_not_allowed", model="hc.x", method="_y")
    )
