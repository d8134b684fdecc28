# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Amounts: finite, exact to the currency's smallest unit."""

from decimal import Decimal, InvalidOperation

from .errors import DunningError

ZERO = Decimal(0)


def check_amount(what: str, value: Decimal, places: int = 2) -> Decimal:
    """Return the amount with exactly ``places`` decimals; it may be below zero.

    >>> check_amount("payment", Decimal("12.5"))
    Decimal('12.50')

    :raises DunningError: ``amount_invalid`` where it is no Decimal, not finite or more precise
    """
    try:
        exact = value.quantize(Decimal(1).scaleb(-places))
    except (AttributeError, TypeError, InvalidOperation):
        exact = None
    # Not a number is not even equal to itself.
    if exact is None or exact != value:
        raise DunningError("amount_invalid", what=what, value=value, places=places)
    return exact


def check_positive(what: str, value: Decimal, places: int = 2) -> Decimal:
    """Return the amount with exactly ``places`` decimals.

    :raises DunningError: ``amount_invalid``, ``amount_not_positive``
    """
    exact = check_amount(what, value, places)
    if exact <= 0:
        raise DunningError("amount_not_positive", what=what, value=value)
    return exact


def words(value: Decimal) -> str:
    """Return an amount as people read it.

    >>> words(Decimal("1234.5"))
    '1,234.50'
    """
    return f"{value:,.2f}"
