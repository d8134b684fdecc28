# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Norms of statements: not too early, not too late, not too often."""

from ..workdays import Workdays
from .acts import Act
from .facts import DebtFacts
from .finding import Finding, Values, after_days, not_before


def first_statement_window(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """The first statement goes out ``earliest_days`` to ``latest_days`` after adjudication."""
    decided = facts.adjudicated_on
    if decided is None or facts.statements_sent:
        return None
    last = after_days(decided, values["latest_days"])
    if act.on > last:
        return Finding(f"The first statement was due by {last}, after the decision of {decided}.")
    text = f"The payer decided on {decided}: the first statement follows from {{earliest}}."
    return not_before(act, after_days(decided, values["earliest_days"]), text)


def statement_interval(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """Statements lie at least ``days`` days apart."""
    last = facts.last_statement_on
    if last is None:
        return None
    text = f"The last statement went out on {last}: the next from {{earliest}}."
    return not_before(act, after_days(last, values["days"]), text)


def statements_before_final(
    _act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """A final notice follows at least ``count`` statements."""
    if facts.statements_sent >= values["count"]:
        return None
    return Finding(
        f"{facts.statements_sent} statements were sent; {values['count']} come before the last."
    )
