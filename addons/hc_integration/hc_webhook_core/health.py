# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How a connected system is doing, from figures: green, amber or red, and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GREEN, AMBER, RED, NONE = "green", "amber", "red", "none"

# Fewer messages than this say nothing about a rate.
FEWEST_FOR_RATE = 5
AMBER_RATE, RED_RATE = 0.10, 0.50
AMBER_AGE, RED_AGE = timedelta(minutes=30), timedelta(hours=4)
MANY_REFUSED = 10


@dataclass(frozen=True)
class Figures:
    """What is known of a system at a moment; counts are of the last 24 hours unless said.

    :ivar state: of the connection
    :ivar done: messages and documents that were applied
    :ivar failed: those that failed or were refused by content
    :ivar given_up: those that failed for good and that nobody has settled (of any age)
    :ivar retries: failed ones that are tried again by themselves (of any age)
    :ivar oldest_unresolved_at: since when the oldest one waits to be applied
    :ivar refused: messages that were turned away at the border
    :ivar next_expected_at: until when it is expected to say something; None: no expectation
    :ivar poll_error: the last question to it failed
    :ivar drop_error: its folder cannot be read
    :ivar endpoints_down: its endpoints that are left alone because they fail
    :ivar waiting_out: events that wait to be sent to it (of any age)
    :ivar oldest_out_at: since when the oldest of them waits
    :ivar dead_out: dead letters (of any age)
    :ivar differences: open differences of its daily proof
    :ivar not_told: days that it should have told its totals of, and has not
    """

    state: str = "active"
    done: int = 0
    failed: int = 0
    given_up: int = 0
    retries: int = 0
    oldest_unresolved_at: datetime | None = None
    refused: int = 0
    next_expected_at: datetime | None = None
    poll_error: bool = False
    drop_error: bool = False
    endpoints_down: int = 0
    waiting_out: int = 0
    oldest_out_at: datetime | None = None
    dead_out: int = 0
    differences: int = 0
    not_told: int = 0

    @property
    def failure_rate(self) -> float:
        """Share of those finished in 24 hours that failed: 0 to 1.

        >>> Figures(done=3, failed=1).failure_rate
        0.25
        """
        finished = self.done + self.failed
        return self.failed / finished if finished else 0.0


def judge(figures: Figures, as_of: datetime) -> tuple[str, tuple[str, ...]]:
    """The level, and the codes of all reasons, the gravest first.

    >>> now = datetime(2026, 5, 4, 12)
    >>> judge(Figures(done=10), now)
    ('green', ())
    >>> judge(Figures(next_expected_at=now - timedelta(minutes=1)), now)
    ('red', ('silent',))
    >>> judge(Figures(state="draft"), now)
    ('none', ())
    """
    if figures.state not in ("active", "paused"):
        return NONE, ()
    red = tuple(code for code, holds in _red(figures, as_of) if holds)
    amber = tuple(code for code, holds in _amber(figures, as_of) if holds)
    if figures.state == "paused":
        # Nobody expects anything of what the office itself has stopped.
        red = tuple(code for code in red if code not in ("silent", "poll_failed"))
        amber = ("paused", *amber)
    if red:
        return RED, red + amber
    return (AMBER, amber) if amber else (GREEN, ())


def _red(figures, as_of):
    expected = figures.next_expected_at
    yield "silent", expected is not None and as_of > expected
    yield "endpoint_down", figures.endpoints_down > 0
    yield "poll_failed", figures.poll_error
    yield "folder_failed", figures.drop_error
    yield "failing", _rate_at_least(figures, RED_RATE)
    yield "stuck", _older(figures.oldest_unresolved_at, as_of, RED_AGE)
    yield "stuck_out", _older(figures.oldest_out_at, as_of, RED_AGE)


def _amber(figures, as_of):
    yield "some_fail", _rate_at_least(figures, AMBER_RATE) and not _rate_at_least(figures, RED_RATE)
    yield "slow", _between(figures.oldest_unresolved_at, as_of)
    yield "slow_out", _between(figures.oldest_out_at, as_of)
    yield "given_up", figures.given_up > 0
    yield "dead_letters", figures.dead_out > 0
    yield "refused", figures.refused >= MANY_REFUSED
    yield "differences", figures.differences > 0
    yield "not_told", figures.not_told > 0


def _rate_at_least(figures, rate):
    finished = figures.done + figures.failed
    return finished >= FEWEST_FOR_RATE and figures.failure_rate >= rate


def _older(moment, as_of, age):
    return moment is not None and as_of - moment > age


def _between(moment, as_of):
    return _older(moment, as_of, AMBER_AGE) and not _older(moment, as_of, RED_AGE)
