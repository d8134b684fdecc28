# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a payer allowed, against what its contract says, without a database.

The allowed amount is what the payer accepts as the price, whoever pays it: AMT*B6 where the payer
states it, else the charge less the contractual adjustments (835 X221A1). What only lowers the
payment of an accepted price, such as sequestration, is no part of the price. Of a service that was
denied or left open in part nothing is compared: that is a denial, not an underpayment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .adjudication import ALLOWANCE, DENIED, OPEN, Adjustment

# CARC of reductions that are taken from the payment: withheld by a managed care agreement (104),
# incentive (144), penalty by law (237), sequestration (253).
PAYMENT_REDUCTIONS = frozenset({"104", "144", "237", "253"})

STATED = "stated"
DERIVED = "derived"

UNDERPAID = "underpaid"
OVERPAID = "overpaid"
WITHIN = "within"
NOT_PRICED = "not_priced"
NOT_ALLOWED = "denied"

_HUNDRED = Decimal(100)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What the payer allowed; ``amount`` is None where it has not decided on a price."""

    amount: Decimal | None
    source: str = DERIVED


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A difference counts when it is above both: an amount, and a share of what was expected."""

    amount: Decimal = _ZERO
    percent: Decimal = _ZERO

    def covers(self, difference: Decimal, expected: Decimal) -> bool:
        """Whether a difference is too small to be looked at.

        >>> Tolerance(Decimal(5), Decimal(10)).covers(Decimal(6), Decimal(100))
        True
        >>> Tolerance(Decimal(5), Decimal(10)).covers(Decimal(-11), Decimal(100))
        False
        """
        return (
            abs(difference) <= self.amount or abs(difference) * _HUNDRED <= self.percent * expected
        )


@dataclass(frozen=True, slots=True)
class Comparison:
    """Expected less allowed, and what that means."""

    verdict: str
    difference: Decimal = _ZERO


def read_allowed(
    charge: Decimal, adjustments: Iterable[Adjustment], stated: Decimal | None = None
) -> Allowed:
    """What the payer allowed of a charge.

    :param adjustments: with their treatment
    :param stated: AMT*B6

    >>> cut = Adjustment("CO", "45", Decimal(20), ALLOWANCE)
    >>> tax = Adjustment("CO", "253", Decimal("1.60"), ALLOWANCE)
    >>> read_allowed(Decimal(100), [cut, tax]).amount
    Decimal('80')
    """
    adjustments = tuple(adjustments)
    if any(item.treatment in (DENIED, OPEN) and item.amount for item in adjustments):
        return Allowed(None)
    if stated:
        return Allowed(stated, STATED)
    off = sum(
        (
            item.amount
            for item in adjustments
            if item.treatment == ALLOWANCE and item.reason not in PAYMENT_REDUCTIONS
        ),
        _ZERO,
    )
    return Allowed(charge - off)


def sum_allowed(parts: Sequence[Allowed]) -> Allowed:
    """What the payer allowed of a service that it answers in parts; undecided where one part is.

    >>> sum_allowed([Allowed(Decimal(60), STATED), Allowed(Decimal(40))])
    Allowed(amount=Decimal('100'), source='derived')
    """
    source = STATED if all(part.source == STATED for part in parts) else DERIVED
    amounts = [part.amount for part in parts]
    return Allowed(None if None in amounts else sum(amounts, _ZERO), source)


def compare(expected: Decimal | None, allowed: Allowed, tolerance: Tolerance) -> Comparison:
    """What a difference between contract and payer means.

    :param expected: what the contract allows; None: nothing can be expected
    """
    if allowed.amount is None:
        return Comparison(NOT_ALLOWED)
    if expected is None:
        return Comparison(NOT_PRICED)
    difference = expected - allowed.amount
    if tolerance.covers(difference, expected):
        return Comparison(WITHIN, difference)
    return Comparison(UNDERPAID if difference > 0 else OVERPAID, difference)
