# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Routing: exactly one route or none, the same every time, with the reasons."""

from decimal import Decimal

import pytest
from approval_policies import (
    AMOUNTS,
    anything_but,
    every_request,
    only,
    policies,
    policy,
    request,
    route,
    step,
)
from hc_approval_core.router import Router, explain
from hypothesis import given
from hypothesis import strategies as st

REQUESTS = st.sampled_from(list(every_request()))
# Denial write-offs as on paper: each tier ends a cent below the next one.
TIERS = policy(
    route("auto", 0, 50),
    route("lead", 50, 500, steps=[step("lead")]),
    route("two_levels", 500, 5000, steps=[step("supervisor", 10), step("manager", 20)]),
    route("officers", 5000, None, steps=[step("director", 10), step("officer", 20)]),
)


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("0", "auto"),
        ("49.99", "auto"),
        ("49.9999", "auto"),
        ("50", "lead"),
        ("499.99", "lead"),
        ("4200", "two_levels"),
        ("4999.99", "two_levels"),
        ("5000.00", "officers"),
        ("1E+30", "officers"),
    ],
)
def test_limits_belong_to_the_higher_tier(amount, code):
    assert Router.compile(TIERS).route(request(amount)).route.code == code


def test_parts_of_a_split_request_go_where_the_whole_would():
    router = Router.compile(TIERS)
    assert router.route(request(400)).route.code == "lead"
    assert router.route(request(400, aggregated=1200)).route.code == "two_levels"


@given(st.sampled_from(AMOUNTS), st.sampled_from(AMOUNTS))
def test_adding_up_never_lowers_the_amount(amount, aggregated):
    routed = request(amount, aggregated=aggregated).routing_amount
    assert routed == max(amount, aggregated)


@given(policies(), REQUESTS)
def test_the_index_finds_what_the_conditions_say(drawn, facts):
    routing = Router.compile(drawn).route(facts)
    expected = tuple(each.code for each in drawn.routes if explain(each, facts).matched)
    assert routing.matched == expected
    assert (routing.route is not None) == (len(expected) == 1)
    assert routing.outcome == ("unrouted", "routed", "ambiguous")[min(len(expected), 2)]


@given(policies(), REQUESTS, st.randoms())
def test_the_order_of_routes_does_not_matter(drawn, facts, random):
    shuffled = list(drawn.routes)
    random.shuffle(shuffled)
    first = Router.compile(drawn).route(facts)
    second = Router.compile(policy(*shuffled)).route(facts)
    assert first.route == second.route
    assert sorted(first.matched) == sorted(second.matched)


@given(policies(), REQUESTS)
def test_a_missing_value_and_a_value_that_nobody_names_are_no_value(drawn, facts):
    router = Router.compile(drawn)
    known = {name: value for name, value in facts.values.items() if value is not None}
    unheard = {name: value or "unheard of" for name, value in facts.values.items()}
    expected = router.route(facts).matched
    for values in (known, unheard):
        assert router.route(request(facts.amount, **values)).matched == expected


@given(policies(), REQUESTS)
def test_the_trace_tells_the_same_story(drawn, facts):
    routing = Router.compile(drawn).route(facts)
    assert [line.route_code for line in routing.trace] == [each.code for each in drawn.routes]
    assert tuple(line.route_code for line in routing.trace if line.matched) == routing.matched
    assert all((line.why_code == "matched") == line.matched for line in routing.trace)


def test_the_trace_names_what_did_not_fit():
    drawn = policy(
        route("low", 0, 50),
        route("high", 500),
        route("other", 0, None, [anything_but("facility", "B")]),
        route("here", 0, None, [only("facility", "B"), only("payer_type", "medicare")]),
    )
    routing = Router.compile(drawn).route(request(100, facility="B", payer_type="medicare"))
    assert routing.route.code == "here"
    lines = {line.route_code: line for line in routing.trace}
    assert lines["low"].why_code == "amount_above"
    assert lines["low"].detail["amount_to"] == Decimal(50)
    assert lines["high"].why_code == "amount_below"
    assert lines["other"].why_code == "condition_unmet"
    assert lines["other"].detail["dimension"] == "facility"
    assert lines["other"].detail["value"] == "B"


def test_another_kind_has_no_route():
    routing = Router.compile(TIERS).route(request(10, kind="refund_patient"))
    assert (routing.outcome, routing.matched, routing.trace) == ("unrouted", (), ())


def test_two_routes_are_no_choice():
    drawn = policy(route("a", 0, 100), route("b", 50, 200))
    routing = Router.compile(drawn).route(request(60))
    assert (routing.route, routing.matched, routing.outcome) == (None, ("a", "b"), "ambiguous")
