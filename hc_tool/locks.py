# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One command at a time changes a home folder."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from .errors import HcError
from .paths import Home


@contextmanager
def exclusive(home: Home, name: str = "hc") -> Iterator[None]:
    """Hold a lock of the home folder; the system frees it when the process ends.

    Args:
        home: the home folder.
        name: which lock.

    Raises:
        HcError: another process holds it.
    """
    home.prepare()
    descriptor = os.open(home.root / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(descriptor, 200).decode(errors="replace").strip()
            raise HcError(
                "busy",
                f"another hc command is at work in {home.root} ({holder or 'starting'})",
                "Wait until it ends, or set HC_HOME to use another folder",
            ) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"process {os.getpid()}".encode())
        yield
    finally:
        os.close(descriptor)
