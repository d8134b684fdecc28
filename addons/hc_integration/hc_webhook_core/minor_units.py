# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Amounts as payment processors write them: whole numbers of the smallest unit.

Source: Stripe, "Supported currencies": zero-decimal, three-decimal and special currencies. ISK and
UGX have no decimals in ISO 4217 and are written with two there.
"""

from decimal import Decimal

# fmt: off
_ZERO_DECIMALS = frozenset((
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF",
    "XOF", "XPF",
))
# fmt: on
_THREE_DECIMALS = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])


def decimals_of(currency: str) -> int:
    """How many decimals a processor's whole number stands for.

    :param currency: ISO 4217 code, in any case

    >>> decimals_of("usd"), decimals_of("JPY"), decimals_of("kwd"), decimals_of("isk")
    (2, 0, 3, 2)
    """
    code = currency.upper()
    if code in _ZERO_DECIMALS:
        return 0
    return 3 if code in _THREE_DECIMALS else 2


def to_major(amount: int, currency: str) -> Decimal:
    """An amount in the currency's usual unit.

    :param amount: in the smallest unit, as the processor writes it

    >>> to_major(8000, "usd"), to_major(500, "jpy"), to_major(1234, "kwd")
    (Decimal('80.00'), Decimal('500'), Decimal('1.234'))
    """
    return Decimal(amount).scaleb(-decimals_of(currency))
