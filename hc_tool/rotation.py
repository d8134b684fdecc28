# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc secrets rotate`: a new key for the demo's secrets."""

import argparse
import os

from . import locks, odoo_script, secret_keys
from .console import say
from .errors import HcError
from .paths import Home


def rotate(home: Home, options: argparse.Namespace) -> int:
    """Encrypt all secrets of the demo under a new key.

    The new key stands first in the file while the old ones are still there, so that the running
    server reads every value at any moment. Keys from the environment are the user's: then the
    secrets are only encrypted anew under the first of them.
    """
    is_ours = not secret_keys.is_given(os.environ)
    with locks.exclusive(home):
        installation = odoo_script.with_database(home, is_locked=True)
        if is_ours:
            secret_keys.ensure(home)
            keys = [secret_keys.new_key(), *secret_keys.read(home)]
            secret_keys.write(home, keys)
        result = odoo_script.run(installation, "rotate_secrets", {}, "Encrypting the secrets anew")
        if "rotated" not in result:
            raise HcError(
                "secrets rotate",
                result.get("error") or "Odoo ended before it gave a result",
                "Correct the cause and run it again; all keys are kept "
                f"(details: {home.logs / 'rotate_secrets.log'})",
            )
        if is_ours:
            secret_keys.write(home, keys[:1])
    say(f"{result['rotated']} values encrypted anew, {result['current']} had the key already.")
    return 0
