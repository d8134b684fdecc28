# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Planted slips among amounts that are right: how many come first, and by which reason."""

import random
from decimal import Decimal

from hc_ai_core.anomalies import Entry, find_anomalies
from hc_ai_core.metrics import precision_at

from .figures import Figure, Samples

TASK = "anomalies"
SLIPS = ("doubled", "decimal_shifted", "transposed", "units_ignored", "unusual")
ENTRIES = 20_000
PLANTED = 100


def samples(at: Samples) -> list:
    """It needs none: the entries are made up."""
    return []


def plant(amount: Decimal, slip: str, units: int, chance: random.Random) -> Decimal:
    """An amount as somebody gets it wrong."""
    if slip == "doubled":
        return amount * 2
    if slip == "decimal_shifted":
        return amount * 10
    if slip == "units_ignored":
        return amount / units
    if slip == "transposed":
        digits = list(f"{amount:.2f}")
        digits[0], digits[1] = digits[1], digits[0]
        return Decimal("".join(digits))
    return (amount * Decimal(chance.choice(("3.7", "0.21")))).quantize(Decimal("0.01"))


def population(count: int, planted: int, seed: int = 5) -> tuple[list[Entry], dict[int, str]]:
    """Paid charges of four payers; some with a slip."""
    chance = random.Random(seed)
    entries, slips = [], {}
    for key in range(count):
        payer, units = chance.randrange(4), chance.choice((1, 1, 1, 2, 3))
        fee = Decimal(chance.randrange(2_300, 49_000)) / 100
        share = Decimal(60 + 7 * payer + chance.randrange(-2, 3)) / 100
        reference = (fee * share).quantize(Decimal("0.01"))
        amount = reference * units
        if key < planted:
            slips[key] = SLIPS[key % len(SLIPS)]
            amount = plant(amount, slips[key], units, chance)
        else:
            # Payers round and reduce a little; most pay what the contract says.
            amount += Decimal(chance.choice((0, 0, 0, 0, 1, -1, -3))) / 100
        entries.append(Entry(key, payer, amount, reference, units, (key, amount)))
    return entries, slips


def measure(at: Samples) -> list[Figure]:
    """Look for the slips."""
    entries, slips = population(ENTRIES, PLANTED)
    found = find_anomalies(entries)
    scores = {anomaly.key: anomaly.score for anomaly in found}
    ranked = [scores.get(entry.key, 0.0) for entry in entries]
    is_slip = [entry.key in slips for entry in entries]
    reasons = {anomaly.key: anomaly.reason for anomaly in found}
    doubled = [key for key, slip in slips.items() if slip == "doubled"]
    named = sum(reasons.get(key) == "doubled" for key in doubled)
    return [
        Figure(TASK, "precision of the first 200", precision_at(ranked, is_slip, 200), 0.35, 200),
        Figure(TASK, "doubled amounts found", named / len(doubled), 0.9, len(doubled)),
    ]
