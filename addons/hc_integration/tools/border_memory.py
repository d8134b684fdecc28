# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a process of the server remembers of the border between two messages.

Keys, tokens and counts live for seconds or minutes in the memory of one process; the database
stays the truth. What is lost with a killed process is said with each of them.
"""

import threading
import time
from collections import Counter
from dataclasses import dataclass

from ..hc_webhook_core.rate import BLOCK_SECONDS

# A revealed value is asked for again after so long, so that its use stays on record.
KEY_SECONDS = 300
# Refusals are written at most once in this time for each source and reason.
COUNT_SECONDS = 1.0
# Sources of a process whose state is remembered; the oldest give way.
_MAX_SOURCES = 1000


@dataclass
class _Tokens:
    left: int = 0
    until: float = 0.0
    blocked_until: float = 0.0


class BorderMemory:
    """Keys, tokens and counts of one process; all methods may be called by any thread."""

    def __init__(self, clock=time.monotonic):
        self._clock = clock
        self._lock = threading.Lock()
        self._keys = {}
        self._tokens = {}
        self._counts = Counter()
        self._written_at = {}

    def get_secrets(self, key, value_numbers, reveal):
        """Values of a secret in clear text.

        :param tuple key: database and secret
        :param tuple value_numbers: the values that are valid now; others are forgotten
        :param reveal: called where they are not known yet
        """
        known = self._keys.get(key)
        if known and known[0] == value_numbers and self._clock() < known[2]:
            return known[1]
        values = tuple(reveal()) if value_numbers else ()
        with self._lock:
            self._make_room(self._keys)
            self._keys[key] = (value_numbers, values, self._clock() + KEY_SECONDS)
        return values

    def spend(self, key, take):
        """Spend a token of a source.

        :param tuple key: database and source
        :param take: called for a block of tokens where none is left; returns ``(tokens, seconds to
            wait)``
        :return: 0, or the seconds after which to ask again
        """
        with self._lock:
            self._make_room(self._tokens)
            tokens = self._tokens.setdefault(key, _Tokens())
            now = self._clock()
            if tokens.left and now < tokens.until:
                tokens.left -= 1
                return 0
            if now < tokens.blocked_until:
                return max(1, round(tokens.blocked_until - now))
        granted, wait_seconds = take()
        with self._lock:
            now = self._clock()
            if not granted:
                tokens.blocked_until = now + wait_seconds
                return wait_seconds
            kept = tokens.left if now < tokens.until else 0
            tokens.left, tokens.until = kept + granted - 1, now + BLOCK_SECONDS
            return 0

    def count(self, database, source_id, reason):
        """Count a refusal; it is written with the next :meth:`take_counts` that is due."""
        with self._lock:
            self._counts[database, source_id, reason] += 1

    def take_counts(self, database):
        """Counts of a database that are to be written now: ``{(source, reason): number}``."""
        if not self._counts:
            return {}
        with self._lock:
            now, due = self._clock(), {}
            for key in [key for key in self._counts if key[0] == database]:
                if now - self._written_at.get(key, -COUNT_SECONDS) >= COUNT_SECONDS:
                    self._written_at[key] = now
                    due[key[1:]] = self._counts.pop(key)
            self._make_room(self._written_at)
            return due

    @staticmethod
    def _make_room(entries):
        while len(entries) >= _MAX_SOURCES:
            entries.pop(next(iter(entries)))


MEMORY = BorderMemory()
