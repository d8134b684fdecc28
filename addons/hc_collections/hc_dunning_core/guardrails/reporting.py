# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Medical debt in credit reports: bans, and the bureaus' own limits."""

from ..money import words
from ..workdays import Workdays
from .acts import Act
from .facts import DebtFacts
from .finding import Finding, Values, after_days, not_before, unknown


def reporting_ban(
    _act: Act, _facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """Medical debt is not reported at all where such a rule is in force."""
    return Finding("Medical debt may not be reported to credit bureaus here.")


def reporting_limits(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """No paid debt, none below ``minimum_amount``, none younger than ``minimum_days``."""
    if facts.is_paid:
        return Finding("Paid medical debt is not reported.")
    if facts.balance is None:
        return unknown("balance", "The balance is unknown.")
    if facts.balance < values["minimum_amount"]:
        return Finding(
            f"The balance of {words(facts.balance)} is below {words(values['minimum_amount'])}."
        )
    since = facts.delinquent_on or facts.first_statement_on
    if since is None:
        return unknown("delinquent_on", "Nobody knows since when the debt is delinquent.")
    text = (
        f"The debt is delinquent since {since}: it is reported after {values['minimum_days']} "
        "days, from {earliest}."
    )
    return not_before(act, after_days(since, values["minimum_days"]), text)
