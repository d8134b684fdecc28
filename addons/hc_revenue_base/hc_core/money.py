# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Exact amounts: from floats, and split so that the parts sum to the whole."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from .errors import AmountError

# Above 2**53 units a binary float skips whole cents; this leaves three decimals exact.
MAX_FLOAT_AMOUNT = 10**12

_EXACT = Context(prec=64, rounding=ROUND_HALF_UP)


def to_decimal(value: float, decimal_places: int = 2) -> Decimal:
    """Return the amount that the float was meant to be, rounded half away from zero.

    The shortest text of the float (its ``repr``) is what was once typed or stored, so
    0.1 becomes 0.10 and 2.675 becomes 2.68 instead of its binary neighbour's 2.67.

    >>> to_decimal(0.1 + 0.2), to_decimal(2.675), to_decimal(-0.005)
    (Decimal('0.30'), Decimal('2.68'), Decimal('-0.01'))

    :raises AmountError: ``amount_not_finite``, ``amount_too_large``
    """
    amount = Decimal(repr(float(value)))
    if not amount.is_finite():
        raise AmountError("amount_not_finite", value=str(value))
    if abs(amount) > MAX_FLOAT_AMOUNT:
        raise AmountError("amount_too_large", value=str(value), limit=MAX_FLOAT_AMOUNT)
    rounded = amount.quantize(Decimal(1).scaleb(-decimal_places), context=_EXACT)
    return rounded if rounded else abs(rounded)


def allocate(
    total: Decimal, weights: Sequence[Decimal | int], decimal_places: int = 2
) -> tuple[Decimal, ...]:
    """Split ``total`` in proportion to ``weights``; the parts sum to it exactly.

    Every part is cut down to the smallest unit, then the units left over go, one each,
    to the first parts whose share was cut. So a part differs from its exact share by
    less than one unit, and the same input always gives the same parts. A negative
    total is split as its positive counterpart, negated.

    >>> allocate(Decimal("100.00"), [1, 1, 1])
    (Decimal('33.34'), Decimal('33.33'), Decimal('33.33'))
    >>> allocate(Decimal("-0.05"), [1, 0, 3])
    (Decimal('-0.02'), Decimal('0.00'), Decimal('-0.03'))

    :param decimal_places: decimals of the currency
    :raises AmountError: ``amount_not_finite``, ``amount_too_precise``,
        ``weight_negative``, ``weights_all_zero``
    """
    units = _whole_units(total, decimal_places)
    shares = _exact_shares(abs(units), weights, total)
    parts = [int(share) for share in shares]
    left_over = abs(units) - sum(parts)
    for position, share in enumerate(shares):
        if not left_over:
            break
        if share != parts[position]:
            parts[position] += 1
            left_over -= 1
    sign = -1 if units < 0 else 1
    return tuple(_from_units(sign * part, decimal_places) for part in parts)


def _whole_units(total: Decimal, decimal_places: int) -> int:
    if not total.is_finite():
        raise AmountError("amount_not_finite", value=str(total))
    units = Fraction(total) * 10**decimal_places
    if units.denominator != 1:
        raise AmountError("amount_too_precise", value=str(total), decimal_places=decimal_places)
    return units.numerator


def _exact_shares(units: int, weights: Sequence[Decimal | int], total: Decimal) -> list[Fraction]:
    for position, weight in enumerate(weights, start=1):
        if not Decimal(weight).is_finite():
            raise AmountError("amount_not_finite", value=str(weight))
        if weight < 0:
            raise AmountError("weight_negative", position=position, value=str(weight))
    exact_weights = [Fraction(weight) for weight in weights]
    whole = sum(exact_weights)
    if not whole:
        raise AmountError("weights_all_zero", value=str(total))
    return [units * weight / whole for weight in exact_weights]


def _from_units(units: int, decimal_places: int) -> Decimal:
    # Built from digits: arithmetic would round to the caller's decimal context.
    digits = tuple(map(int, str(abs(units))))
    return Decimal((int(units < 0), digits, -decimal_places))
