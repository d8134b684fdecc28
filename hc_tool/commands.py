# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The commands of the everyday: start, stop, look, work with the demo."""

import argparse
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import database_server, demo, locks, odoo_script, ports, server
from .console import progress, say
from .errors import HcError
from .files import read_json, remove
from .installation import prepare, ready
from .paths import Home, port_from
from .postgres import EmbeddedPostgres
from .python_env import odoo_environ


def up(home: Home, options: argparse.Namespace) -> int:
    """Set everything up, start the demo and show how to log in."""
    port = port_from(os.environ)
    with locks.exclusive(home):
        if not (server.running_pid(home) and read_json(home.state).get("port") == port):
            ports.require_free(port)
        installation = prepare(home, db_url=options.db_url)
        demo.ensure_database(installation, options.module)
        demo.start(installation, port)
    say(f"\nOdoo runs at {demo.url_of(port)} (database {demo.DATABASE}).")
    say("Logins of the demo; every password is the login itself:\n")
    logins = [demo.Login("administrator", "admin"), *demo.logins(installation.databases)]
    width = max(len(login.role) for login in logins)
    for login in logins:
        say(f"  {login.role.ljust(width)}  {login.login}")
    say("\nStop it with ./hc down; ./hc help lists all commands.")
    return 0


def down(home: Home, options: argparse.Namespace) -> int:
    """Stop the demo server and the embedded PostgreSQL."""
    with locks.exclusive(home):
        stopped = server.stop_demo(home)
        known = database_server.remembered(home)
        if known and known.is_embedded and home.python.exists():
            EmbeddedPostgres(home).stop()
    say("Odoo is stopped." if stopped else "Odoo was not running.")
    return 0


def reset(home: Home, options: argparse.Namespace) -> int:
    """Return to a fresh demo database, or remove all that was installed."""
    if options.all:
        down(home, options)
        with locks.exclusive(home), progress(f"Removing {home.root}"):
            for path in home.contents():
                remove(path)
        return 0
    with locks.exclusive(home):
        installation = prepare(home)
        server.stop_demo(home)
        with progress("Dropping the demo database"):
            installation.databases.drop(demo.DATABASE)
    options.db_url = options.module = None
    return up(home, options)


def status(home: Home, options: argparse.Namespace) -> int:
    """Tell what runs where; exit code 1 where the demo does not run."""
    try:
        installation = ready(home)
        content = demo.status(home, port_from(os.environ), installation.databases)
        content["odoo"] = installation.odoo.source.version
        content["odoo_origin"] = installation.odoo.source.origin
    except HcError as error:
        content = demo.status(home, port_from(os.environ), None)
        content["problem"] = str(error)
    if options.json:
        say(json.dumps(content, indent=2))
    else:
        for name, value in content.items():
            shown = value
            if isinstance(value, dict):
                shown = ", ".join(f"{key} {text}" for key, text in value.items())
            say(f"{name.ljust(12)} {shown}")
    return 0 if content["healthy"] else 1


def logs(home: Home, options: argparse.Namespace) -> int:
    """Show the end of the demo server's log, and follow it on request."""
    path = home.logs / "odoo.log"
    if not path.exists():
        raise HcError("log", f"{path} does not exist", "Run ./hc up first")
    follow = ["-F"] if options.follow else []
    return _interactive(["tail", "-n", str(options.lines), *follow, str(path)])


def shell(home: Home, options: argparse.Namespace) -> int:
    """Open Odoo's Python shell on the demo database."""
    installation = odoo_script.with_database(home)
    command = installation.odoo.command(
        demo.DATABASE, "--no-http", "--log-level=warn", subcommand="shell"
    )
    return _interactive(command, odoo_environ(home))


def psql(home: Home, options: argparse.Namespace) -> int:
    """Open the PostgreSQL client on the demo database."""
    installation = odoo_script.with_database(home)
    environ = {**odoo_environ(home), **installation.odoo.server.environ()}
    return _interactive(["psql", "-d", demo.DATABASE, *options.arguments], environ)


def db_url(home: Home, options: argparse.Namespace) -> int:
    """Print the connection URL of the demo database."""
    say(ready(home).odoo.server.url(demo.DATABASE))
    return 0


def import_file(home: Home, options: argparse.Namespace) -> int:
    """Import charges from a CSV file into the demo database."""
    path = Path(options.file).resolve()
    if not path.is_file():
        raise HcError("import", f"{options.file} is no file", "Name a CSV file")
    result = odoo_script.run(
        odoo_script.with_database(home),
        "import_charges",
        {"HC_IMPORT_FILE": str(path), "HC_IMPORT_SOURCE": options.source},
        f"Importing {path.name}",
    )
    return _report_import(path, result, home.logs / "import_charges.log")


def _report_import(path: Path, result: dict, log: Path) -> int:
    """Print what an import did; exit code 1 where rows were refused.

    Args:
        path: the imported file.
        result: the answer of the script that ran inside Odoo.
        log: its log.

    Raises:
        HcError: the import stopped, or the file was not taken.
    """
    counters = result.get("counters") or {}
    for name, value in counters.items():
        if name != "error" and value is not None:
            say(f"{name.replace('_', ' ').ljust(12)} {value}")
    error = result.get("error") or counters.get("error")
    if error or not counters:
        raise HcError(
            f"import of {path.name}",
            error or "Odoo ended before it gave a result",
            f"Correct the cause and run it again: it goes on where it stopped (details: {log})",
        )
    return 1 if counters.get("refused") else 0


def _interactive(command: list[str], environ: dict[str, str] | None = None) -> int:
    """Run a program on the user's terminal; Ctrl-C belongs to the program."""
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(
            command,
            env=environ,
            stdin=sys.stdin,
            check=False,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ).returncode
    finally:
        signal.signal(signal.SIGINT, previous)
