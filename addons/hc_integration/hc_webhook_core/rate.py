# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How fast a source may send: a bucket of tokens that fills evenly.

The bucket holds one minute's worth, so that a source which was silent may catch up; a message
costs one token. Processes take tokens in blocks and spend them without asking again.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

# A process that holds tokens spends them within this time or loses them.
BLOCK_SECONDS = 5
_SECONDS_PER_MINUTE = 60


@dataclass(frozen=True)
class Bucket:
    """Tokens that were left at a moment."""

    tokens: float
    counted_at: datetime


@dataclass(frozen=True)
class Grant:
    """What was taken: whole tokens, the bucket after it, seconds until there is one again."""

    tokens: int
    bucket: Bucket
    wait_seconds: int


def block_size(rate_per_minute: int) -> int:
    """Tokens that a process takes at once: those of a second, at least one.

    >>> block_size(600), block_size(10)
    (10, 1)
    """
    return max(1, rate_per_minute // _SECONDS_PER_MINUTE)


def take(bucket: Bucket | None, now: datetime, rate_per_minute: int, wanted: int) -> Grant:
    """Take up to so many tokens from a bucket.

    >>> start = datetime(2026, 1, 1)
    >>> first = take(None, start, 60, 100)
    >>> first.tokens, take(first.bucket, start, 60, 1).wait_seconds
    (60, 1)
    >>> take(first.bucket, start + timedelta(seconds=3), 60, 10).tokens
    3

    :param bucket: None for a source that never sent
    :param rate_per_minute: tokens that a minute brings, and that the bucket holds
    """
    tokens = float(rate_per_minute)
    if bucket:
        # A clock that goes back adds nothing and takes nothing away.
        passed = max(timedelta(0), now - bucket.counted_at).total_seconds()
        tokens = min(tokens, bucket.tokens + passed * rate_per_minute / _SECONDS_PER_MINUTE)
    granted = min(wanted, int(tokens))
    left = tokens - granted
    wait = 0 if granted else ceil((1 - left) * _SECONDS_PER_MINUTE / rate_per_minute)
    return Grant(granted, Bucket(left, now), wait)
