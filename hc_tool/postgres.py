# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The PostgreSQL that comes as a wheel: create its cluster, start it, stop it.

PostgreSQL refuses to run as root. For root, its programs run as an unprivileged account
through `setpriv`; where the home folder lies below one that only root may enter (such as
`/root`), they keep the single capability to pass through it.
"""

import os
import pwd
import secrets
import subprocess
from pathlib import Path

from . import ports
from .database_server import DatabaseServer, remember, remembered
from .errors import HcError
from .files import remove
from .paths import Home
from .process import is_alive, is_root, output_of, run_logged
from .python_env import postgres_programs

ACCOUNTS = ("postgres", "nobody")
ADMINISTRATOR = "postgres"
ROLE = "odoo"

# A development machine: few connections, batches of inserts, durable demo data.
SETTINGS = {
    "listen_addresses": ports.LOCALHOST,
    "unix_socket_directories": "",
    "max_connections": "60",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
}
_REPAIR = "Look at the log, or start afresh with: ./hc reset --all"


def _account() -> pwd.struct_passwd:
    """Return the unprivileged account that runs PostgreSQL for root."""
    for name in ACCOUNTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise HcError(
        "PostgreSQL",
        "it refuses to run as root and there is no account "
        + " or ".join(f"'{name}'" for name in ACCOUNTS),
        "Run ./hc as an ordinary user",
    )


def drop_privileges_prefix(program: Path) -> list[str]:
    """Return the words that start a PostgreSQL program as a user it accepts.

    Args:
        program: the program, to try whether that user can reach it.
    """
    if not is_root():
        return []
    account = _account()
    prefix = [
        "setpriv",
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
    ]
    if output_of([*prefix, "test", "-x", program]) is not None:
        return prefix
    for capability in ("dac_read_search", "dac_override"):
        capable = [
            *prefix,
            # Without this, access(2) ignores the capability of a user other than root.
            "--securebits=+no_setuid_fixup",
            f"--inh-caps=+{capability}",
            f"--ambient-caps=+{capability}",
        ]
        if output_of([*capable, "test", "-x", program]) is not None:
            return capable
    raise HcError(
        "PostgreSQL",
        f"the account '{account.pw_name}' cannot enter {program.parent}",
        "Set HC_HOME to a folder that other users may enter, or run ./hc as an ordinary user",
    )


class EmbeddedPostgres:
    """The cluster in the home folder.

    Args:
        home: the home folder, with the packages installed.
    """

    def __init__(self, home: Home):
        programs = postgres_programs(home)
        if programs is None:
            raise HcError(
                "PostgreSQL",
                "its package is not installed",
                "Run ./hc up to finish the set-up",
            )
        self._home = home
        self._programs = programs
        self._cluster = home.postgres / "data"
        self._log = home.postgres / "postgres.log"

    @property
    def exists(self) -> bool:
        """The cluster has been created."""
        return (self._cluster / "PG_VERSION").exists()

    def running_port(self) -> int | None:
        """Return the port of the running server, or None."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except (OSError, ValueError, IndexError):
            return None
        return port if is_alive(pid) else None

    def create(self) -> None:
        """Create the cluster with a random password for both of its roles.

        Raises:
            HcError: `initdb` failed.
        """
        password = secrets.token_urlsafe(24)
        building = self._home.postgres / "data.building"
        remove(building)
        self._home.postgres.mkdir(exist_ok=True)
        if is_root():
            account = _account()
            os.chown(self._home.postgres, account.pw_uid, account.pw_gid)
        password_file = self._home.postgres / "password"
        descriptor = os.open(password_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as stream:
            stream.write(password)
        if is_root():
            os.chown(password_file, account.pw_uid, account.pw_gid)
        self._run(
            "initdb",
            f"--pgdata={building}",
            f"--username={ADMINISTRATOR}",
            f"--pwfile={password_file}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
        )
        password_file.unlink()
        remember(
            self._home,
            DatabaseServer(ports.LOCALHOST, 0, ROLE, password, is_embedded=True),
        )
        building.rename(self._cluster)

    def start(self) -> DatabaseServer:
        """Start the server unless it runs, and return its address.

        Raises:
            HcError: it does not start.
        """
        known = remembered(self._home)
        if known is None or not known.is_embedded:
            raise HcError("PostgreSQL", "the password of the embedded server is lost", _REPAIR)
        port = self.running_port()
        if port is None:
            port = known.port if known.port and ports.is_free(known.port) else 0
            port = port or ports.free_port()
            options = [f"-c {name}={value}" for name, value in SETTINGS.items()]
            self._run(
                "pg_ctl",
                "start",
                "--wait",
                f"--pgdata={self._cluster}",
                f"--log={self._log}",
                f"--options=-p {port} {' '.join(options)}",
            )
        server = DatabaseServer(known.host, port, known.user, known.password, is_embedded=True)
        remember(self._home, server)
        self._create_role(server)
        return server

    def stop(self) -> None:
        """Stop the server if it runs.

        Raises:
            HcError: it does not stop.
        """
        if self.running_port() is not None:
            self._run("pg_ctl", "stop", "--mode=fast", f"--pgdata={self._cluster}")

    def _create_role(self, server: DatabaseServer) -> None:
        statement = (
            f"DO $$ BEGIN IF to_regrole('{ROLE}') IS NULL THEN "
            f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{server.password}'; "
            "END IF; END $$"
        )
        environ = {**os.environ, **server.environ(), "PGUSER": ADMINISTRATOR}
        run_logged(
            [self._programs / "psql", "-Xq", "-d", "postgres", "-c", statement],
            self._home.logs / "setup.log",
            "PostgreSQL",
            _REPAIR,
            environ=environ,
        )

    def _run(self, program: str, *arguments: str) -> None:
        path = self._programs / program
        command = [*drop_privileges_prefix(path), path, *arguments]
        environ = {name: value for name, value in os.environ.items() if name[:2] != "PG"}
        # The server inherits these descriptors: a pipe would never be closed.
        log = self._home.logs / "setup.log"
        try:
            run_logged(command, log, "PostgreSQL", _REPAIR, environ=environ, cwd=Path("/"))
        except subprocess.SubprocessError as error:
            raise HcError("PostgreSQL", str(error), _REPAIR) from error
