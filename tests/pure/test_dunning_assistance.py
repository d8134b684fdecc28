# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Financial assistance: fair at every edge, told in words."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hc_dunning_core.assistance import Application, AssistancePolicy, Slab, score
from hc_dunning_core.errors import DunningError
from hc_dunning_core.poverty import (
    ALASKA,
    CONTIGUOUS,
    HAWAII,
    PROPOSED_GUIDELINES,
    REGIONS,
    guideline_on,
    region_of,
)
from hypothesis import given
from hypothesis import strategies as st

POLICY = AssistancePolicy()
DAY = date(2026, 5, 4)
CENT = Decimal("0.01")
# Two people in 2026: 15,960 + 5,680.
LEVEL = Decimal("21640.00")
APPLICATION = Application(2, LEVEL, CONTIGUOUS, DAY, Decimal("1000.00"), Decimal("4000.00"))
MONEY = st.integers(0, 20_000_000).map(lambda cents: Decimal(cents) / 100)
APPLICATIONS = st.builds(
    Application, st.integers(1, 12), MONEY, st.sampled_from(REGIONS), st.just(DAY), MONEY, MONEY
)
POLICIES = st.builds(
    AssistancePolicy, generally_billed_percent=st.sampled_from((None, Decimal(35)))
)


def ask(policy=POLICY, **values):
    return score(policy, PROPOSED_GUIDELINES, replace(APPLICATION, **values))


@pytest.mark.parametrize(
    ("income", "discount"),
    [
        (Decimal(0), 100),
        (LEVEL * 2, 100),
        (LEVEL * 2 + CENT, 75),
        (LEVEL * 5 / 2, 75),
        (LEVEL * 5 / 2 + CENT, 50),
        (LEVEL * 3, 50),
        (LEVEL * 3 + CENT, 25),
        (LEVEL * 4, 25),
        (LEVEL * 4 + CENT, 0),
    ],
)
def test_the_edges_of_the_slabs(income, discount):
    result = ask(income=income)
    assert result.discount_percent == discount
    assert result.left == Decimal(1000 - 10 * discount)
    assert result.is_eligible == (discount > 0)


@given(POLICIES, APPLICATIONS)
def test_discount_and_rest_are_the_balance(policy, application):
    result = score(policy, PROPOSED_GUIDELINES, application)
    assert result.discount + result.left == application.balance
    assert 0 <= result.left <= application.balance
    if result.is_eligible:
        percent = policy.generally_billed_percent or 100
        assert result.left * 100 <= application.gross_charges * percent
    else:
        assert result.left == application.balance


@given(APPLICATIONS, MONEY, st.integers(0, 4))
def test_less_income_or_more_people_never_means_less_help(application, less, more):
    better = replace(
        application,
        income=max(application.income - less, Decimal(0)),
        persons=application.persons + more,
    )
    before = score(POLICY, PROPOSED_GUIDELINES, application)
    after = score(POLICY, PROPOSED_GUIDELINES, better)
    assert after.discount_percent >= before.discount_percent
    assert after.left <= before.left


def test_the_cap_of_what_is_generally_billed():
    policy = AssistancePolicy(generally_billed_percent=Decimal(10))
    capped = ask(policy, income=LEVEL * 3)
    assert capped.is_capped and capped.left == Decimal("400.00")
    assert any("generally billed" in step for step in capped.steps)
    # Who gets no discount is not capped.
    assert ask(policy, income=LEVEL * 9).left == Decimal("1000.00")
    # A cap above what is left changes nothing.
    assert not ask(policy, income=LEVEL * 3, gross_charges=Decimal("9000.00")).is_capped


def test_the_steps_are_told_with_their_figures():
    text = " ".join(ask(income=LEVEL * 3).steps)
    for figure in ("2026", "2 persons", "21,640.00", "64,920.00", "300.00 %", "50 %", "500.00"):
        assert figure in text


def test_the_guideline_of_the_day_of_the_application():
    assert ask(applied_on=date(2026, 1, 12)).steps[0].startswith("The poverty level 2025")
    assert ask(applied_on=date(2026, 1, 13)).steps[0].startswith("The poverty level 2026")
    assert ask().needs_review
    sure = [replace(row, needs_review=False) for row in PROPOSED_GUIDELINES]
    assert not score(POLICY, sure, APPLICATION).needs_review
    old = score(POLICY, sure, replace(APPLICATION, applied_on=date(2027, 3, 1)))
    assert old.needs_review and "old" in old.steps[-1]
    with pytest.raises(DunningError):
        ask(applied_on=date(2024, 1, 10))


def test_the_published_figures():
    def level(region, year, persons):
        row = guideline_on(PROPOSED_GUIDELINES, region, date(year, 6, 1))
        return row.level(persons)

    assert level(CONTIGUOUS, 2025, 4) == 32150
    assert level(CONTIGUOUS, 2026, 8) == 55720
    assert level(ALASKA, 2026, 8) == 69650
    assert level(HAWAII, 2026, 8) == 64070
    keys = [(row.year, row.region) for row in PROPOSED_GUIDELINES]
    assert len(set(keys)) == len(keys)
    for row in PROPOSED_GUIDELINES:
        assert not row.is_stale(row.effective_from + timedelta(days=366))


def test_regions():
    assert [region_of(state) for state in ("US-AK", "US-NY")] == [ALASKA, CONTIGUOUS]
    with pytest.raises(DunningError):
        region_of("US-PR")


@pytest.mark.parametrize(
    "values",
    [
        {"persons": 0},
        {"region": "moon"},
        {"income": Decimal("-1.00")},
        {"balance": Decimal("NaN")},
        {"gross_charges": Decimal("0.001")},
    ],
)
def test_applications_without_sense(values):
    with pytest.raises(DunningError):
        ask(**values)


@pytest.mark.parametrize(
    "values",
    [
        {"slabs": ()},
        {"slabs": (Slab(300, 50), Slab(200, 25))},
        {"slabs": (Slab(200, 50), Slab(300, 50))},
        {"slabs": (Slab(200, 101),)},
        {"slabs": (Slab(-1, 100),)},
        {"generally_billed_percent": Decimal(0)},
        {"generally_billed_percent": Decimal("100.01")},
        {"generally_billed_percent": Decimal("NaN")},
    ],
)
def test_policies_without_sense(values):
    with pytest.raises(DunningError):
        AssistancePolicy(**values)
