# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc doctor`: what keeps the tool from working, and what to do about it."""

import argparse
import os
import platform
import shutil
import sys
from collections.abc import Callable

from . import apt, browser, database_server, demo, odoo_source, ports, server
from .console import say
from .database import Databases
from .errors import HcError
from .files import read_json
from .installation import INSTALL_BYTES
from .paths import Home, port_from


def _python(home: Home) -> str:
    return f"{platform.python_version()} at {sys.executable}"


def _disk(home: Home) -> str:
    free_bytes = shutil.disk_usage(home.root).free
    if free_bytes < INSTALL_BYTES and not home.python.exists():
        raise HcError(
            "disk space",
            f"{free_bytes / 1e9:.1f} GB are free",
            f"Free {INSTALL_BYTES / 1e9:.0f} GB or set HC_HOME to a larger disk",
        )
    return f"{free_bytes / 1e9:.1f} GB free in {home.root}"


def _odoo(home: Home) -> str:
    source = odoo_source.locate(home, os.environ)
    if source:
        return f"{source.version}, {source.origin}: {source.package}"
    if apt.find_archive(home.apt, home.logs / "setup.log", apt.this_machine()):
        return "will be downloaded from the Debian archive"
    if shutil.which("git"):
        return "will be downloaded with git"
    raise HcError(
        "Odoo",
        "there is neither a verified Debian archive nor git to download it",
        "Install git, or set HC_ODOO_HOME to an Odoo 19 source folder",
    )


def _packages(home: Home) -> str:
    if not home.python.exists():
        return "will be installed by ./hc up"
    return str(home.environment)


def _database(home: Home) -> str:
    known = database_server.remembered(home)
    if known is None:
        return "will be created by ./hc up"
    Databases(home, known).names(demo.DATABASE)
    return f"answers at {known.host}:{known.port}"


def _port(home: Home) -> str:
    port = port_from(os.environ)
    if server.running_pid(home) and read_json(home.state).get("port") == port:
        return f"{port}: the demo " + ("answers" if server.answers(port) else "is starting")
    ports.require_free(port)
    return f"{port} is free"


def _chromium(home: Home) -> str:
    return browser.find(home) or "will be installed by ./hc test e2e"


CHECKS: tuple[tuple[str, Callable[[Home], str]], ...] = (
    ("Python", _python),
    ("disk", _disk),
    ("Odoo 19", _odoo),
    ("packages", _packages),
    ("PostgreSQL", _database),
    ("port", _port),
    ("Chromium", _chromium),
)


def doctor(home: Home, options: argparse.Namespace) -> int:
    """Check everything; exit code 1 where something is wrong."""
    home.prepare()
    wrong = 0
    for name, check in CHECKS:
        try:
            say(f"  ok     {name.ljust(10)} {check(home)}")
        except HcError as error:
            wrong += 1
            say(f"  wrong  {name.ljust(10)} {error}")
    return 1 if wrong else 0
