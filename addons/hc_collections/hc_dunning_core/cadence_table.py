# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The decision of the cadence as a table: conditions over columns, the first true one counts.

In SQL: ``CASE WHEN left operator right THEN 'code' … ELSE 'due' END`` in the order of the table.
"""

import operator
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .money import words

DUE = "due"


@dataclass(frozen=True, slots=True)
class Columns:
    """What the conditions compare; None stands for SQL's NULL."""

    as_of: date
    currency: str
    policy_currency: str
    open_amount: Decimal
    zero: Decimal
    is_held: bool
    basis_on: date | None
    is_waiting: bool
    followed_amount: Decimal
    minimum_amount: Decimal
    level: str | None
    channel_problem: str | None
    lawful_on: date | None
    due_on: date | None
    earliest_on: date | None


@dataclass(frozen=True, slots=True)
class Condition:
    """A reason to skip: true where ``left operator right``.

    :param operator: of ``OPERATORS``, the sign that SQL uses
    :param right: name of a column, or a constant in single quotes; empty for ``is null``
    :param words: for people; placeholders are names of columns
    """

    code: str
    left: str
    operator: str
    right: str
    words: str

    def is_true(self, columns: Columns) -> bool:
        """Whether it holds; as in SQL, a comparison with NULL does not."""
        left, right = getattr(columns, self.left), self.right
        if right.startswith("'"):
            right = right.strip("'")
        elif right:
            right = getattr(columns, right)
        if left is None and self.operator != "is null":
            return False
        return OPERATORS[self.operator](left, right)

    def tell(self, columns: Columns) -> str:
        """Return the words, with the figures."""
        values = asdict(columns).items()
        return self.words.format(
            **{name: words(each) if isinstance(each, Decimal) else each for name, each in values}
        )


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    "is null": lambda left, _right: left is None,
    "is true": lambda left, _right: left is True,
}

CALLS_HELD = "calls_held"
NO_CONSENT = "no_consent"
UNREACHABLE = "unreachable"

DECISION_TABLE = (
    Condition("nothing_open", "open_amount", "<=", "zero", "Nothing is open."),
    Condition("held", "is_held", "is true", "", "A hold stops every contact."),
    Condition(
        "currency_differs",
        "currency",
        "<>",
        "policy_currency",
        "The balance is in {currency}, the policy in {policy_currency}.",
    ),
    Condition("undated", "basis_on", "is null", "", "No date is known from which to count."),
    Condition(
        "all_disputed",
        "followed_amount",
        "<=",
        "zero",
        "All that is open is disputed or held.",
    ),
    Condition(
        "below_minimum",
        "followed_amount",
        "<",
        "minimum_amount",
        "The amount {followed_amount} is below the minimum of {minimum_amount}.",
    ),
    Condition(
        "waiting",
        "is_waiting",
        "is true",
        "",
        "The last level has not left the house yet.",
    ),
    Condition("exhausted", "level", "is null", "", "All levels went out."),
    Condition(CALLS_HELD, "channel_problem", "=", f"'{CALLS_HELD}'", "A hold stops calls."),
    Condition(
        NO_CONSENT,
        "channel_problem",
        "=",
        f"'{NO_CONSENT}'",
        "The consent that the channel of {level} needs is missing.",
    ),
    Condition(
        UNREACHABLE,
        "channel_problem",
        "=",
        f"'{UNREACHABLE}'",
        "No usable address is known for {level}.",
    ),
    Condition(
        "guardrail",
        "lawful_on",
        ">",
        "as_of",
        "The law lets the level {level} through from {lawful_on} on.",
    ),
    Condition("not_due", "due_on", ">", "as_of", "The level {level} is due on {due_on}."),
    Condition(
        "closed_day",
        "earliest_on",
        ">",
        "as_of",
        "The level {level} goes out on working days; the next is {earliest_on}.",
    ),
)
REASONS = (*(condition.code for condition in DECISION_TABLE), DUE)


def first_true(columns: Columns) -> Condition | None:
    """Return the first condition of the table that is true; None: the account is due."""
    return next((each for each in DECISION_TABLE if each.is_true(columns)), None)
