# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which bills will be late, by points from what was known when each was issued."""

import csv
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from hc_ai_core.metrics import area_under_curve
from hc_core.facts import FactSpec, fact_register
from hc_core.rules import Condition
from hc_core.scorer import Factor, ScoreCard
from hc_dunning_core.behaviour import Behaviour, BilledItem, behaviour
from hc_dunning_core.priority import (
    PRIORITY_FACTORS,
    PRIORITY_FACTS,
    PRIORITY_MAXIMUM,
    PRIORITY_MINIMUM,
    priority_facts,
)

from .figures import Figure, Samples

TASK = "priority"


def samples(at: Samples) -> list:
    """The files that it needs."""
    return [at.bills]


def compile_card() -> ScoreCard:
    """The score card that is shipped."""
    return ScoreCard.compile(
        [
            Factor(row.name, Condition(row.fact, row.operator, row.value), row.points, row.reason)
            for row in PRIORITY_FACTORS
        ],
        fact_register(FactSpec(*row) for row in PRIORITY_FACTS),
        minimum=PRIORITY_MINIMUM,
        maximum=PRIORITY_MAXIMUM,
    )


def read(at: Samples) -> list[tuple[BilledItem, Behaviour]]:
    """The bills by day of issue, each with the history that was known on that day."""
    customers, bills = defaultdict(list), []
    with at.bills.open(newline="") as file:
        for row in csv.DictReader(file):
            bill = BilledItem(
                _day(row["InvoiceDate"]),
                _day(row["DueDate"]),
                Decimal(row["InvoiceAmount"]),
                _day(row["SettledDate"]),
                row["Disputed"] == "Yes",
            )
            customers[row["customerID"]].append(bill)
            bills.append((row["customerID"], bill))
    bills.sort(key=lambda pair: pair[1].issued_on)
    return [(bill, behaviour(customers[customer], bill.issued_on)) for customer, bill in bills]


def score_with(card: ScoreCard) -> Callable[..., int]:
    """How a bill is scored."""

    def score(bill: BilledItem, history: Behaviour, is_disputed: bool = False) -> int:
        facts = priority_facts(history, open_amount=bill.amount, is_disputed=is_disputed)
        return card.score(facts).total

    return score


def measure(at: Samples) -> list[Figure]:
    """Score the later half by history alone, and all bills with the state of dispute.

    Early bills have hardly any history, so that all bills by history alone sort less well.
    """
    bills = read(at)
    late = [bill.days_late() > 0 for bill, _history in bills]
    score = score_with(compile_card())
    half = len(bills) // 2
    by_history = [score(bill, history) for bill, history in bills]
    disputed = [score(bill, history, bill.is_disputed) for bill, history in bills]
    later = area_under_curve(by_history[half:], late[half:])
    whole = area_under_curve(disputed, late)
    early = area_under_curve(by_history, late)
    return [
        Figure(TASK, "AUC, later half, by history", later, 0.87, len(bills) - half),
        Figure(TASK, "AUC, all, with disputes", whole, 0.87, len(bills)),
        Figure(TASK, "AUC, all, by history", early, 0.83, len(bills)),
    ]


def _day(text: str) -> date:
    # A day is the same in every zone.
    return datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007
