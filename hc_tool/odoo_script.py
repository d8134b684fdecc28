# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Programs of this tool that run inside Odoo, on the demo database."""

import os
import subprocess
from collections.abc import Mapping

from . import demo, locks
from .console import progress
from .database import Databases
from .errors import HcError
from .files import read_json, remove
from .installation import Installation, prepare, ready
from .paths import REPOSITORY, Home
from .postgres import EmbeddedPostgres
from .python_env import odoo_environ

SCRIPTS = REPOSITORY / "hc_tool" / "odoo_scripts"
RESULT_VARIABLE = "HC_SCRIPT_RESULT"


def with_database(home: Home, is_locked: bool = False) -> Installation:
    """Return the installation once its database server is known to answer.

    Args:
        home: the home folder.
        is_locked: the caller holds the lock of the home folder.

    Raises:
        HcError: there is no installation or no demo database.
    """
    installation = ready(home)
    known = installation.odoo.server
    if known.is_embedded and EmbeddedPostgres(home).running_port() is None:
        with progress("Starting PostgreSQL"):
            if is_locked:
                installation = prepare(home)
            else:
                with locks.exclusive(home):
                    installation = prepare(home)
    databases: Databases = installation.databases
    if not databases.exists(demo.DATABASE):
        raise HcError("demo database", "it does not exist", "Run ./hc up first")
    return installation


def run(installation: Installation, name: str, variables: Mapping[str, str], title: str) -> dict:
    """Run a program of `odoo_scripts` in Odoo's shell.

    Args:
        installation: from `with_database`.
        name: of the program, without suffix; its log is named after it.
        variables: its input.
        title: what the user sees.

    Returns:
        What the program answered; empty where Odoo ended before it could.
    """
    home = installation.home
    result_file = home.root / f"{name}.{os.getpid()}.json"
    environ = {**odoo_environ(home), **variables, RESULT_VARIABLE: str(result_file)}
    command = installation.odoo.command(demo.DATABASE, "--no-http", subcommand="shell")
    try:
        with (
            progress(title),
            open(SCRIPTS / f"{name}.py", "rb") as source,
            open(home.logs / f"{name}.log", "ab") as output,
        ):
            subprocess.run(
                command, stdin=source, stdout=output, stderr=output, env=environ, check=False
            )
        return read_json(result_file)
    finally:
        remove(result_file)
