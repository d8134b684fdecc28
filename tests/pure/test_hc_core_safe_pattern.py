# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Patterns from data: what is accepted means what Python means, and ends soon."""

import re
import time

import pytest
from hc_core.errors import PatternError
from hc_core.safe_pattern import MAX_SUBJECT_LENGTH, compile_pattern
from hypothesis import given
from hypothesis import strategies as st

PATTERN_PIECES = st.lists(
    st.sampled_from([*"ab()[]|*+?.^$\\-{},:1", "\\d", "{2}", "{1,3}", "{0,}", "(?:", "[^a]", "a+"]),
    max_size=14,
).map("".join)


@given(PATTERN_PIECES)
def test_an_accepted_pattern_is_pythons_and_ends_soon(pattern):
    try:
        matches = compile_pattern(pattern)
    except PatternError as refusal:
        assert refusal.message
        return
    for subject in ("", "ab1", "a" * MAX_SUBJECT_LENGTH):
        start = time.process_time()
        answer = matches(subject)
        assert time.process_time() - start < 1
        assert answer == bool(re.compile(pattern, re.ASCII).fullmatch(subject))


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a|a)*b",
        "(a*)*b",
        "a*a*a*b",
        "(?:a{1,9}){9}",
        "a?" * 40,
        "((){256}){256}",
        "(a)\\1",
        "(?=a)a",
        "(?i)a",
        "a*+",
        "[a",
        "[[a]",
        "[a||b]",
        "(a",
        "a)",
        "a{3,1}",
        "a" * 201,
        "\\",
    ],
)
def test_patterns_that_could_run_away_or_are_malformed_are_refused(pattern):
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    ("pattern", "subject", "expected"),
    [
        (r"[A-Z]{3}\d{9}", "ABC123456789", True),
        (r"\d{9}[A-Z]?", "123456789", True),
        (r"(?:HMO|PPO)-\d+", "PPO-7", True),
        (r"\d{3}", "１２３", False),
        (r"^\d{3}$", "123\n", False),
        (r"[]x]+", "]x]", True),
    ],
)
def test_the_patterns_identifiers_need(pattern, subject, expected):
    assert compile_pattern(pattern)(subject) is expected


def test_a_long_subject_is_refused():
    with pytest.raises(PatternError) as refusal:
        compile_pattern("a*")("a" * (MAX_SUBJECT_LENGTH + 1))
    assert refusal.value.code == "subject_too_long"
