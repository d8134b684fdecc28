# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts of a record as features that a classifier counts, and that people can read."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


def fact_features(facts: Mapping[str, Any]) -> Counter:
    """One feature a fact and value; numbers by the power of two that they reach.

    >>> sorted(fact_features({"kind": "claim", "days": 9, "codes": ["A", "B"], "open": None}))
    ['codes: A', 'codes: B', 'days: 8 to 15', 'kind: claim', 'open: unknown']
    """
    counts: Counter = Counter()
    for name, value in facts.items():
        values = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
        for item in values:
            counts[f"{name}: {_describe(item)}"] += 1
    return counts


def _describe(value: Any) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float, Decimal)):
        if abs(value) < 1:
            return "0" if not value else "below 1"
        lowest = 1 << (int(abs(value)).bit_length() - 1)
        sign = "-" if value < 0 else ""
        return f"{sign}{lowest} to {2 * lowest - 1}" if lowest > 1 else f"{sign}1"
    return str(value)[:80]
