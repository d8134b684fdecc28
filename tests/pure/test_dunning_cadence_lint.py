# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Mistakes in a cadence are found before it is published."""

import pytest
from dunning_samples import policies
from hc_dunning_core.cadence_lint import ERROR, WARNING, lint
from hc_dunning_core.cadence_policy import PROPOSED_CHANNEL_RULES, CadencePolicy, Level
from hypothesis import given

FIRST = Level("first", 5, "letter")
LAST = Level("last", 60, "letter", is_final=True)


def codes(*levels, rules=PROPOSED_CHANNEL_RULES):
    policy = CadencePolicy("sample", 1, "USD", levels, rules)
    return [finding.code for finding in lint(policy)]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((FIRST, LAST), []),
        ((), ["no_levels"]),
        ((FIRST,), ["no_final"]),
        ((LAST,), ["final_without_notice"]),
        ((Level("first", 5, "letter", "previous"), LAST), ["no_previous"]),
        ((FIRST, Level("same", 5, "letter"), LAST), ["delay_not_ascending"]),
        ((FIRST, Level("soon", 11, "letter"), LAST), ["delay_below_spacing"]),
        ((FIRST, Level("exact", 12, "letter"), LAST), []),
        ((FIRST, Level("zero", 0, "letter", "previous"), LAST), ["delay_not_ascending"]),
        ((FIRST, LAST, Level("more", 90, "letter")), ["level_after_final"]),
        ((FIRST, Level("notice", 30, "letter", is_precollection=True, is_required=True), LAST),
         ["precollection_before_final"]),
        ((FIRST, LAST, Level("notice", 90, "letter", is_precollection=True)),
         ["precollection_optional"]),
        ((FIRST, LAST, Level("notice", 90, "email", is_precollection=True, is_required=True)),
         ["required_not_by_letter", "precollection_not_written"]),
        ((Level("bill", 5, "email", fallback_channel="letter", is_required=True), LAST), []),
        ((FIRST, Level("mail", 30, "email", fallback_channel="email"), LAST), ["fallback_same"]),
    ],
)  # fmt: skip
def test_findings(levels, expected):
    assert codes(*levels) == expected


def test_a_channel_without_a_rule():
    assert codes(FIRST, LAST, rules=()) == ["channel_without_rule", "channel_without_rule"]


@given(policies())
def test_every_finding_says_what_and_where(policy):
    for finding in lint(policy):
        assert finding.severity in (ERROR, WARNING)
        assert policy.position_of(finding.level) is not None
        assert finding.words.endswith(".")
