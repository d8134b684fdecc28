# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a later payer is expected to pay after the earlier ones, without a database.

Coordination of benefits: a later payer owes what its contract allows, less what was paid before
it, and never more than the earlier payers left to the patient. Where they paid as much as its
contract allows, it owes nothing, and paying nothing is no underpayment. An answer of a later payer
begins with the full charge (X12 RFI 1696, 2143); what earlier ones did comes back as OA-23 and is
no part of what this one accepts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from .adjudication import ALLOWANCE, DENIED, OPEN, PRIOR_PAYER, Adjustment
from .contract import Price, Step
from .variance import (
    OVERPAID,
    PAYMENT_REDUCTIONS,
    WITHIN,
    Allowed,
    Comparison,
    Tolerance,
    compare,
)

PRIOR_PAID = "prior_paid"
PATIENT_LEFT = "patient_left"
ACCEPTED = "accepted"
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Prior:
    """What earlier payers did to a service, or to the claim.

    Attributes:
        paid: by all of them.
        left: what the last of them left to the patient (group PR).
    """

    paid: Decimal
    left: Decimal


def coordinate(price: Price, prior: Prior) -> Price:
    """What is expected of a later payer.

    >>> price = Price(Decimal(360))
    >>> coordinate(price, Prior(Decimal(300), Decimal(75))).amount
    Decimal('60')
    >>> coordinate(price, Prior(Decimal(300), Decimal(40))).amount
    Decimal('40')
    >>> coordinate(price, Prior(Decimal(400), Decimal(75))).amount
    Decimal('0')
    """
    if price.amount is None:
        return price
    rest = max(price.amount - prior.paid, _ZERO)
    steps = (*price.steps, Step(PRIOR_PAID, (prior.paid, rest)))
    if rest > prior.left:
        rest = max(prior.left, _ZERO)
        steps = (*steps, Step(PATIENT_LEFT, (rest,)))
    return Price(rest, price.term, steps)


def read_accepted(charge: Decimal, adjustments: Iterable[Adjustment]) -> Allowed:
    """What a later payer accepts of what was left: its payment, and its own patient share.

    >>> rest = [
    ...     Adjustment("OA", "23", Decimal(425), PRIOR_PAYER),
    ...     Adjustment("CO", "45", Decimal(10), ALLOWANCE),
    ... ]
    >>> read_accepted(Decimal(500), rest).amount
    Decimal('65')
    """
    adjustments = tuple(adjustments)
    if any(item.treatment in (DENIED, OPEN) and item.amount for item in adjustments):
        return Allowed(None, ACCEPTED)
    off = sum(
        (
            item.amount
            for item in adjustments
            if item.treatment == PRIOR_PAYER
            or (item.treatment == ALLOWANCE and item.reason not in PAYMENT_REDUCTIONS)
        ),
        _ZERO,
    )
    return Allowed(charge - off, ACCEPTED)


def compare_after(
    expected: Decimal | None, allowed: Allowed, prior: Prior, tolerance: Tolerance
) -> Comparison:
    """What a difference means where earlier payers paid.

    How benefits are coordinated is the plan's: one that pays more, up to all that was left, has
    not overpaid.

    >>> compare_after(
    ...     Decimal(60), Allowed(Decimal(75)), Prior(Decimal(300), Decimal(75)), Tolerance()
    ... ).verdict
    'within'
    """
    result = compare(expected, allowed, tolerance)
    if result.verdict == OVERPAID and allowed.amount <= prior.left:
        return Comparison(WITHIN, result.difference)
    return result
