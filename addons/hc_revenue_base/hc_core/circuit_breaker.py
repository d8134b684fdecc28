# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A circuit breaker: after repeated failures a host is left alone for a while.

``closed`` (calls pass) → *threshold* failures in a row → ``open`` (calls are refused) → time
is up → ``half_open`` (one probe passes, the others are refused) → the probe succeeds →
``closed``, or fails → ``open`` for twice as long, up to a limit.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

CLOSED = "closed"
OPEN = "open"
HALF_OPEN = "half_open"
STATES = (CLOSED, OPEN, HALF_OPEN)


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When to open and for how long."""

    failure_threshold: int = 5
    open_seconds: int = 30
    max_open_seconds: int = 900
    # After so long a probe that never reported (its process died) makes room for another one.
    probe_timeout_seconds: int = 120


@dataclass(frozen=True, slots=True)
class Breaker:
    """The state of one host.

    :param failures: failures in a row
    :param openings: how often it opened since the last success
    :param until: end of ``open``, or of the time that a probe has
    """

    state: str = CLOSED
    failures: int = 0
    openings: int = 0
    until: datetime | None = None


DEFAULT_POLICY = BreakerPolicy()


def admit(
    breaker: Breaker, now: datetime, policy: BreakerPolicy = DEFAULT_POLICY
) -> tuple[Breaker, bool]:
    """Return the breaker as it is from now on, and whether a call may pass.

    >>> from datetime import datetime
    >>> noon = datetime(2026, 3, 2, 12)
    >>> admit(Breaker(OPEN, 5, 1, noon), datetime(2026, 3, 2, 12, 0, 1))[0].state
    'half_open'
    """
    if breaker.state == CLOSED:
        return breaker, True
    if breaker.until is not None and now < breaker.until:
        return breaker, False
    until = now + timedelta(seconds=policy.probe_timeout_seconds)
    return replace(breaker, state=HALF_OPEN, until=until), True


def record_success(_breaker: Breaker) -> Breaker:
    """Return the breaker after an answer: closed, and all forgotten."""
    return Breaker()


def record_failure(
    breaker: Breaker,
    now: datetime,
    retry_after_seconds: int | None = None,
    policy: BreakerPolicy = DEFAULT_POLICY,
) -> Breaker:
    """Return the breaker after a call without answer, or with one that says *overloaded*.

    :param retry_after_seconds: what the host asked for; it opens at once and for that long,
        within the limit
    """
    failures = breaker.failures + 1
    if breaker.state == OPEN:
        # A call that was let pass before it opened reports late.
        return replace(breaker, failures=failures)
    asked = retry_after_seconds is not None
    if breaker.state == CLOSED and failures < policy.failure_threshold and not asked:
        return replace(breaker, failures=failures)
    seconds = min(policy.open_seconds << min(breaker.openings, 20), policy.max_open_seconds)
    if asked:
        seconds = min(max(seconds, retry_after_seconds), policy.max_open_seconds)
    until = now + timedelta(seconds=seconds)
    return Breaker(OPEN, failures, breaker.openings + 1, until)
