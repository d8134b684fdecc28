# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What becomes of a delivery after an attempt: done, again later, given up, endpoint gone.

Only 2xx is success; a redirect is a failure, because following one would send the event where
nobody agreed to send it. 410 means that the receiver wants no more (Standard Webhooks 1.0).
"""

from dataclasses import dataclass
from zlib import crc32

DELIVERED = "delivered"
RETRY = "retry"
DEAD = "dead"
GONE = "gone"

# Wait after the first, second, … attempt; together 73 hours, so that a weekend is survived.
WAITS_SECONDS = (5, 30, 120, 600, 3600, 3 * 3600, 8 * 3600, 12 * 3600, 24 * 3600, 24 * 3600)
MAX_ATTEMPTS = len(WAITS_SECONDS) + 1
# The receiver says that this very message is wrong: it will hardly think otherwise tomorrow, and
# later events of the same record wait behind it.
MAX_ATTEMPTS_REFUSED = 5
_CONTENT_REFUSED = frozenset({400, 413, 414, 415, 422, 431})
# Up to so much of a wait is added, so that what failed together does not come back together.
JITTER = 0.2
MAX_WAIT_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do after an attempt.

    Attributes:
        outcome: one of the constants of this file.
        wait_seconds: until the next attempt, for ``RETRY``.
        blames_endpoint: the attempt says something about the endpoint's health.
    """

    outcome: str
    wait_seconds: int = 0
    blames_endpoint: bool = False


def judge(
    attempts: int, seed: str, status: int, *, blames_host=False, retry_after_seconds=None
) -> Verdict:
    """Return what to do after an attempt.

    Args:
        attempts: made so far, this one included.
        seed: names the delivery, for its jitter.
        status: HTTP status; 0 for no answer.
        blames_host: without an answer, whether the host is at fault.
        retry_after_seconds: what the endpoint asked for, or None.

    >>> judge(1, "a", 204).outcome, judge(1, "a", 302).outcome, judge(1, "a", 410).outcome
    ('delivered', 'retry', 'gone')
    >>> judge(11, "a", 503).outcome, judge(5, "a", 422).outcome
    ('dead', 'dead')
    """
    if 200 <= status < 300:
        return Verdict(DELIVERED)
    if status == 410:
        return Verdict(GONE)
    blames = blames_host if not status else status == 429 or status >= 500
    limit = MAX_ATTEMPTS_REFUSED if status in _CONTENT_REFUSED else MAX_ATTEMPTS
    if attempts >= limit:
        return Verdict(DEAD, 0, blames)
    wait = wait_seconds(attempts, seed)
    if retry_after_seconds is not None:
        wait = max(wait, min(retry_after_seconds, MAX_WAIT_SECONDS))
    return Verdict(RETRY, wait, blames)


def wait_seconds(attempts: int, seed: str) -> int:
    """Return the wait after an attempt failed; the same failure always gives the same wait.

    >>> wait_seconds(1, "a") in (5, 6), wait_seconds(99, "a") <= 24 * 3600 * 1.2
    (True, True)
    """
    wait = WAITS_SECONDS[min(max(attempts, 1), len(WAITS_SECONDS)) - 1]
    fraction = crc32(f"{seed}:{attempts}".encode()) / 2**32
    return round(wait * (1 + JITTER * fraction))
