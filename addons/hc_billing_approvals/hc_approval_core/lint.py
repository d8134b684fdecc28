# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is wrong with a policy before anybody has to live with it.

``LINT_CODES`` says what each code means. A policy without errors sends every request that can
occur one way, and somebody is there to sign it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .coverage import GapSearch, Space
from .index import KindIndex
from .policy import Policy, Route
from .router import RequestFacts
from .staffing import check_staffing

ERROR = "error"
WARNING = "warning"

LINT_CODES: Mapping[str, str] = {
    "gap": "requests that no route takes",
    "overlap": "requests that two routes take",
    "empty_range": "a route whose range holds no amount",
    "impossible_condition": "a route whose conditions no request can meet",
    "unknown_value": "a kind, or a value of a condition, that does not occur",
    "no_members": "a step whose approvers, or one of their roles, have nobody",
    "not_enough_people": "steps that different people cannot fill",
    "one_person_two_steps": "somebody who may sign two steps, though only one for each request",
    "not_monotone": "a higher tier that asks for fewer signatures",
    "kind_uncovered": "a kind of action without any route",
    "bad_sequence": "steps of one code twice, or below sequence zero",
    "check_stopped": "a kind with more to check, or to tell, than the limit",
}

# Groups of values looked at while searching for gaps, over all kinds: about a second.
_WORK_LIMIT = 500_000
# Gaps and overlaps told for each kind.
_FINDINGS_LIMIT = 100


@dataclass(frozen=True, slots=True)
class LintContext:
    """What a policy is judged against.

    :param universe: values that occur, by dimension; in a dimension that is not listed, any may
    :param role_members: user ids by code of the role
    :param kinds: kinds of controlled actions that need a route
    """

    universe: Mapping[str, frozenset[str]]
    role_members: Mapping[str, frozenset[int]]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class LintFinding:
    """One thing to repair.

    :param code: one of ``LINT_CODES``
    :param severity: ``error`` where the policy must not be published, or ``warning``
    :param routes: codes of the routes concerned
    :param detail: what a message needs: values, limits, codes of steps
    :param example: a request that shows it; ``None`` where the request does not matter
    """

    code: str
    severity: str
    kind: str
    routes: tuple[str, ...]
    detail: Mapping[str, Any]
    example: RequestFacts | None = None


def lint(policy: Policy, context: LintContext) -> tuple[LintFinding, ...]:
    """Return everything that is wrong with a policy, by kind, in the order of its routes.

    The time is bounded: where the limit is reached, ``check_stopped`` says so, as an error.
    """
    by_kind: dict[str, list[Route]] = {kind: [] for kind in context.kinds}
    for route in policy.routes:
        by_kind.setdefault(route.kind, []).append(route)
    for aggregation in policy.aggregations:
        by_kind.setdefault(aggregation.kind, [])
    work = _WORK_LIMIT // max(len(by_kind), 1)
    return tuple(
        finding
        for kind, routes in sorted(by_kind.items())
        for finding in _check_kind(kind, routes, context, work)
    )


def _check_kind(
    kind: str, routes: list[Route], context: LintContext, work: int
) -> Iterator[LintFinding]:
    if kind not in context.kinds:
        detail = {"dimension": "kind", "values": (kind,)}
        yield LintFinding("unknown_value", ERROR, kind, _codes(routes), detail)
    elif not routes:
        yield LintFinding("kind_uncovered", ERROR, kind, (), {})
    if not routes:
        return
    for route in routes:
        yield from _check_route(route, context)
    space = Space(KindIndex.build(routes), context.universe)
    yield from _check_reach(space)
    yield from _check_overlaps(kind, space)
    yield from _check_gaps(kind, space, work)
    yield from _check_monotone(space)


def _codes(routes: Iterable[Route]) -> tuple[str, ...]:
    return tuple(route.code for route in routes)


def _check_route(route: Route, context: LintContext) -> Iterator[LintFinding]:
    """Yield what can be said of one route alone."""
    own = (route.code,)
    if route.is_empty:
        detail = {"amount_from": route.amount_from, "amount_to": route.amount_to}
        yield LintFinding("empty_range", ERROR, route.kind, own, detail)
    for condition in route.conditions:
        known = context.universe.get(condition.dimension)
        unknown = condition.values - known if known is not None else ()
        if unknown:
            detail = {"dimension": condition.dimension, "values": tuple(sorted(unknown))}
            yield LintFinding("unknown_value", ERROR, route.kind, own, detail)
    codes = [step.code for step in route.steps]
    repeated = tuple(sorted({code for code in codes if codes.count(code) > 1}))
    negative = tuple(step.code for step in route.steps if step.sequence < 0)
    for problem, steps in (("code_repeated", repeated), ("below_zero", negative)):
        if steps:
            detail = {"problem": problem, "steps": steps}
            yield LintFinding("bad_sequence", ERROR, route.kind, own, detail)
    for code, severity, detail in check_staffing(route, context.role_members):
        yield LintFinding(code, severity, route.kind, own, detail)


def _check_reach(space: Space) -> Iterator[LintFinding]:
    for position, route in enumerate(space.index.routes):
        for dimension in space.empty_dimensions(position):
            detail = {"dimension": dimension}
            yield LintFinding("impossible_condition", ERROR, route.kind, (route.code,), detail)


def _stopped(kind: str, check: str) -> LintFinding:
    return LintFinding("check_stopped", ERROR, kind, (), {"check": check})


def _check_overlaps(kind: str, space: Space) -> Iterator[LintFinding]:
    pairs = space.overlaps()
    for position, other in islice(pairs, _FINDINGS_LIMIT):
        both = (space.index.routes[position], space.index.routes[other])
        lowest = max(route.amount_from for route in both)
        ends = [route.amount_to for route in both if route.amount_to is not None]
        detail = {"amount_from": lowest, "amount_to": min(ends, default=None)}
        example = space.example(position, other, lowest)
        yield LintFinding("overlap", ERROR, kind, _codes(both), detail, example)
    if next(pairs, None):
        yield _stopped(kind, "overlap")


def _check_gaps(kind: str, space: Space, work: int) -> Iterator[LintFinding]:
    search = GapSearch(space, work)
    for region in search.regions(_FINDINGS_LIMIT):
        detail = {
            "amount_from": region.amount_from,
            "amount_to": region.amount_to,
            "values": dict(region.values),
        }
        yield LintFinding("gap", ERROR, kind, (), detail, region.example(kind))
    if not search.is_complete:
        yield _stopped(kind, "gap")


def _check_monotone(space: Space) -> Iterator[LintFinding]:
    """Yield, for each route, the nearest higher tier of the same requests that asks for less."""
    routes = space.index.routes
    signatures = [route.signatures for route in routes]
    upwards = [each for each in range(len(routes)) if not routes[each].is_empty]
    upwards.sort(key=lambda each: (routes[each].amount_from, each))
    for position, route in enumerate(routes):
        if route.is_empty or route.amount_to is None or not signatures[position]:
            continue
        shared = space.sharing_values(position)
        for other in upwards:
            higher = routes[other]
            asks_less = signatures[other] < signatures[position] and shared >> other & 1
            if asks_less and higher.amount_from >= route.amount_to:
                detail = {"signatures": (signatures[position], signatures[other])}
                example = space.example(position, other, higher.amount_from)
                both = _codes((route, higher))
                yield LintFinding("not_monotone", WARNING, route.kind, both, detail, example)
                break
