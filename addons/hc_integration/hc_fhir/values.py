# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Primitive values of R4 and HL7 v2: dates, moments, numbers, as Python's own types."""

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation

# What PostgreSQL cannot store in a text: NUL and half characters.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?", re.ASCII)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})", re.ASCII
)
_V2_MOMENT = re.compile(
    r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})?(\d{2})?(?:\.\d{1,4})?)?([+-]\d{4})?", re.ASCII
)
_DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)


def read_date(text):
    """The day of an R4 ``date``; None where it names a month or a year only.

    :raises ValueError: it is no such date

    >>> read_date("2026-03-02"), read_date("2026-03")
    (datetime.date(2026, 3, 2), None)
    """
    if not _DATE.fullmatch(text):
        raise ValueError("is no date: write YYYY-MM-DD")
    if len(text) < len("YYYY-MM-DD"):
        date.fromisoformat(f"{text}-01-01"[:10])
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day of the calendar") from None


def read_moment(text):
    """The moment of an R4 ``dateTime`` with its zone, or its day as the start of it without one.

    :return: ``datetime``; with zone where a time is given, as R4 demands
    :raises ValueError: it is no such moment, or is no more exact than a month

    >>> read_moment("2026-03-02T08:30:00Z").isoformat()
    '2026-03-02T08:30:00+00:00'
    """
    found = _MOMENT.fullmatch(text)
    if not found:
        day = read_date(text)
        if day is None:
            raise ValueError("must name a day")
        return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - the facility's own day
    day, clock, fraction, zone = found.groups()
    zone = "+00:00" if zone == "Z" else zone
    micro = (fraction or "0")[:6].ljust(6, "0")
    try:
        return datetime.fromisoformat(f"{day}T{clock}.{micro}{zone}")
    except ValueError:
        raise ValueError("is no moment of the calendar") from None


def read_v2_moment(text):
    """The moment of an HL7 v2 timestamp; without offset it is the sender's local time.

    :raises ValueError: it is no such moment

    >>> read_v2_moment("202603020830-0500").isoformat()
    '2026-03-02T08:30:00-05:00'
    """
    found = _V2_MOMENT.fullmatch(text)
    if not found:
        raise ValueError("is no timestamp: write YYYYMMDD[HHMM[SS]][+ZZZZ]")
    *parts, offset = found.groups()
    zone = None
    if offset:
        sign = -1 if offset[0] == "-" else 1
        zone = timezone(sign * timedelta(hours=int(offset[1:3]), minutes=int(offset[3:])))
    try:
        return datetime(*(int(part or 0) for part in parts), tzinfo=zone)
    except ValueError:
        raise ValueError("is no moment of the calendar") from None


def read_decimal(text):
    """An exact number from its text.

    :raises ValueError: it is none, or is out of all bounds

    >>> read_decimal("12.50")
    Decimal('12.50')
    """
    if not _DECIMAL.fullmatch(text):
        raise ValueError("is no plain decimal number")
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("is no number") from None
