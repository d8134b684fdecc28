# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""TCP ports of this machine."""

import socket

from .errors import HcError

LOCALHOST = "127.0.0.1"


def is_free(port: int) -> bool:
    """Tell whether a server could listen on a port.

    Args:
        port: the port on 127.0.0.1.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOCALHOST, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Return a port that nobody uses at this moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOCALHOST, 0))
        return probe.getsockname()[1]


def require_free(port: int) -> None:
    """Refuse a port that another program holds.

    Args:
        port: the port on 127.0.0.1.

    Raises:
        HcError: it is taken, or needs a privilege.
    """
    if not is_free(port):
        raise HcError(
            f"port {port}",
            "another program uses it, or it needs a privilege",
            f"Stop that program or choose another port: HC_PORT={port + 1} ./hc up",
        )
