# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Approval policies, no database; aims: 50 µs to route a request, 2 s to lint 500 rules."""

import random
from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from hc_approval_core.conditions import DIMENSIONS, Condition
from hc_approval_core.lint import LintContext, lint
from hc_approval_core.policy import ApproverSource, Policy, Route, StepRule
from hc_approval_core.router import RequestFacts, Router

_ROUTE_AIM_MICROSECONDS = 50
_LINT_AIM_SECONDS = 2
_REQUESTS = 10_000
_ROUNDS = 5
_VALUES = {name: tuple(f"{name}-{number:02d}" for number in range(12)) for name in DIMENSIONS}
_ROLES = {f"role-{number}": frozenset(range(number * 40, number * 40 + 80)) for number in range(10)}


def _steps(signatures):
    return tuple(
        StepRule(f"step-{number}", "Step", number, (ApproverSource("role", f"role-{number}"),))
        for number in range(signatures)
    )


def _columns(dimension, count):
    """Conditions that share a dimension out: some values each, and one for all the rest."""
    named = _VALUES[dimension][: count - 1]
    each = [Condition(dimension, frozenset({value})) for value in named]
    return [*each, Condition(dimension, frozenset(named), excluded=True)]


def _matrix(tiers, facilities, payers, kinds=1):
    """A sound policy: each kind has tiers for every facility and type of payer."""
    limits = [Decimal(250) * number for number in range(tiers)] + [None]
    routes = [
        Route(f"R{kind}-{low}-{n}-{m}", f"kind-{kind}", low, high, (first, second), _steps(tier))
        for kind in range(kinds)
        for tier, (low, high) in enumerate(pairwise(limits))
        for n, first in enumerate(_columns("facility", facilities))
        for m, second in enumerate(_columns("payer_type", payers))
    ]
    return Policy("matrix", 1, "USD", tuple(routes))


def _tangle(count, excluded):
    """A policy that nobody should write: random ranges, conditions in every dimension."""
    chance = random.Random(4)
    routes = []
    for number in range(count):
        conditions = tuple(
            Condition(name, frozenset(chance.sample(values, 7)), chance.random() < excluded)
            for name, values in _VALUES.items()
        )
        low = Decimal(chance.randrange(5000))
        high = low + chance.randrange(1, 5000)
        steps = _steps(chance.randrange(5))
        routes.append(Route(f"R{number}", "kind-0", low, high, conditions, steps))
    return Policy("tangle", 1, "USD", tuple(routes))


def _thicket(count):
    """A policy that leaves no gap and makes the search for one as long as it may be."""
    chance = random.Random(5)
    routes = []
    for number in range(count):
        conditions = tuple(
            Condition(name, frozenset(chance.sample(values, 1)), excluded=True)
            for name, values in _VALUES.items()
        )
        routes.append(Route(f"R{number}", "kind-0", Decimal(0), None, conditions))
    return Policy("thicket", 1, "USD", tuple(routes))


def _requests(kinds):
    chance = random.Random(7)
    return [
        RequestFacts(
            f"kind-{chance.randrange(kinds)}",
            Decimal(chance.randrange(300_000)) / 100,
            {name: chance.choice((None, *values)) for name, values in _VALUES.items()},
            Decimal(chance.randrange(300_000)) / 100,
        )
        for _number in range(_REQUESTS)
    ]


def _context(policy):
    universe = {name: frozenset(values) for name, values in _VALUES.items()}
    return LintContext(universe, _ROLES, frozenset(route.kind for route in policy.routes))


@pytest.mark.parametrize(
    ("name", "policy", "kinds"),
    [("one kind", _matrix(5, 8, 5), 1), ("twenty kinds", _matrix(5, 2, 1, kinds=20), 20)],
)
def test_routing_with_200_rules(name, policy, kinds, figures, stopwatch):
    """CPU of one routing, as a median over rounds of many requests."""
    assert len(policy.routes) == 200
    compiling, router = stopwatch(lambda: Router.compile(policy))
    requests = _requests(kinds)
    seconds = []
    for _round in range(_ROUNDS):
        spent, routings = stopwatch(lambda: [router.route(facts) for facts in requests])
        seconds.append(spent / len(requests) * 1e6)
        assert all(routing.route for routing in routings)
    note = f"aim {_ROUTE_AIM_MICROSECONDS} µs"
    figures.add_median(f"route a request, 200 rules, {name}", seconds, "µs CPU", note)
    values = [(facts.kind, facts.amount, facts.values) for facts in requests]
    describing, _ = stopwatch(lambda: [RequestFacts(*each) for each in values])
    figures.add("  describe the request", describing / len(requests) * 1e6, "µs CPU")
    tracing, traces = stopwatch(lambda: [routing.trace for routing in routings[:200]])
    assert all(sum(line.matched for line in trace) == 1 for trace in traces)
    figures.add("  its trace, when asked for", tracing / 200 * 1e6, "µs CPU")
    figures.add("  compile the policy", compiling * 1e3, "ms CPU")


@pytest.mark.parametrize(
    ("name", "policy", "errors"),
    [
        ("sound, one kind", _matrix(10, 10, 5), set()),
        ("sound, twenty kinds", _matrix(5, 5, 1, kinds=20), set()),
        ("tangled", _tangle(500, excluded=0), {"gap", "overlap", "check_stopped"}),
        ("tangled by exclusions", _tangle(500, excluded=1), {"gap", "overlap", "check_stopped"}),
        ("a thicket", _thicket(500), {"overlap", "check_stopped"}),
    ],
)
def test_lint_of_500_rules(name, policy, errors, figures, stopwatch):
    """CPU of one lint; the tangled ones run into its limits."""
    assert len(policy.routes) == 500
    context = _context(policy)
    seconds = []
    for _round in range(_ROUNDS):
        spent, findings = stopwatch(lambda: lint(policy, context))
        seconds.append(spent)
    assert {finding.code for finding in findings if finding.severity == "error"} == errors
    told = Counter(finding.code for finding in findings)
    figures.add_median(f"lint 500 rules, {name}", seconds, "s CPU", f"aim {_LINT_AIM_SECONDS} s")
    figures.add("  findings", told.total(), "findings", f"{len(told)} codes")
