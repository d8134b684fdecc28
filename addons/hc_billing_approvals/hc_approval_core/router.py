# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""From a request to the one route that holds for it, with the reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .conditions import DIMENSIONS, check_choice
from .index import KindIndex, positions
from .policy import Policy, Route, check_amount

ROUTED = "routed"
UNROUTED = "unrouted"
AMBIGUOUS = "ambiguous"

MATCHED = "matched"
AMOUNT_BELOW = "amount_below"
AMOUNT_ABOVE = "amount_above"
CONDITION_UNMET = "condition_unmet"


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """What routing needs to know of a request.

    :param kind: kind of controlled action
    :param amount: in the policy's currency, zero where no money moves
    :param values: value by dimension; ``None`` and a missing one are the same
    :param aggregated_amount: this request and the recent ones that count with it, in the policy's
        currency; ``None`` where nothing is added up
    :raises PolicyError: ``amount_invalid``, ``choice_unknown`` for another dimension
    """

    kind: str
    amount: Decimal
    values: Mapping[str, str | None]
    aggregated_amount: Decimal | None = None

    def __post_init__(self):
        check_amount("amount", self.amount)
        if self.aggregated_amount is not None:
            check_amount("aggregated amount", self.aggregated_amount)
        for dimension in self.values:
            check_choice("dimension", dimension, DIMENSIONS)

    @property
    def routing_amount(self) -> Decimal:
        """The larger of the request's amount and the aggregated one."""
        if self.aggregated_amount is None:
            return self.amount
        return max(self.amount, self.aggregated_amount)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """Why one route matched or did not.

    :param why_code: ``matched``, ``amount_below``, ``amount_above`` or ``condition_unmet``; the
        first reason found, the amount before the conditions
    :param detail: limits and amount, or the condition and the request's value
    """

    route_code: str
    matched: bool
    why_code: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Routing:
    """The answer to one request.

    :param route: the one route that matched; ``None`` where none did, or more than one
    :param matched: codes of all routes that matched, in the policy's order
    """

    route: Route | None
    matched: tuple[str, ...]
    _facts: RequestFacts
    _candidates: tuple[Route, ...]

    @property
    def outcome(self) -> str:
        """``routed``, ``unrouted`` (no route matched) or ``ambiguous`` (several did)."""
        if self.route is not None:
            return ROUTED
        return AMBIGUOUS if self.matched else UNROUTED

    @property
    def trace(self) -> tuple[TraceLine, ...]:
        """Every route of the request's kind with the reason; worked out when asked for."""
        return tuple(explain(route, self._facts) for route in self._candidates)


@dataclass(frozen=True, slots=True)
class Router:
    """A policy made ready to route any number of requests."""

    policy: Policy
    _kinds: Mapping[str, KindIndex]

    @classmethod
    def compile(cls, policy: Policy) -> "Router":
        """Index a policy; the order of its routes never changes where a request goes."""
        by_kind: dict[str, list[Route]] = {}
        for route in policy.routes:
            by_kind.setdefault(route.kind, []).append(route)
        return cls(policy, {kind: KindIndex.build(routes) for kind, routes in by_kind.items()})

    def route(self, facts: RequestFacts) -> Routing:
        """Return the route of a request: exactly one, or none and why.

        Two routes that match are never a silent choice: ``route`` is ``None`` and ``matched``
        names both.
        """
        index = self._kinds.get(facts.kind)
        if index is None:
            return Routing(None, (), facts, ())
        found = index.match(facts.routing_amount, facts.values)
        matches = [index.routes[position] for position in positions(found)]
        route = matches[0] if len(matches) == 1 else None
        return Routing(route, tuple([each.code for each in matches]), facts, index.routes)


def explain(route: Route, facts: RequestFacts) -> TraceLine:
    """Say why a route of the request's kind takes the request or not, without the index."""
    amount = facts.routing_amount
    limits = {"amount": amount, "amount_from": route.amount_from, "amount_to": route.amount_to}
    if amount < route.amount_from:
        return TraceLine(route.code, False, AMOUNT_BELOW, limits)
    if route.amount_to is not None and amount >= route.amount_to:
        return TraceLine(route.code, False, AMOUNT_ABOVE, limits)
    for condition in route.conditions:
        value = facts.values.get(condition.dimension)
        if not condition.matches(value):
            detail = {"dimension": condition.dimension, "value": value, "condition": condition}
            return TraceLine(route.code, False, CONDITION_UNMET, detail)
    return TraceLine(route.code, True, MATCHED, limits)
