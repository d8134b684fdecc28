# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Denials per line, the limits that remarks set, and what a denial is worth."""

import doctest
from decimal import Decimal

import pytest
from hc_claim_core import denials, overturn
from hc_claim_core.adjudication import (
    DENIED,
    Adjustment,
    Answer,
    ReasonCode,
    plan_posting,
    treat,
)
from hc_claim_core.denials import DeniedAdjustment, Meaning, find_denials, get_root_cause
from hc_claim_core.overturn import Experience, estimate, expected_value
from hypothesis import given
from hypothesis import strategies as st

CODES = {
    "45": ReasonCode("contractual"),
    "1": ReasonCode("patient_responsibility"),
    "2": ReasonCode("patient_responsibility"),
    "3": ReasonCode("patient_responsibility"),
    "23": ReasonCode("prior_payer"),
    "94": ReasonCode("contractual"),
    "97": ReasonCode("bundling", True),
    "197": ReasonCode("authorization", True),
    "16": ReasonCode("submission_error", True),
}
MEANINGS = {
    "97": Meaning("bundling", "yes", "appeal"),
    "197": Meaning("authorization", "yes", "appeal"),
    "16": Meaning("submission_error", "yes", "corrected_claim"),
    "53": Meaning("compliance", "no", "no"),
}
money = st.integers(-10_000, 100_000).map(lambda cents: Decimal(cents) / 100)
positive = st.integers(1, 100_000).map(lambda cents: Decimal(cents) / 100)


def row(line, group, reason, amount):
    return DeniedAdjustment(
        line, group, reason, Decimal(amount), treat(group, reason, CODES.get(reason))
    )


@pytest.mark.parametrize("module", [denials, overturn])
def test_doctests(module):
    assert not doctest.testmod(module).failed


@pytest.mark.parametrize(
    ("group", "reason"),
    [("CO", "45"), ("PR", "1"), ("PR", "2"), ("PR", "3"), ("OA", "23"), ("OA", "94")],
)
def test_what_is_no_denial(group, reason):
    assert find_denials([row(1, group, reason, 40)], MEANINGS) == ()


def test_a_line_may_be_denied_in_part():
    [denial] = find_denials([row(1, "CO", "45", 30), row(1, "CO", "97", 20)], MEANINGS)
    assert (denial.amount, denial.reason, denial.reasons) == (Decimal(20), "97", ("CO-97",))


def test_the_largest_reason_names_the_denial_and_all_are_kept():
    [denial] = find_denials([row(1, "CO", "16", 5), row(1, "PI", "197", 35)], MEANINGS)
    assert (denial.group, denial.reason, denial.category) == ("PI", "197", "authorization")
    assert denial.reasons == ("CO-16", "PI-197")
    assert denial.amount == 40


def test_the_claim_stands_before_its_lines():
    rows = [row(2, "CO", "97", 1), row(None, "CO", "16", 2), row(1, "CO", "97", 3)]
    assert [denial.line for denial in find_denials(rows, MEANINGS)] == [None, 1, 2]


def test_a_reason_that_nobody_knows_is_a_denial_without_category():
    [denial] = find_denials([row(1, "CO", "999", 40)], MEANINGS)
    assert (denial.category, get_root_cause(denial.category)) == ("", "other")
    assert denial.is_appealable


@pytest.mark.parametrize(
    ("remark", "no_appeal", "resubmission", "remedy"),
    [
        ("MA130", "unprocessable", "new_claim", "corrected_claim"),
        ("MA44", "no_rights", "replacement", "no"),
        ("N211", "no_rights", "replacement", "no"),
        ("N142", "", "new_claim", "corrected_claim"),
        ("N432", "", "replacement", "appeal"),
        ("N30", "", "replacement", "appeal"),
    ],
)
def test_limits_of_remarks(remark, no_appeal, resubmission, remedy):
    of_claim = find_denials([row(1, "CO", "197", 40)], MEANINGS, [remark.lower()])
    of_line = find_denials([row(1, "CO", "197", 40)], MEANINGS, (), {1: [remark]})
    assert of_claim == of_line
    [denial] = of_claim
    assert (denial.no_appeal, denial.resubmission, denial.remedy) == (
        no_appeal,
        resubmission,
        remedy,
    )


def test_a_remark_of_one_line_does_not_bind_another():
    rows = [row(1, "CO", "197", 40), row(2, "CO", "197", 40)]
    first, second = find_denials(rows, MEANINGS, (), {1: ["N211"]})
    assert not first.is_appealable
    assert second.is_appealable


def test_a_reason_without_remedy_admits_no_appeal_unless_an_auditor_took_it():
    rows = [DeniedAdjustment(1, "CO", "53", Decimal(10))]
    [denial] = find_denials(rows, MEANINGS)
    assert denial.no_appeal == "no_remedy"
    [denial] = find_denials(rows, MEANINGS, ["N432"])
    assert (denial.is_appealable, denial.category) == (True, "recovery")


@given(
    st.lists(
        st.tuples(
            st.one_of(st.none(), st.integers(1, 4)),
            st.sampled_from(["CO", "PR", "OA", "PI"]),
            st.sampled_from([*CODES, "999"]),
            positive,
        ),
        max_size=12,
    )
)
def test_denials_add_up_to_what_posting_leaves_denied(items):
    rows = [row(*item) for item in items]
    found = find_denials(rows, MEANINGS)
    posting = plan_posting(
        Answer(
            "1",
            Decimal(10**7),
            Decimal(0),
            tuple(Adjustment(r.group, r.reason, r.amount, r.treatment) for r in rows),
        ),
        Decimal(10**7),
    )
    assert sum((denial.amount for denial in found), Decimal(0)) == posting.denied
    assert len({denial.line for denial in found}) == len(found)
    assert find_denials(rows, MEANINGS) == found


@given(st.lists(money, min_size=1, max_size=6), st.lists(st.sampled_from(["MA130", "N30"])))
def test_no_denial_of_nothing_and_no_appeal_against_ma130(amounts, remarks):
    rows = [DeniedAdjustment(1, "CO", "197", amount, DENIED) for amount in amounts]
    found = find_denials(rows, MEANINGS, remarks)
    assert bool(found) == (sum(amounts) > 0)
    assert all(denial.is_appealable == ("MA130" not in remarks) for denial in found)


rates = st.integers(0, 100).map(lambda percent: Decimal(percent) / 100)
experiences = st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
    lambda pair: Experience(max(pair), min(pair))
)


@given(rates, experiences, experiences, positive)
def test_a_rate_is_a_rate_and_a_win_never_lowers_it(prior, of_category, of_payer, amount):
    before = estimate(prior, of_category, of_payer)
    assert 0 <= before.rate <= 1
    better = Experience(of_payer.decided + 1, of_payer.won + 1)
    assert estimate(prior, of_category, better).rate >= before.rate
    worse = Experience(of_payer.decided + 1, of_payer.won)
    assert estimate(prior, of_category, worse).rate <= before.rate
    assert 0 <= expected_value(amount, before.rate) <= amount


def test_much_experience_outweighs_the_estimate():
    assert estimate(Decimal(0), Experience(), Experience(1000, 900)).rate > Decimal("0.88")


@pytest.mark.parametrize("wrong", [(1, 2), (0, -1)])
def test_impossible_experience_is_refused(wrong):
    with pytest.raises(ValueError, match="decided"):
        Experience(*wrong)
