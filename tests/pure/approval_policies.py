# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Policies for the tests of the approval core: small worlds in which everything can be tried."""

from decimal import Decimal
from itertools import product

from hc_approval_core.conditions import Condition
from hc_approval_core.policy import ApproverSource, Policy, Route, StepRule
from hc_approval_core.router import RequestFacts
from hypothesis import strategies as st

KIND = "denial_write_off"
UNIVERSE = {
    "facility": frozenset("AB"),
    "payer_type": frozenset({"medicare", "commercial"}),
    "reason_code": frozenset({"CO-29"}),
}
# Limits of routes; with the amounts one unit below each, these are all amounts that matter.
LIMITS = (0, 50, 500, 2000)
AMOUNTS = tuple(
    sorted({Decimal(limit) + change for limit in LIMITS for change in (0, -1)} - {Decimal(-1)})
)
# "Z" does not occur; a condition may name it by mistake.
NAMED = {name: sorted(values | {"Z"}) for name, values in UNIVERSE.items()}


def step(code="sign", sequence=10, needed=1, roles=("manager",), **values):
    sources = tuple(ApproverSource("role", role) for role in roles)
    return StepRule(code, code.title(), sequence, sources, needed, **values)


def route(code, amount_from=0, amount_to=None, conditions=(), steps=(), kind=KIND):
    upper = None if amount_to is None else Decimal(amount_to)
    return Route(code, kind, Decimal(amount_from), upper, tuple(conditions), tuple(steps))


def only(dimension, *values):
    return Condition(dimension, frozenset(values))


def anything_but(dimension, *values):
    return Condition(dimension, frozenset(values), excluded=True)


def policy(*routes, **values):
    return Policy("matrix", 1, "USD", tuple(routes), **values)


def request(amount, kind=KIND, aggregated=None, **values):
    total = None if aggregated is None else Decimal(aggregated)
    return RequestFacts(kind, Decimal(amount), values, total)


def every_request():
    """Each combination of an amount that matters and values that occur, "no value" included."""
    choices = [(None, *sorted(values)) for values in UNIVERSE.values()]
    for amount in AMOUNTS:
        for values in product(*choices):
            yield RequestFacts(KIND, amount, dict(zip(UNIVERSE, values, strict=True)))


def conditions():
    dimension = st.sampled_from(sorted(NAMED))
    return dimension.flatmap(
        lambda name: st.builds(
            Condition, st.just(name), st.frozensets(st.sampled_from(NAMED[name])), st.booleans()
        )
    )


def routes():
    limits = st.sampled_from([Decimal(limit) for limit in LIMITS])
    return st.builds(
        Route,
        code=st.text("abcdefgh", min_size=1, max_size=3),
        kind=st.just(KIND),
        amount_from=limits,
        amount_to=limits | st.none(),
        conditions=st.lists(conditions(), max_size=3).map(tuple),
        steps=st.integers(0, 3).map(lambda count: (step(needed=count),) if count else ()),
    )


def policies(max_size=8):
    """Policies of one kind, most of them with gaps and overlaps."""
    drawn = st.lists(routes(), max_size=max_size, unique_by=lambda each: each.code)
    return drawn.map(lambda found: policy(*found))
