# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The lint against brute force: what it does not name cannot happen."""

from collections import Counter
from decimal import Decimal

import pytest
from approval_policies import (
    KIND,
    UNIVERSE,
    anything_but,
    every_request,
    only,
    policies,
    policy,
    request,
    route,
    step,
)
from hc_approval_core import lint as lint_module
from hc_approval_core.lint import LINT_CODES, LintContext, lint
from hc_approval_core.policy import Aggregation
from hc_approval_core.router import Router
from hypothesis import given, settings

ROLES = {"manager": frozenset({1, 2, 3}), "director": frozenset({4, 5}), "nobody": frozenset()}
CONTEXT = LintContext(UNIVERSE, ROLES, frozenset({KIND}))
REQUESTS = list(every_request())
# Each example tries every request there is: fewer of them, and no limit of time on a busy machine.
exhaustive = settings(max_examples=60, deadline=None)


def findings(drawn, code, context=CONTEXT):
    return [finding for finding in lint(drawn, context) if finding.code == code]


def codes(drawn, context=CONTEXT):
    return [finding.code for finding in lint(drawn, context)]


def lies_in(facts, gap):
    amount_to = gap.detail["amount_to"]
    return (
        gap.detail["amount_from"] <= facts.amount
        and (amount_to is None or facts.amount < amount_to)
        and all(facts.values[name] in few for name, few in gap.detail["values"].items())
    )


@exhaustive
@given(policies())
def test_gaps_are_the_requests_without_a_route_and_each_is_told_once(drawn):
    router, gaps = Router.compile(drawn), findings(drawn, "gap")
    if not drawn.routes:
        assert codes(drawn) == ["kind_uncovered"]
        return
    for facts in REQUESTS:
        told = [gap for gap in gaps if lies_in(facts, gap)]
        assert len(told) == (router.route(facts).outcome == "unrouted")


@exhaustive
@given(policies())
def test_overlaps_are_the_pairs_of_routes_that_share_a_request(drawn):
    router = Router.compile(drawn)
    expected = set()
    for facts in REQUESTS:
        matched = router.route(facts).matched
        expected |= {(a, b) for n, a in enumerate(matched) for b in matched[n + 1 :]}
    assert {finding.routes for finding in findings(drawn, "overlap")} == expected


@exhaustive
@given(policies())
def test_every_example_shows_its_finding(drawn):
    router = Router.compile(drawn)
    for finding in lint(drawn, CONTEXT):
        if finding.code == "gap":
            assert router.route(finding.example).outcome == "unrouted"
        elif finding.code == "overlap":
            assert set(finding.routes) <= set(router.route(finding.example).matched)
        elif finding.code == "not_monotone":
            assert finding.routes[1] in router.route(finding.example).matched
        else:
            assert finding.example is None


@exhaustive
@given(policies())
def test_signatures_never_fall_with_the_amount_unless_it_is_told(drawn):
    router = Router.compile(drawn)
    told = {finding.routes[0] for finding in findings(drawn, "not_monotone")}
    overlapping = {frozenset(finding.routes) for finding in findings(drawn, "overlap")}
    highest = {}
    for facts in REQUESTS:  # ascending by amount
        reached = router.route(facts).route
        if reached is None:
            continue
        before = highest.setdefault(tuple(facts.values.items()), reached)
        if reached.signatures < before.signatures:
            pair = frozenset({before.code, reached.code})
            assert before.code in told or pair in overlapping
        else:
            highest[tuple(facts.values.items())] = reached


@exhaustive
@given(policies())
def test_routes_that_nothing_reaches_are_told(drawn):
    router = Router.compile(drawn)
    reached = Counter(code for facts in REQUESTS for code in router.route(facts).matched)
    told = {
        finding.routes[0]
        for finding in lint(drawn, CONTEXT)
        if finding.code in ("empty_range", "impossible_condition")
    }
    assert told == {each.code for each in drawn.routes} - set(reached)


@exhaustive
@given(policies())
def test_the_lint_says_the_same_twice_and_only_what_it_explains(drawn):
    first = lint(drawn, CONTEXT)
    assert first == lint(drawn, CONTEXT)
    assert {finding.code for finding in first} <= set(LINT_CODES)


def test_a_sound_policy_has_no_finding():
    drawn = policy(
        route("auto", 0, 50),
        route("lead", 50, 500, [anything_but("facility", "B")], [step()]),
        route("lead_b", 50, 500, [only("facility", "B")], [step()]),
        route("top", 500, None, (), [step("one"), step("two", 20, roles=["director"])]),
        aggregations=(Aggregation(KIND, "patient_reason", 30),),
    )
    assert lint(drawn, CONTEXT) == ()


