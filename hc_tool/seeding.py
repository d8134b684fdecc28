# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc seed`: a database of many cases, made once and cloned by benchmarks."""

import argparse
import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from . import demo, locks, server, templates
from .console import progress, say
from .errors import HcError
from .files import digest, read_json, remove, require_disk_space, tree_digest
from .installation import Installation, prepare, ready
from .paths import REPOSITORY, Home
from .python_env import odoo_environ
from .seed.plan import make_plan

PREFIX = "hc_seed_"
_SCRIPT = REPOSITORY / "hc_tool" / "odoo_scripts" / "seed_cases.py"
# What the script's own lines start with, among whatever else is printed inside Odoo.
_MARK = "hc-seed: "
# The comment of a database that was made by this command.
_COMMENT = "made by hc seed, key "
# Twice what was measured at 20,000 cases: the server's own files come on top.
_BYTES_PER_CASE = 45_000


@dataclass(frozen=True)
class Request:
    """What was asked for.

    Attributes:
        cases: billing cases to make.
        seed: of every random choice.
        database: where they go.
        origin: database to start from; empty: the template of the tests.
    """

    cases: int
    seed: int
    database: str
    origin: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command.

    Args:
        parser: its parser.
    """
    parser.add_argument("--cases", type=int, required=True, help="how many, in steps of 50")
    parser.add_argument("--seed", type=int, default=1, help="of every random choice (1)")
    parser.add_argument("--database", help=f"where they go ({PREFIX}<cases>)")
    parser.add_argument(
        "--from", dest="origin", default="", help="start from a copy of this database"
    )
    parser.add_argument("--drop", action="store_true", help="drop the seeded database instead")


def seed(home: Home, options: argparse.Namespace) -> int:
    """Make a database of many cases, unless the very same is there already."""
    name = options.database or f"{PREFIX}{options.cases}"
    request = Request(options.cases, options.seed, name, options.origin)
    if options.drop:
        return _drop(home, request)
    try:
        make_plan(request.cases, request.seed)
    except ValueError as error:
        raise HcError("seed", str(error), "Give --cases as 50, 100, 150 …") from None
    with locks.exclusive(home, "seed"):
        with locks.exclusive(home):
            installation = prepare(home)
            origin = request.origin or _test_template(installation)
            key = _key(installation, request, origin)
            if _is_made(installation, request, key):
                say(f"{request.database} holds these {request.cases} cases already.")
                return 0
            building = _clone(installation, request, origin)
        start = time.monotonic()
        result = _fill(installation, request, building)
        _publish(installation, request, building, key)
    _show(request, result, time.monotonic() - start)
    return 0


def _test_template(installation: Installation) -> str:
    """Return the database with all modules and no demonstration data, built where needed."""
    version = installation.odoo.source.version
    template = templates.Template(tuple(templates.suite_modules()), False, version)
    with progress("Template database"):
        return templates.build(installation.odoo, installation.databases, template)


def _key(installation: Installation, request: Request, origin: str) -> str:
    """Hash of everything that the content of the database comes from.

    The name of the test template stands for the state of the modules.
    """
    code = tree_digest(REPOSITORY / "hc_tool" / "seed")
    return digest(code, installation.odoo.source.version, origin, request.cases, request.seed)


def _is_made(installation: Installation, request: Request, key: str) -> bool:
    """Tell whether the database is there as asked for; refuse to replace one of somebody else."""
    databases = installation.databases
    if not databases.exists(request.database):
        return False
    comment = databases.comment(request.database)
    if not comment.startswith(_COMMENT) and request.database != request.origin:
        raise HcError(
            "seed",
            f"the database {request.database} exists and was not made by this command",
            f"Choose another name, or add --from {request.database} to add cases to it",
        )
    return comment == f"{_COMMENT}{key}" and not request.origin


def _clone(installation: Installation, request: Request, origin: str) -> str:
    """Copy the database to start from; return the name of the copy."""
    databases = installation.databases
    if not databases.exists(origin):
        raise HcError("seed", f"there is no database {origin}", "Name an existing one with --from")
    require_disk_space(installation.home.root, request.cases * _BYTES_PER_CASE)
    if demo.DATABASE in (origin, request.database):
        server.stop_demo(installation.home)
    building = f"{request.database}_building"
    with progress(f"Copying {origin}"):
        databases.clone(origin, building)
        databases.relax_durability(building)
    return building


def _fill(installation: Installation, request: Request, building: str) -> dict:
    """Run the seeder inside Odoo and show its steps; return what it counted."""
    home = installation.home
    result_file = home.root / f"seed.{os.getpid()}.json"
    log = home.logs / "seed.log"
    environ = odoo_environ(home)
    environ.update(
        HC_SEED_REPOSITORY=str(REPOSITORY),
        HC_SEED_MARK=_MARK,
        HC_SEED_CASES=str(request.cases),
        HC_SEED_SEED=str(request.seed),
        HC_SEED_RESULT=str(result_file),
    )
    command = installation.odoo.command(
        building, "--no-http", "--max-cron-threads=0", "--log-level=warn", subcommand="shell"
    )
    try:
        with progress(f"Making {request.cases} cases"):
            _run(command, environ, log)
        result = read_json(result_file)
    finally:
        remove(result_file)
    if "counts" not in result:
        raise HcError(
            "seed",
            result.get("error") or "Odoo ended before it gave a result",
            f"Correct the cause and run it again; nothing is left half-made (details: {log})",
        )
    return result


def _run(command: list[str], environ: dict[str, str], log: Path) -> None:
    """Run Odoo on the script and repeat the lines that are meant for the user."""
    with open(_SCRIPT, "rb") as source, open(log, "ab") as errors:
        process = subprocess.Popen(
            command, stdin=source, stdout=subprocess.PIPE, stderr=errors, env=environ, text=True
        )
        try:
            for line in process.stdout:
                if line.startswith(_MARK):
                    say(f"  {line.removeprefix(_MARK).rstrip()}")
        finally:
            process.terminate()
            process.wait()


def _publish(installation: Installation, request: Request, building: str, key: str) -> None:
    """Give the finished database its name and the key by which it is known again."""
    databases = installation.databases
    databases.drop(request.database)
    databases.rename(building, request.database)
    if request.database != request.origin:
        databases.note(request.database, f"{_COMMENT}{key}")


def _show(request: Request, result: dict, seconds: float) -> None:
    """Print what was made, and how fast."""
    say()
    for table, count in result["counts"].items():
        say(f"  {table.ljust(28)} {count:>12,}")
    say(
        f"\n{request.database}: {result['cases']:,} cases in {seconds:.0f} s; "
        f"{result['rows']:,} rows copied, {result['rows'] / seconds:,.0f} a second."
    )
    say(f"Use it: HC_BENCH_DATABASE={request.database} ./hc bench")


def _drop(home: Home, request: Request) -> int:
    """Drop a database that this command made."""
    installation = ready(home)
    if not installation.databases.comment(request.database).startswith(_COMMENT):
        raise HcError(
            "seed",
            f"{request.database} is no database that this command made",
            f"Name one with --database; their names usually start with {PREFIX}",
        )
    with locks.exclusive(home, "seed"), progress(f"Dropping {request.database}"):
        installation.databases.drop(request.database)
    return 0
