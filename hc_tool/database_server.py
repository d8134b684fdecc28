# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which PostgreSQL server is used, and how programs reach it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import quote, unquote, urlsplit

from .errors import HcError
from .files import read_json, write_json
from .paths import Home

_STATE_KEY = "database_server"


@dataclass(frozen=True)
class DatabaseServer:
    """Address and credentials of a PostgreSQL server.

    Attributes:
        host: host name, address, or folder of a Unix socket.
        port: TCP port.
        user: the role that Odoo uses; may create databases.
        password: its password, possibly empty.
        is_embedded: the tool started it and stops it.
    """

    host: str
    port: int
    user: str
    password: str
    is_embedded: bool

    def environ(self) -> dict[str, str]:
        """Return the variables that PostgreSQL's programs read."""
        variables = {"PGHOST": self.host, "PGPORT": str(self.port), "PGUSER": self.user}
        if self.password:
            variables["PGPASSWORD"] = self.password
        return variables

    def url(self, database: str) -> str:
        """Return the connection URL of one database.

        Args:
            database: its name.
        """
        secret = f":{quote(self.password, safe='')}" if self.password else ""
        host = quote(self.host, safe="")
        user = quote(self.user, safe="")
        return f"postgresql://{user}{secret}@{host}:{self.port}/{quote(database)}"


def parse_url(url: str) -> DatabaseServer:
    """Return the server that a connection URL names.

    Args:
        url: `postgresql://user:password@host:port`.

    Raises:
        HcError: it is no such URL.
    """
    todo = "Write it as postgresql://user:password@host:5432"
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError as error:
        raise HcError("--db-url", str(error), todo) from error
    if parts.scheme not in ("postgresql", "postgres") or not parts.hostname:
        raise HcError("--db-url", "it names no PostgreSQL server", todo)
    return DatabaseServer(
        unquote(parts.hostname),
        port,
        unquote(parts.username or "odoo"),
        unquote(parts.password or ""),
        is_embedded=False,
    )


def from_environment(environ: Mapping[str, str]) -> DatabaseServer | None:
    """Return the server that the variables of PostgreSQL's programs name.

    Args:
        environ: the process environment.

    Raises:
        HcError: `PGPORT` is no number.
    """
    if not environ.get("PGHOST"):
        return None
    port = environ.get("PGPORT") or "5432"
    if not port.isdecimal():
        raise HcError("PGPORT", f"'{port}' is not a port number", "Correct or unset it")
    return DatabaseServer(
        environ["PGHOST"],
        int(port),
        environ.get("PGUSER") or environ.get("USER") or "odoo",
        environ.get("PGPASSWORD") or "",
        is_embedded=False,
    )


def remembered(home: Home) -> DatabaseServer | None:
    """Return the server that the last `./hc up` used.

    Args:
        home: the home folder.
    """
    values = read_json(home.state).get(_STATE_KEY)
    return DatabaseServer(**values) if values else None


def remember(home: Home, server: DatabaseServer) -> None:
    """Store the server for later commands.

    Args:
        home: the home folder.
        server: the server.
    """
    update_state(home, **{_STATE_KEY: asdict(server)})


def update_state(home: Home, **values: object) -> None:
    """Change some values of the remembered state.

    Args:
        home: the home folder.
        values: new values by name.
    """
    write_json(home.state, {**read_json(home.state), **values}, mode=0o600)
