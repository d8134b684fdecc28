# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The demo database and its server."""

from dataclasses import dataclass

from . import ports, server, templates
from .console import progress
from .database import Databases
from .database_server import update_state
from .files import read_json
from .installation import Installation
from .paths import Home

DATABASE = "hc_demo"

_LOGINS = """
SELECT replace(substr(data.name, 11), '_', ' '), users.login
  FROM res_users AS users
  JOIN ir_model_data AS data ON data.model = 'res.users' AND data.res_id = users.id
 WHERE data.module LIKE 'hc\\_%' AND data.name LIKE 'demo\\_user\\_%' AND users.active
 ORDER BY users.id
"""
_MODULES = """
SELECT name, latest_version
  FROM ir_module_module
 WHERE state = 'installed' AND name IN ({names})
 ORDER BY name
"""


@dataclass(frozen=True)
class Login:
    """A user of the demo; the password is the login."""

    role: str
    login: str


def url_of(port: int) -> str:
    """Return the address of the demo server.

    Args:
        port: its port.
    """
    return f"http://{ports.LOCALHOST}:{port}"


def ensure_database(installation: Installation, module: str | None) -> bool:
    """Create the demo database, or update its modules where their code has changed.

    Args:
        installation: the finished set-up.
        module: the module to install, by default the one that brings the demo.

    Returns:
        True where the database changed, so that a running server must start again.
    """
    home, databases = installation.home, installation.databases
    modules = templates.suite_modules()
    wanted = module or templates.demo_module(modules)
    template = templates.Template((wanted,), True, installation.odoo.source.version)
    key = template.key
    if databases.exists(DATABASE):
        if read_json(home.state).get("demo_key") == key:
            return False
        server.stop_demo(home)
        installed = ",".join([wanted, *installed_modules(databases)])
        log = home.logs / "update.log"
        log.unlink(missing_ok=True)
        with progress("Updating the demo database to the changed modules"):
            installation.odoo.run(
                DATABASE,
                f"--init={wanted}",
                f"--update={installed}",
                "--with-demo",
                what="updating the demo database",
                log=log,
            )
            templates.verify(databases, DATABASE, template, log)
    else:
        server.stop_demo(home)
        with progress(f"Building the demo database with {wanted} (some minutes)"):
            name = templates.build(installation.odoo, databases, template)
        with progress("Copying the demo database"):
            databases.clone(name, f"{DATABASE}_building")
            databases.rename(f"{DATABASE}_building", DATABASE)
    update_state(home, demo_key=key)
    return True


def start(installation: Installation, port: int) -> None:
    """Make sure that the demo server runs on a port.

    Args:
        installation: the finished set-up.
        port: where it listens.
    """
    home = installation.home
    if server.running_pid(home):
        if read_json(home.state).get("port") == port and server.answers(port):
            return
        server.stop_demo(home)
    ports.require_free(port)
    update_state(home, port=port)
    server.start_demo(installation.odoo, DATABASE, port)


def logins(databases: Databases) -> list[Login]:
    """Return one login for each role of the demo.

    Args:
        databases: where the demo database is.
    """
    rows = databases.query(DATABASE, _LOGINS)
    return [Login(role, login) for role, login in rows]


def installed_modules(databases: Databases) -> dict[str, str]:
    """Return the suite's installed modules with their versions.

    Args:
        databases: where the demo database is.
    """
    names = ", ".join(f"'{name}'" for name in templates.suite_modules())
    if not names:
        return {}
    return dict(databases.query(DATABASE, _MODULES.format(names=names)))


def status(home: Home, port: int, databases: Databases | None) -> dict:
    """Return the state of the demo as plain values.

    Args:
        home: the home folder.
        port: the port that is asked for where no server has ever run.
        databases: the databases, or None where nothing is installed.
    """
    known_port = read_json(home.state).get("port") or port
    pid = server.running_pid(home)
    has_database = databases is not None and databases.exists(DATABASE)
    return {
        "url": url_of(known_port),
        "port": known_port,
        "running": pid is not None,
        "healthy": pid is not None and server.answers(known_port),
        "pid": pid,
        "database": DATABASE if has_database else None,
        "modules": installed_modules(databases) if has_database else {},
        "home": str(home.root),
    }
