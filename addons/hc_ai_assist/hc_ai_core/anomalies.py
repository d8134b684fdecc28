# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Amounts that stand out: arithmetic first, then the distance from the usual.

An amount that does not add up is named as such, whatever is usual. Only then is it compared with
what the same payer pays for the same kind of charge: the robust z-score of Iglewicz and Hoaglin
(1993, "How to Detect and Handle Outliers"), which outliers themselves do not move.
"""

import math
import statistics
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

# Iglewicz and Hoaglin flag above 3.5; 0.6745 is the upper quartile of the normal distribution.
Z_FLAG = 3.5
_QUARTILE = 0.6745
# A group that is smaller has no usual amount.
LEAST_GROUP = 8
_LEAST_SPREAD = 0.02


@dataclass(frozen=True, slots=True)
class Entry:
    """An adjustment, charge or payment.

    :param key: the record
    :param group: what it is compared with: payer, kind, code, band of the charge
    :param amount: of the entry
    :param reference: what the amount should be by the contract, fee or charge, where known
    :param units: of the charge; the reference is for one unit
    :param ceiling: what the amount never goes beyond, such as the charge that it pays
    :param fingerprint: equal for entries that would be one fact told twice
    """

    key: Hashable
    group: Hashable
    amount: Decimal
    reference: Decimal | None = None
    units: Decimal | int = 1
    fingerprint: Hashable | None = None
    ceiling: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Why an entry stands out; the higher the score, the sooner a person should look.

    :ivar reason: ``told_twice``, ``doubled``, ``transposed``, ``decimal_shifted``,
        ``units_ignored``, ``above_charge`` or ``unusual``
    """

    key: Hashable
    reason: str
    score: float
    expected: Decimal | None


_ARITHMETIC_SCORE = 100.0


def find_anomalies(entries: Iterable[Entry]) -> list[Anomaly]:
    """Entries that stand out, the highest score first; each once, by its strongest reason."""
    entries = tuple(entries)
    found: dict[Hashable, Anomaly] = {}
    for anomaly in (*_told_twice(entries), *_arithmetic(entries), *_unusual(entries)):
        if anomaly.key not in found or found[anomaly.key].score < anomaly.score:
            found[anomaly.key] = anomaly
    return sorted(found.values(), key=lambda anomaly: (-anomaly.score, str(anomaly.key)))


def _told_twice(entries: Sequence[Entry]) -> Iterable[Anomaly]:
    seen: dict[Hashable, Entry] = {}
    for entry in entries:
        if entry.fingerprint is None:
            continue
        if entry.fingerprint in seen:
            yield Anomaly(entry.key, "told_twice", _ARITHMETIC_SCORE, Decimal(0))
        else:
            seen[entry.fingerprint] = entry


def _arithmetic(entries: Sequence[Entry]) -> Iterable[Anomaly]:
    for entry in entries:
        if entry.reference:
            expected = entry.reference * entry.units
            reason = arithmetic_reason(entry.amount, expected, entry.reference, entry.units)
            if reason:
                yield Anomaly(entry.key, reason, _ARITHMETIC_SCORE, expected)
                continue
        if entry.ceiling is not None and entry.amount > entry.ceiling:
            yield Anomaly(entry.key, "above_charge", _ARITHMETIC_SCORE, entry.ceiling)


def arithmetic_reason(
    amount: Decimal, expected: Decimal, unit_amount: Decimal, units: Decimal | int
) -> str | None:
    """Which slip explains an amount that is not the expected one; None where none does.

    >>> arithmetic_reason(Decimal("240.00"), Decimal("120.00"), Decimal("120.00"), 1)
    'doubled'
    >>> arithmetic_reason(Decimal("210.00"), Decimal("120.00"), Decimal("120.00"), 1)
    'transposed'
    """
    if amount == expected:
        return None
    if amount == 2 * expected:
        return "doubled"
    if amount in (expected * 10, expected / 10, expected * 100, expected / 100):
        return "decimal_shifted"
    if units > 1 and amount == unit_amount:
        return "units_ignored"
    if _is_transposed(amount, expected):
        return "transposed"
    return None


def _is_transposed(amount: Decimal, expected: Decimal) -> bool:
    """Two neighbouring digits changed places."""
    left, right = f"{amount:.2f}".replace(".", ""), f"{expected:.2f}".replace(".", "")
    if len(left) != len(right):
        return False
    wrong = [
        place for place, digits in enumerate(zip(left, right, strict=True)) if len({*digits}) > 1
    ]
    return (
        len(wrong) == 2
        and wrong[1] == wrong[0] + 1
        and left[wrong[0]] == right[wrong[1]]
        and left[wrong[1]] == right[wrong[0]]
    )


def _unusual(entries: Sequence[Entry]) -> Iterable[Anomaly]:
    groups: dict[Hashable, list[tuple[Entry, float]]] = defaultdict(list)
    for entry in entries:
        # Ratios to what is expected compare large and small bills; plain amounts by their size.
        expected = (entry.reference or Decimal(1)) * entry.units
        share = abs(entry.amount / expected) if expected else abs(entry.amount)
        groups[entry.group, entry.reference is None].append((entry, math.log1p(float(share))))
    for members in groups.values():
        if len(members) < LEAST_GROUP:
            continue
        values = [value for _entry, value in members]
        middle = statistics.median(values)
        spread = statistics.median(abs(value - middle) for value in values)
        spread = max(spread, _LEAST_SPREAD)
        for entry, value in members:
            z_score = _QUARTILE * abs(value - middle) / spread
            if z_score > Z_FLAG:
                usual = Decimal(str(round(math.expm1(middle), 4)))
                expected = (entry.reference or Decimal(1)) * entry.units * usual
                yield Anomaly(entry.key, "unusual", min(z_score, _ARITHMETIC_SCORE - 1), expected)
