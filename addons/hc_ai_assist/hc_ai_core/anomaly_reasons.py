# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Amounts that stand out, as proposals: what each reason means and how sure it is."""

from decimal import Decimal

from .anomalies import Anomaly

# Order and words of the reasons as people read them.
REASON_LABELS = {
    "told_twice": "Told Twice",
    "doubled": "Doubled",
    "transposed": "Two Digits Swapped",
    "decimal_shifted": "Decimal Point Moved",
    "units_ignored": "Units Left Out",
    "above_charge": "More Than Charged",
    "unusual": "Unusual Amount",
}
# Sums that do not add up are no matter of degree; people still find good reasons for some.
ARITHMETIC_CONFIDENCE = 0.9
_HALFWAY_Z = 3.5


def anomaly_confidence(anomaly: Anomaly) -> float:
    """How sure it is that somebody should look, 0 to 1.

    Half at the z-score from which amounts are told at all, rising with it, and never as sure as
    arithmetic.

    >>> anomaly_confidence(Anomaly(1, "unusual", 3.5, None))
    0.5
    >>> anomaly_confidence(Anomaly(1, "doubled", 100.0, None))
    0.9
    """
    if anomaly.reason != "unusual":
        return ARITHMETIC_CONFIDENCE
    return min(anomaly.score / (anomaly.score + _HALFWAY_Z), ARITHMETIC_CONFIDENCE - 0.01)


def explain_anomaly(anomaly: Anomaly, amount: Decimal) -> tuple[str, ...]:
    """The reason in words, the most telling first.

    >>> explain_anomaly(Anomaly(1, "doubled", 100.0, Decimal("120.00")), Decimal("240.00"))
    ('240.00 is twice 120.00, which is expected',)
    """
    expected = "" if anomaly.expected is None else f"{anomaly.expected:.2f}"
    texts = {
        "told_twice": "the same was entered before: same party, day, kind and amount",
        "doubled": f"{amount:.2f} is twice {expected}, which is expected",
        "transposed": f"{amount:.2f} is {expected}, which is expected, with two digits swapped",
        "decimal_shifted": f"{amount:.2f} is {expected}, which is expected, with the point moved",
        "units_ignored": f"{amount:.2f} is for one unit; {expected} is expected for all",
        "above_charge": f"{amount:.2f} is more than the {expected} charged",
        "unusual": f"{amount:.2f} where about {expected} is usual",
    }
    reasons = [texts[anomaly.reason]]
    if anomaly.reason == "unusual":
        reasons.append(f"{anomaly.score:.1f} times the usual distance from the middle")
    return tuple(reasons)
