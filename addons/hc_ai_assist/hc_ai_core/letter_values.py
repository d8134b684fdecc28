# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Dates, amounts and numbers as letters write them, read strictly."""

import datetime
import re
from decimal import Decimal, InvalidOperation

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
DATE_PATTERN = (
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\d)"
    rf"|\d{{1,2}}[ -]{_MONTH}[ -]\d{{4}}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}"
)
AMOUNT_PATTERN = r"\$? ?\d{1,3}(?:,\d{3})+(?:\.\d{2})?(?!\d)|\$? ?\d{1,9}(?:\.\d{2})?(?!\d)"
_PARTS = re.compile(r"\d+|[a-z]+", re.IGNORECASE)


def read_date(text: str) -> datetime.date | None:
    """Read a date: ISO, month before day where both are numbers (United States), or in words.

    >>> read_date("09/06/1992"), read_date("02-Dec-1948")
    (datetime.date(1992, 9, 6), datetime.date(1948, 12, 2))
    """
    parts = [part for part in _PARTS.findall(text.lower()) if part not in ("st", "nd", "rd", "th")]
    if len(parts) != 3:
        return None
    words = [part for part in parts if part.isalpha()]
    try:
        if words:
            month = _MONTHS.index(words[0][:3]) + 1
            day, year = (int(part) for part in parts if part.isdigit())
        elif len(parts[0]) == 4:
            year, month, day = map(int, parts)
        else:
            month, day, year = map(int, parts)
        if year < 100:
            # Two digits are of this century up to 68, as POSIX reads them.
            year += 2000 if year < 69 else 1900
        return datetime.date(year, month, day)
    except ValueError:
        return None


def read_amount(text: str) -> Decimal | None:
    """Read an amount of dollars.

    >>> read_amount("$3,983.11")
    Decimal('3983.11')
    """
    try:
        return Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation:
        return None


def is_npi(text: str) -> bool:
    """Whether ten digits are a National Provider Identifier: its check digit is right.

    >>> is_npi("1234567893"), is_npi("1234567890")
    (True, False)
    """
    if not (text.isdigit() and len(text) == 10 and text[0] in "12"):
        return False
    # 80840, the prefix of United States health care, adds 24 to the sum (Luhn; 45 CFR 162.406).
    total = 24
    for position, digit in enumerate(reversed(text)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
