# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the user sees: plain lines, and a sign of life for every slow step."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

QUIET_SECONDS = 2
PLAIN_INTERVAL_SECONDS = 15


def say(text: str = "") -> None:
    """Print one line to standard output at once.

    Args:
        text: the line.
    """
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class _Heartbeat(threading.Thread):
    """Shows that a step is still at work: a moving line on a terminal, else lines."""

    def __init__(self, title: str):
        super().__init__(daemon=True)
        self._title = title
        self._done = threading.Event()
        self._start = time.monotonic()
        self._terminal = sys.stdout.isatty()

    @property
    def elapsed_seconds(self) -> float:
        return time.monotonic() - self._start

    def run(self) -> None:
        if self._done.wait(QUIET_SECONDS):
            return
        interval_seconds = 0.25 if self._terminal else PLAIN_INTERVAL_SECONDS
        while True:
            self._show()
            if self._done.wait(interval_seconds):
                return

    def _show(self) -> None:
        line = f"  ... {self._title} ({self.elapsed_seconds:.0f} s)"
        if self._terminal:
            sys.stdout.write(f"\r\033[K{line}")
            sys.stdout.flush()
        else:
            say(line)

    def finish(self, mark: str) -> None:
        self._done.set()
        self.join()
        if self._terminal:
            sys.stdout.write("\r\033[K")
        say(f"  {mark} {self._title} ({self.elapsed_seconds:.1f} s)")


@contextmanager
def progress(title: str) -> Iterator[None]:
    """Show a step while it runs and how long it took.

    Args:
        title: what is being done, as a noun phrase or a gerund.
    """
    heartbeat = _Heartbeat(title)
    heartbeat.start()
    try:
        yield
    except BaseException:
        heartbeat.finish("failed:")
        raise
    heartbeat.finish("done:")
