# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which accounts collectors look at first: factors with points, as data.

The rows fit the scorer of the base (a factor's name, its condition as fact, operator and value, its
points and its reason), which compiles them; this package only says which facts there are and which
points are proposed. The points were set by hand; each fact gives at most one
reason, so that a collector can follow the score. Its total orders a list and nothing else.
"""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from .behaviour import Behaviour

# name, type and label, as the base's register of facts takes them
PRIORITY_FACTS = (
    ("settled", "integer", "Bills settled so far"),
    ("late_percent", "integer", "Of them late, in per cent"),
    ("mean_days_late", "integer", "Mean days late"),
    ("is_last_late", "boolean", "The last one was late"),
    ("dispute_percent", "integer", "Of them disputed, in per cent"),
    ("open_overdue", "integer", "Open bills past due"),
    ("is_disputed", "boolean", "In dispute"),
    ("broken_promises", "integer", "Broken promises"),
    ("open_amount", "decimal", "Open amount"),
    ("is_mail_undeliverable", "boolean", "Mail comes back"),
)
PRIORITY_MINIMUM = 0
PRIORITY_MAXIMUM = 100


@dataclass(frozen=True, slots=True)
class PriorityFactor:
    """One row: ``fact operator value`` gives points, told by ``reason``."""

    name: str
    fact: str
    operator: str
    value: str
    points: int
    reason: str


def _bands(
    fact: str, reason: str, *bands: tuple[int, int], unit: str = "1"
) -> tuple[PriorityFactor, ...]:
    """Rows of one fact of which at most one counts, so that the fact gives one reason.

    :param bands: where each begins and its points, ascending; the last one is open
    :param unit: the fact's smallest step
    """
    rows = []
    for position, (low, points) in enumerate(bands):
        operator, value = "at_least", str(low)
        if position + 1 < len(bands):
            operator, value = "between", f"{low}..{bands[position + 1][0] - Decimal(unit)}"
        rows.append(PriorityFactor(f"{fact}_{low}", fact, operator, value, points, reason))
    return tuple(rows)


PRIORITY_FACTORS = (
    PriorityFactor(
        "no_history", "settled", "equals", "0", 20, "Nothing is known of earlier payments."
    ),
    *_bands(
        "late_percent",
        "{late_percent} % of {settled} earlier bills were paid late.",
        *((5 * step, 2 * step) for step in range(1, 11)),
        *((60, 22), (70, 24), (80, 26), (90, 28)),
    ),
    *_bands(
        "mean_days_late",
        "Earlier bills were {mean_days_late} days late on average.",
        *((days, 2 * days) for days in range(1, 11)),
        *((12, 22), (15, 24)),
    ),
    *_bands("open_overdue", "Other bills past due: {open_overdue}.", (1, 4), (2, 7), (3, 10)),
    PriorityFactor("last_late", "is_last_late", "equals", "yes", 5, "The last bill was late."),
    *_bands("dispute_percent", "{dispute_percent} % of earlier bills were disputed.", (50, 1)),
    PriorityFactor("disputed", "is_disputed", "equals", "yes", 28, "The bill is disputed."),
    *_bands("broken_promises", "Promises broken: {broken_promises}.", (1, 8), (2, 12)),
    *_bands("open_amount", "{open_amount} is open.", (500, 2), (2000, 5), (10000, 8), unit="0.01"),
    PriorityFactor(
        "undeliverable", "is_mail_undeliverable", "equals", "yes", 5, "Mail comes back."
    ),
)


def priority_facts(
    behaviour: Behaviour,
    *,
    open_amount: Decimal,
    is_disputed: bool = False,
    broken_promises: int = 0,
    is_mail_undeliverable: bool = False,
) -> dict[str, Any]:
    """Return the facts of an account by name, for the score card.

    :param behaviour: the account's history before the day of the score
    :param is_disputed: whether a dispute is open on that day
    """
    return {
        **asdict(behaviour),
        "open_amount": open_amount,
        "is_disputed": is_disputed,
        "broken_promises": broken_promises,
        "is_mail_undeliverable": is_mail_undeliverable,
    }
