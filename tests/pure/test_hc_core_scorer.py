# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Scores: bounded, explained, the same in any order, and honest about what is unknown."""

from decimal import Decimal

import pytest
from hc_core.facts import FactSpec, fact_register
from hc_core.rules import Condition
from hc_core.scorer import Factor, ScoreCard, ScoreError
from hypothesis import given
from hypothesis import strategies as st

REGISTER = fact_register(
    [
        FactSpec("age_days", "integer", "Age in days"),
        FactSpec("amount", "decimal", "Open amount"),
        FactSpec("payer", "text", "Payer"),
        FactSpec("is_insured", "boolean", "Insured"),
        FactSpec("codes", "text_list", "Codes"),
    ]
)
OLD = Factor("old", Condition("age_days", "at_least", "90"), 40, "{age_days} days old")
LARGE = Factor("large", Condition("amount", "greater_than", "1000"), 30, "{amount} open")
INSURED = Factor("insured", Condition("is_insured", "equals", "yes"), -20, "a payer may still pay")
DENIED = Factor("denied", Condition("codes", "contains", "CO-197"), 10, "no authorization")
CARD = (OLD, LARGE, INSURED, DENIED)

FACTS = st.fixed_dictionaries(
    {},
    optional={
        "age_days": st.integers(0, 400) | st.none() | st.text(),
        "amount": st.decimals(0, 5000, places=2) | st.none() | st.just("many"),
        "is_insured": st.booleans() | st.none(),
        "codes": st.lists(st.sampled_from(["CO-197", "PR-1"])).map(tuple) | st.none(),
    },
)
FACTORS = st.lists(
    st.builds(
        Factor,
        st.text("abcdefgh", min_size=1, max_size=4),
        st.sampled_from([factor.condition for factor in CARD]),
        st.integers(-50, 50),
        st.sampled_from(["{age_days} days", "{amount}", "plain", "{nothing}"]),
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda factor: factor.name,
)


def test_a_score_tells_why():
    facts = {"age_days": 120, "amount": Decimal("1500.00"), "is_insured": True, "codes": ()}
    score = ScoreCard.compile(CARD, REGISTER).score(facts)
    assert score.total == 50
    assert [(reason.name, reason.points) for reason in score.reasons] == [
        ("old", 40),
        ("large", 30),
        ("insured", -20),
    ]
    assert score.reasons[0].text == "120 days old"
    assert score.unknown == ()


def test_what_is_unknown_gives_no_points_and_is_named():
    score = ScoreCard.compile(CARD, REGISTER).score({"age_days": 120})
    assert score.total == 40
    assert score.unknown == ("denied", "insured", "large")


@given(FACTORS, FACTS, st.randoms())
def test_the_order_of_factors_does_not_matter(factors, facts, random):
    shuffled = list(factors)
    random.shuffle(shuffled)
    first, second = (ScoreCard.compile(each, REGISTER) for each in (factors, shuffled))
    assert first.score(facts) == second.score(facts)
    assert first.digest == second.digest


@given(FACTORS, FACTS, st.integers(-100, 100), st.integers(1, 100))
def test_the_total_stays_within_its_bounds(factors, facts, minimum, width):
    card = ScoreCard.compile(factors, REGISTER, minimum=minimum, maximum=minimum + width)
    assert minimum <= card.score(facts).total <= minimum + width


@given(FACTORS, FACTS, st.integers(0, 50))
def test_a_factor_more_never_lowers_the_score_where_its_points_are_positive(factors, facts, points):
    more = [*factors, Factor("zzzzz", OLD.condition, points, "more")]
    before = ScoreCard.compile(factors, REGISTER).score(facts)
    after = ScoreCard.compile(more, REGISTER).score(facts)
    assert after.total >= before.total
    assert set(before.reasons) <= set(after.reasons)


@given(FACTORS, FACTS)
def test_reasons_add_up_and_the_heaviest_comes_first(factors, facts):
    card = ScoreCard.compile(factors, REGISTER, minimum=-10_000, maximum=10_000)
    score = card.score(facts)
    assert sum(reason.points for reason in score.reasons) == score.total
    weights = [abs(reason.points) for reason in score.reasons]
    assert weights == sorted(weights, reverse=True)
    assert len(score.reasons) + len(score.unknown) <= len(factors)


@given(FACTORS)
def test_the_digest_changes_with_a_weight(factors):
    first = factors[0]
    heavier = Factor(first.name, first.condition, first.points + 1, first.reason)
    one, other = (
        ScoreCard.compile(each, REGISTER).digest for each in (factors, [heavier, *factors[1:]])
    )
    assert one != other


@pytest.mark.parametrize(
    ("factors", "code", "words"),
    [
        ((), "card_empty", "no factor"),
        ((OLD, OLD), "card_invalid", "old occurs twice"),
        ((Factor("a", Condition("age", "equals", "1"), 1, ""),), "card_invalid", "no fact named"),
        ((Factor("a", Condition("payer", "before", "1"), 1, ""),), "card_invalid", "does not work"),
        ((Factor("a", Condition("payer", "matches", "("), 1, ""),), "card_invalid", "wrong at"),
        ((Factor("a", Condition("payer", "is_set", "x"), 1, ""),), "card_invalid", "no value"),
        ((Factor("a", Condition("age_days", "equals", "x"), 1, ""),), "card_invalid", "a: "),
    ],
)
def test_a_card_that_cannot_be_used_says_all_that_is_wrong(factors, code, words):
    with pytest.raises(ScoreError) as caught:
        ScoreCard.compile(factors, REGISTER)
    assert caught.value.code == code
    assert words in caught.value.message


def test_bounds_are_in_order():
    with pytest.raises(ScoreError, match="not below"):
        ScoreCard.compile(CARD, REGISTER, minimum=10, maximum=10)
