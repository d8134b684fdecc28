# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The keys that encrypt the demo's secrets: a file that only its owner reads."""

import secrets
from collections.abc import Mapping

from .files import write_text
from .paths import Home

VARIABLE = "HC_SECRET_KEY"
FILE_VARIABLE = "HC_SECRET_KEY_FILE"
KEY_BYTES = 32


def is_given(environ: Mapping[str, str]) -> bool:
    """Tell whether the user has set keys of their own.

    Args:
        environ: the process environment.
    """
    return bool(environ.get(VARIABLE) or environ.get(FILE_VARIABLE))


def read(home: Home) -> list[str]:
    """Return the keys of the file, the one for new values first.

    Args:
        home: the home folder.
    """
    return home.secret_key.read_text(encoding="ascii").split()


def write(home: Home, keys: list[str]) -> None:
    """Replace the keys of the file.

    Args:
        home: the home folder.
        keys: the new content, in order.
    """
    write_text(home.secret_key, "\n".join(keys) + "\n", mode=0o600)


def new_key() -> str:
    """Return a random key."""
    return secrets.token_hex(KEY_BYTES)


def ensure(home: Home) -> None:
    """Create the key file where there is none; an existing one is left alone.

    Args:
        home: the home folder.
    """
    if not home.secret_key.exists():
        write(home, [new_key()])
