# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Texts of elements into values, by the strict rules of X12.

A function returns the value, or the *absent* value for empty text (``None``; ``""`` for
texts), or raises :class:`ValueFault`.
"""

import re
from datetime import date, time
from decimal import Decimal

from .findings import ERROR, shown

MAX_DIGITS = 18
MONEY_DECIMAL_PLACES = 2
FIRST_YEAR = 1900

# Only ASCII digits: Python would take those of any script.
_NUMBER = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_is_money = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{0,2})?").fullmatch
_EXPONENT = re.compile(r"[-+]?[0-9.]+[eE][-+]?[0-9]+")
_DIGITS = re.compile(r"[0-9]+")


class ValueFault(Exception):
    """Text does not hold the value that its element asks for.

    Attributes:
        code: of the finding.
        message: of the finding.
        value: what to go on with.
        severity: of the finding.
    """

    def __init__(self, code: str, message: str, value=None, severity: str = ERROR):
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.value = value
        self.severity = severity


def decimal_number(text: str) -> Decimal | None:
    """Return a number with any count of decimals.

    >>> decimal_number("-.5"), decimal_number("")
    (Decimal('-0.5'), None)

    :raises ValueFault: ``number_invalid``, ``number_exponent``, ``number_too_long``
    """
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        if _EXPONENT.fullmatch(text):
            raise ValueFault(
                "number_exponent", f"{shown(text)} is written with an exponent: write it out"
            )
        raise ValueFault("number_invalid", f"{shown(text)} is not a number")
    if sum(map(str.isdigit, text)) > MAX_DIGITS:
        raise ValueFault("number_too_long", f"{shown(text)} has more than {MAX_DIGITS} digits")
    return Decimal(text)


def money(text: str) -> Decimal | None:
    """Return an amount of money, with at most two decimals.

    >>> money("12.5"), money("-3")
    (Decimal('12.5'), Decimal('-3'))

    :raises ValueFault: as :func:`decimal_number`, and ``amount_precision``
    """
    if _is_money(text):
        return Decimal(text)
    amount = decimal_number(text)
    if amount is not None and -amount.as_tuple().exponent > MONEY_DECIMAL_PLACES:
        raise ValueFault(
            "amount_precision", f"{shown(text)} has more than {MONEY_DECIMAL_PLACES} decimals"
        )
    return amount


def whole_number(text: str) -> int | None:
    """Return a whole number.

    :raises ValueFault: ``number_invalid``, ``number_too_long``
    """
    if not text:
        return None
    if not _DIGITS.fullmatch(text.removeprefix("-")):
        raise ValueFault("number_invalid", f"{shown(text)} is not a whole number")
    if len(text) > MAX_DIGITS:
        raise ValueFault("number_too_long", f"{shown(text)} has more than {MAX_DIGITS} digits")
    return int(text)


def day(text: str) -> date | None:
    """Return a date written as CCYYMMDD.

    >>> day("20260228")
    datetime.date(2026, 2, 28)

    :raises ValueFault: ``date_invalid``
    """
    if not text:
        return None
    try:
        if len(text) != 8 or not _DIGITS.fullmatch(text) or int(text[:4]) < FIRST_YEAR:
            raise ValueError
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise ValueFault("date_invalid", f"{shown(text)} is not a date CCYYMMDD") from None


def short_day(text: str) -> date | None:
    """Return a date written as YYMMDD, as in ISA09; years 70 to 99 are of the last century.

    :raises ValueFault: ``date_invalid``
    """
    if len(text) != 6:
        return day(text)
    return day(("19" if text[:2] >= "70" else "20") + text)


def clock_time(text: str) -> time | None:
    """Return a time of day written as HHMM, HHMMSS or with hundredths behind.

    >>> clock_time("133007")
    datetime.time(13, 30, 7)

    :raises ValueFault: ``time_invalid``
    """
    if not text:
        return None
    try:
        if len(text) not in (4, 6, 7, 8) or not _DIGITS.fullmatch(text):
            raise ValueError
        microseconds = int(text[6:].ljust(6, "0")) if text[6:] else 0
        return time(int(text[:2]), int(text[2:4]), int(text[4:6] or "0"), microseconds)
    except ValueError:
        raise ValueFault("time_invalid", f"{shown(text)} is not a time HHMM or HHMMSS") from None


def period(qualifier: str, text: str) -> tuple[date | None, date | None]:
    """Return first and last day of a DTP03, whose form DTP02 tells.

    >>> period("RD8", "20260101-20260131")
    (datetime.date(2026, 1, 1), datetime.date(2026, 1, 31))

    :raises ValueFault: ``date_invalid``, ``date_period_reversed``, ``date_format_unknown``
    """
    if qualifier in ("D8", "DT"):
        first = day(text[:8])
        return first, first
    if qualifier == "RD8":
        start, hyphen, end = text.partition("-")
        first, last = day(start), day(end)
        if not hyphen or first is None or last is None:
            raise ValueFault("date_invalid", f"{shown(text)} is not a period CCYYMMDD-CCYYMMDD")
        if last < first:
            raise ValueFault("date_period_reversed", f"{shown(text)} ends before it starts")
        return first, last
    raise ValueFault("date_format_unknown", f"the date format {shown(qualifier)} is unknown")
