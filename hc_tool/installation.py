# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The whole set-up, in order, and what is ready once it is done."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from . import database_server, odoo_source, python_env, secret_keys, steps
from .console import progress
from .database import Databases
from .errors import HcError
from .files import digest, require_disk_space
from .paths import Home
from .postgres import EmbeddedPostgres
from .process import is_root
from .server import Odoo

INSTALL_BYTES = 4_000_000_000


@dataclass(frozen=True)
class Installation:
    """Everything that runs Odoo.

    Attributes:
        home: the home folder.
        odoo: the Odoo to run.
        databases: the databases of its server.
    """

    home: Home
    odoo: Odoo
    databases: Databases


def _odoo_step(home: Home) -> steps.Step:
    return steps.Step(
        "odoo",
        "Odoo 19 (download, some minutes)",
        digest(
            odoo_source.SERIES,
            odoo_source.UNSTABLE_PACKAGES,
            odoo_source.STABLE_PACKAGES,
        ),
        lambda: odoo_source.fetch(home),
        lambda: odoo_source.describe(home.odoo, "downloaded") is not None,
    )


def _ensure_odoo(home: Home, environ: Mapping[str, str]) -> odoo_source.OdooSource:
    fetching = _odoo_step(home)
    source = odoo_source.from_environment(environ) or odoo_source.from_system()
    if source is None:
        steps.run(home, fetching)
        source = odoo_source.describe(home.odoo, "downloaded")
    if source is None:
        raise HcError("Odoo", "the download is incomplete", "Run ./hc up again")
    odoo_source.link(home, source)
    return source


def _ensure_server(
    home: Home, environ: Mapping[str, str], db_url: str | None
) -> database_server.DatabaseServer:
    """Return a running database server, starting the embedded one where needed."""
    known = database_server.remembered(home)
    named = database_server.parse_url(db_url) if db_url else None
    external = named or database_server.from_environment(environ)
    if external is None and known and not known.is_embedded:
        external = known
    if external:
        database_server.remember(home, external)
        return external
    embedded = EmbeddedPostgres(home)
    if not embedded.exists:
        with progress("PostgreSQL cluster"):
            embedded.create()
    if embedded.running_port() is None:
        with progress("Starting PostgreSQL"):
            return embedded.start()
    return embedded.start()


def prepare(
    home: Home, environ: Mapping[str, str] = os.environ, db_url: str | None = None
) -> Installation:
    """Carry out what is left of the set-up.

    Args:
        home: the home folder; the caller holds its lock.
        environ: the process environment.
        db_url: a PostgreSQL server to use instead of the embedded one.

    Returns:
        What is ready.

    Raises:
        HcError: a step failed; the finished ones are kept.
    """
    home.prepare()
    if is_root() and home.root.stat().st_uid != 0:
        raise HcError(
            "home folder",
            f"{home.root} belongs to another user, and this is root",
            "Run ./hc as that user, or set HC_HOME to a folder of root's",
        )
    wanted = [
        python_env.environment_step(home),
        python_env.packages_step(home, "runtime", "Python packages and PostgreSQL"),
    ]
    if not all(steps.is_done(home, step) for step in wanted):
        require_disk_space(home.root, INSTALL_BYTES)
    source = _ensure_odoo(home, environ)
    for step in wanted:
        steps.run(home, step)
    secret_keys.ensure(home)
    server = _ensure_server(home, environ, db_url)
    odoo = Odoo(home, source, server)
    odoo.write_config()
    return Installation(home, odoo, Databases(home, server))


def ready(home: Home, environ: Mapping[str, str] = os.environ) -> Installation:
    """Return what an earlier set-up left, for commands that only use it.

    Args:
        home: the home folder.
        environ: the process environment.

    Raises:
        HcError: the set-up was never finished.
    """
    source = odoo_source.locate(home, environ)
    server = database_server.remembered(home)
    if source is None or server is None or not home.python.exists():
        raise HcError("set-up", f"{home.root} holds no finished installation", "Run ./hc up first")
    return Installation(home, Odoo(home, source, server), Databases(home, server))
