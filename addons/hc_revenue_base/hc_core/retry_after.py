# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The HTTP header Retry-After (RFC 9110, section 10.2.3)."""

from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

MAX_SECONDS = 24 * 3600


def parse_retry_after(text: str | None, now: datetime) -> int | None:
    """Return the seconds to wait, at most a day; None where the header says nothing usable.

    :param now: the present in UTC, without time zone

    >>> now = datetime(2026, 3, 2, 12)
    >>> parse_retry_after("120", now), parse_retry_after("soon", now)
    (120, None)
    >>> parse_retry_after("Mon, 02 Mar 2026 12:00:30 GMT", now)
    30
    """
    text = (text or "").strip()
    if text.isascii() and text.isdecimal():
        return MAX_SECONDS if len(text) > 6 else min(int(text), MAX_SECONDS)
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is not None:
            moment = moment.astimezone(timezone.utc).replace(tzinfo=None)
        seconds = int((moment - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(seconds, 0), MAX_SECONDS)
