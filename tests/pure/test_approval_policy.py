# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The parts of a policy: what they mean, and what they refuse to mean."""

import doctest
import importlib
import pkgutil
from decimal import Decimal

import hc_approval_core
import pytest
from approval_policies import policy, request, route, step
from hc_approval_core.conditions import Condition
from hc_approval_core.errors import PolicyError
from hc_approval_core.policy import Aggregation, ApproverSource, EvidenceRule
from hypothesis import given
from hypothesis import strategies as st

PACKAGE = pkgutil.walk_packages(hc_approval_core.__path__, "hc_approval_core.")
VALUES = st.text("AB", max_size=2)


@pytest.mark.parametrize("name", sorted(module.name for module in PACKAGE))
def test_docstring_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@given(st.frozensets(VALUES), st.none() | VALUES)
def test_of_a_condition_and_its_opposite_exactly_one_holds(values, value):
    held = [Condition("facility", values, excluded).matches(value) for excluded in (False, True)]
    assert sorted(held) == [False, True]


@given(st.frozensets(VALUES))
def test_no_value_meets_only_a_condition_that_excludes(values):
    assert not Condition("facility", values).matches(None)
    assert Condition("facility", values, excluded=True).matches(None)


def test_signatures_are_people_over_all_steps():
    assert route("a", steps=[step("one"), step("two", needed=2)]).signatures == 3
    assert route("b").signatures == 0


@pytest.mark.parametrize(
    ("code", "build"),
    [
        ("choice_unknown", lambda: Condition("colour", frozenset())),
        ("choice_unknown", lambda: ApproverSource("group", "x")),
        ("choice_unknown", lambda: EvidenceRule("letter", "pigeon")),
        ("choice_unknown", lambda: Aggregation("refund_patient", "everybody", 30)),
        ("choice_unknown", lambda: request(1, colour="red")),
        ("user_invalid", lambda: ApproverSource("user", "manager")),
        ("user_invalid", lambda: ApproverSource("user", "-1")),
        ("number_not_positive", lambda: Aggregation("refund_patient", "requester", 0)),
        ("number_not_positive", lambda: EvidenceRule("letter", "attachment", 0)),
        ("number_not_positive", lambda: step(needed=0)),
        ("number_not_positive", lambda: step(sla_hours=Decimal(0))),
        ("amount_invalid", lambda: route("a", amount_from=-1)),
        ("amount_invalid", lambda: route("a", amount_to="NaN")),
        ("amount_invalid", lambda: request("Infinity")),
        ("amount_invalid", lambda: request(1, aggregated=-1)),
        ("route_code_repeated", lambda: policy(route("a"), route("b"), route("a"))),
    ],
)
def test_what_has_no_meaning_is_refused_with_a_code(code, build):
    with pytest.raises(PolicyError) as caught:
        build()
    assert caught.value.code == code
    assert "{" not in str(caught.value)
    assert str(caught.value).endswith(".")


def test_an_amount_is_never_a_float():
    with pytest.raises(PolicyError, match="Decimal"):
        hc_approval_core.router.RequestFacts("refund_patient", 1.5, {})
