# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How deferred work is tried again: declared once per method, computed without a clock."""

from dataclasses import dataclass
from zlib import crc32

from .errors import HcError

# Doubling stops here: far beyond any ceiling, and still a number that a machine holds at ease.
_MAX_DOUBLINGS = 32


class JobError(HcError):
    """A job refuses to be done; code and parameters hold ids and codes, never patient data."""

    messages = {
        "job_method_not_allowed": (
            "{model}.{method} is not declared as a job: declare it in _get_job_methods()."
        ),
        "job_records_gone": "The records that this job is about were deleted: cancel it.",
        "job_user_archived": "The user who asked for this job is archived: cancel it.",
        "job_ends_transaction": (
            "The method commits or rolls back: it must leave that to who runs the job."
        ),
        "job_interrupted": "The process that ran this job ended before it was done.",
    }


class GiveUp(JobError):
    """Raised by a handler where trying again cannot help: a dead letter at once."""


class RetryLater(JobError):
    """Raised by a handler that knows when to come back, such as after HTTP 429.

    :param int delay_seconds: how long to wait before the next attempt
    """

    def __init__(self, code, *, delay_seconds, **params):
        self.delay_seconds = delay_seconds
        super().__init__(code, **params)


@dataclass(frozen=True)
class JobPolicy:
    """How often, and how far apart, a method is tried.

    :param max_attempts: attempts before the job is a dead letter
    :param first_retry_seconds: longest wait after the first failure; it doubles every time
    :param longest_retry_seconds: ceiling of every wait
    :param alone: run in a transaction of its own, for work that is slow or reaches outside the
        database: what it did is committed before the next job starts
    :raises ValueError: the figures contradict each other; raised where the policy is declared
    """

    max_attempts: int = 5
    first_retry_seconds: int = 60
    longest_retry_seconds: int = 6 * 3600
    alone: bool = False

    def __post_init__(self):
        # A killed process takes its whole batch with it; only who runs alone is surely the cause.
        if self.max_attempts < (1 if self.alone else 2):
            raise ValueError("max_attempts: at least 2, or 1 for a job that runs alone")
        if not 0 < self.first_retry_seconds <= self.longest_retry_seconds:
            raise ValueError("retry seconds: 0 < first <= longest")

    def retry_delay_seconds(self, attempt: int, seed: str) -> int:
        """Wait after the given attempt failed: exponential, the half of it jitter.

        The jitter is drawn from ``seed`` (the job) and the attempt, so that jobs that failed
        together do not come back together, and the same failure always gives the same wait.

        >>> JobPolicy().retry_delay_seconds(1, "job 7") in range(30, 61)
        True
        >>> JobPolicy().retry_delay_seconds(10**9, "job 7") <= 6 * 3600
        True
        """
        doublings = min(max(attempt, 1) - 1, _MAX_DOUBLINGS)
        ceiling = min(self.longest_retry_seconds, self.first_retry_seconds * 2**doublings)
        fraction = crc32(f"{seed}:{attempt}".encode()) / 2**32
        return max(1, round(ceiling * (1 + fraction) / 2))