def test_a_gap_is_told_with_its_limits():
    drawn = policy(
        route("low", 0, 500),
        route("high", 2000, None, [only("payer_type", "medicare", "commercial")]),
    )
    first, second = findings(drawn, "gap")
    assert first.detail == {
        "amount_from": Decimal(500),
        "amount_to": Decimal(2000),
        "values": {},
    }
    assert second.detail["values"] == {"payer_type": (None,)}
    assert second.example == request(2000, payer_type=None)


def test_a_gap_is_one_finding_across_the_tiers_of_others():
    tiers = [
        route(f"tier{limit}", limit, upper, [only("facility", "A")])
        for limit, upper in ((0, 50), (50, 500), (500, None))
    ]
    [gap] = findings(policy(*tiers), "gap")
    assert gap.detail["values"] == {"facility": (None, "B")}
    assert (gap.detail["amount_from"], gap.detail["amount_to"]) == (Decimal(0), None)


def test_in_a_dimension_that_is_not_listed_any_value_may_occur():
    drawn = policy(route("a", 0, None, [only("department", "ER")]))
    [gap] = findings(drawn, "gap")
    assert gap.detail["values"] == {"department": (None,)}
    assert not findings(drawn, "unknown_value")


@pytest.mark.parametrize(
    ("drawn", "code", "severity", "detail"),
    [
        (
            policy(route("a", 50, 50)),
            "empty_range",
            "error",
            {"amount_from": Decimal(50), "amount_to": Decimal(50)},
        ),
        (
            policy(route("a", conditions=[only("facility", "Z")])),
            "impossible_condition",
            "error",
            {"dimension": "facility"},
        ),
        (
            policy(route("a", conditions=[anything_but("facility", "Z", "A")])),
            "unknown_value",
            "error",
            {"dimension": "facility", "values": ("Z",)},
        ),
        (
            policy(route("a", kind="tip")),
            "unknown_value",
            "error",
            {"dimension": "kind", "values": ("tip",)},
        ),
        (
            policy(route("a"), aggregations=(Aggregation("tip", "requester", 7),)),
            "unknown_value",
            "error",
            {"dimension": "kind", "values": ("tip",)},
        ),
        (
            policy(route("a", steps=[step("x"), step("x")])),
            "bad_sequence",
            "error",
            {"problem": "code_repeated", "steps": ("x",)},
        ),
        (
            policy(route("a", steps=[step("x", -1)])),
            "bad_sequence",
            "error",
            {"problem": "below_zero", "steps": ("x",)},
        ),
        (
            policy(route("a", 0, 50, steps=[step(needed=2)]), route("b", 50, steps=[step()])),
            "not_monotone",
            "warning",
            {"signatures": (2, 1)},
        ),
        (
            policy(route("a", steps=[step("x", roles=["nobody"])])),
            "no_members",
            "error",
            {"step": "x", "role": "nobody"},
        ),
        (
            policy(route("a", steps=[step("x", roles=["nobody", "manager"])])),
            "no_members",
            "warning",
            {"step": "x", "role": "nobody"},
        ),
        (policy(), "kind_uncovered", "error", {}),
    ],
)
def test_each_mistake_is_told_with_what_to_repair(drawn, code, severity, detail):
    [finding] = findings(drawn, code)
    assert (finding.severity, finding.detail) == (severity, detail)


def test_a_kind_is_not_covered_by_the_routes_of_another():
    context = LintContext(UNIVERSE, ROLES, frozenset({KIND, "refund_patient"}))
    [finding] = lint(policy(route("a")), context)
    assert (finding.code, finding.kind) == ("kind_uncovered", "refund_patient")


def test_too_many_findings_are_cut_and_it_is_said():
    copies = policy(*(route(f"copy{number}", 0, 50) for number in range(30)))
    found = Counter(codes(copies))
    assert found["overlap"] == 100
    assert {f.detail["check"] for f in findings(copies, "check_stopped")} == {"overlap"}
    islands = policy(*(route(f"island{n}", 2 * n + 1, 2 * n + 2) for n in range(150)))
    found = Counter(codes(islands))
    assert found["gap"] == 100
    assert {f.detail["check"] for f in findings(islands, "check_stopped")} == {"gap"}


@exhaustive
@given(policies(max_size=4))
def test_a_search_out_of_time_never_passes_for_a_clean_one(drawn):
    before = lint_module._WORK_LIMIT
    try:
        lint_module._WORK_LIMIT = 3
        hurried = lint(drawn, CONTEXT)
    finally:
        lint_module._WORK_LIMIT = before
    patient = lint(drawn, CONTEXT)
    assert hurried == patient or any(f.code == "check_stopped" for f in hurried)
