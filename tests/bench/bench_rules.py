# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Readiness rules: CPU per case, against the budget of 150 microseconds.

Run: ``python tests/bench/bench_rules.py``. Prints medians; fails at twice the budget.
"""

import statistics
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "addons" / "hc_revenue_base"))

from hc_core.facts import FactSpec, fact_register
from hc_core.rules import Condition, Rule, RuleSet, facts_hash

BUDGET_MICROSECONDS = 150
RULE_COUNT = 52
CASE_COUNTS = (200, 2_000, 20_000)
ROUNDS = 5

AS_OF = date(2026, 3, 1)


def register():
    """Sixty-one facts in the mixture of types that billing edits read."""
    specs = [FactSpec("as_of", "date", "Day of evaluation", may_be_unknown=False)]
    for number in range(12):
        specs += [
            FactSpec(f"flag_{number}", "boolean", "Flag", may_be_unknown=False),
            FactSpec(f"day_{number}", "date", "Day"),
            FactSpec(f"amount_{number}", "decimal", "Amount"),
            FactSpec(f"text_{number}", "text", "Text"),
            FactSpec(f"found_{number}", "text_list", "Found"),
        ]
    return fact_register(specs)


def rule_set():
    """Fifty-two rules, each with one condition to apply and one or two to require."""
    kinds = [
        (Condition("day_{n}", "on_or_after", "as_of-30d"),),
        (Condition("amount_{n}", "between", "0.01..5000"),),
        (Condition("text_{n}", "matches", "[A-Z]{3}\\d{6}"),),
        (Condition("found_{n}", "is_empty"), Condition("day_{n}", "is_set")),
    ]
    rules = []
    for position in range(RULE_COUNT):
        number = str(position % 12)
        requires = tuple(
            Condition(each.fact.format(n=number), each.operator, each.value)
            for each in kinds[position % len(kinds)]
        )
        rules.append(
            Rule(
                code=f"BENCH-{position:02d}",
                severity="error",
                applies=(Condition(f"flag_{number}", "equals", "yes"),),
                requires=requires,
                message="{day_1} is too early for {amount_2}",
                sequence=position,
            )
        )
    return RuleSet.compile(rules, register())


def facts_of(case):
    facts = {"as_of": AS_OF}
    for number in range(12):
        facts[f"flag_{number}"] = number % 6 != 0
        facts[f"day_{number}"] = AS_OF - timedelta(days=(case + number) % 32)
        facts[f"amount_{number}"] = Decimal(case % 900 + number) + Decimal("0.50")
        facts[f"text_{number}"] = f"ABC{case % 1_000_000:06d}"
        facts[f"found_{number}"] = ()
    return facts


def measure(function, cases):
    """Return the median microseconds of CPU per case over the rounds."""
    seconds = []
    for _round in range(ROUNDS):
        start = time.process_time()
        for facts in cases:
            function(facts)
        seconds.append(time.process_time() - start)
    return statistics.median(seconds) / len(cases) * 1e6


def main():
    compiled = rule_set()
    slowest = 0.0
    print("cases   evaluate µs   facts hash µs   together µs")
    for case_count in CASE_COUNTS:
        cases = [facts_of(case) for case in range(case_count)]
        evaluating = measure(compiled.evaluate, cases)
        hashing = measure(facts_hash, cases)
        slowest = max(slowest, evaluating + hashing)
        print(f"{case_count:>6} {evaluating:>13.1f} {hashing:>15.1f} {evaluating + hashing:>13.1f}")
    return 0 if slowest <= 2 * BUDGET_MICROSECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
