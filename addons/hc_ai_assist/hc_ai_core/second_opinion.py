# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A provider's answer beside the embedded advice: it may lower confidence, and never raises it."""

from dataclasses import dataclass

from .advice import MOST_ALTERNATIVES, Advice

AGREES = "agrees"
DISAGREES = "disagrees"
ALONE = "alone"
ABSTAINS = "abstains"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a provider answered, after it was checked.

    :ivar value: what it proposes, as text; None where it abstains
    :ivar confidence: 0 to 1, as it says of itself: calibrated by nobody
    """

    value: str | None
    confidence: float
    reasons: tuple[str, ...] = ()


def combine(own: Advice, other: Opinion, floor: float) -> tuple[str, Advice | None]:
    """The advice that both give together, and how the second relates to the first.

    Agreement changes nothing. Disagreement takes half of the other's confidence away from the own
    one, and the other value becomes an alternative; below the floor nothing is proposed. Where
    there is no own opinion at all, the other's stands alone, if it is sure enough.

    :return: ``(effect, advice)``; no advice where the own one stays as it is

    >>> combine(Advice("a", 0.9), Opinion("b", 0.8), 0.7)[1].abstained_because
    'below_floor'
    >>> combine(Advice("a", 0.9), Opinion("a", 1.0), 0.7)
    ('agrees', None)
    """
    if other.value is None:
        return ABSTAINS, None
    if own.value is None and not own.alternatives:
        is_sure = other.confidence >= floor
        return ALONE, Advice(
            other.value if is_sure else None,
            other.confidence,
            other.reasons,
            () if is_sure else ((other.value, other.confidence),),
            "" if is_sure else "below_floor",
        )
    leading = own.value or own.alternatives[0][0]
    if leading == other.value:
        return AGREES, None
    lowered = own.confidence * (1 - other.confidence / 2)
    others = [pair for pair in own.alternatives if pair[0] not in (leading, other.value)]
    opposed = (other.value, min(other.confidence, lowered))
    is_sure = own.value is not None and lowered >= floor
    ranked = [opposed, *others] if is_sure else [(leading, lowered), opposed, *others]
    return DISAGREES, Advice(
        own.value if is_sure else None,
        lowered,
        own.reasons + other.reasons,
        tuple(ranked[:MOST_ALTERNATIVES]),
        "" if is_sure else own.abstained_because or "below_floor",
        own.evidence,
    )
