# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Databases and their file stores: create, clone, rename, drop, ask."""

import csv
import io
import os
import re
import shutil
import subprocess
from dataclasses import dataclass, replace

from .database_server import DatabaseServer
from .errors import HcError
from .files import remove
from .paths import Home
from .postgres import ADMINISTRATOR
from .process import last_message
from .python_env import postgres_programs

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Databases:
    """The databases of one server, each with its folder in Odoo's file store."""

    home: Home
    server: DatabaseServer

    def query(self, database: str, statement: str) -> list[list[str]]:
        """Run one SQL statement.

        Args:
            database: where to run it.
            statement: the SQL; names and values in it must be trusted.

        Returns:
            The rows as text.

        Raises:
            HcError: the server is down or refuses the statement.
        """
        return self._query(self.server, database, statement)

    def exists(self, name: str) -> bool:
        """Tell whether a database exists.

        Args:
            name: its name.
        """
        return name in self.names(name)

    def names(self, prefix: str) -> list[str]:
        """Return the databases whose name starts with a prefix.

        Args:
            prefix: the first characters.
        """
        rows = self.query("postgres", "SELECT datname FROM pg_database ORDER BY 1")
        return [name for (name,) in rows if name.startswith(prefix)]

    def create(self, name: str) -> None:
        """Create an empty database as Odoo wants it.

        Args:
            name: its name.
        """
        self.query(
            "postgres",
            f"CREATE DATABASE {_checked(name)} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C'",
        )
        for extension in ("unaccent", "pg_trgm"):
            self.query(name, f"CREATE EXTENSION IF NOT EXISTS {extension}")
        if self.server.is_embedded:
            # Odoo indexes unaccented text; only the function's owner may declare that
            # its result never changes.
            administrator = replace(self.server, user=ADMINISTRATOR)
            self._query(administrator, name, "ALTER FUNCTION unaccent(text) IMMUTABLE")

    def clone(self, template: str, name: str) -> None:
        """Copy a database and its files.

        Args:
            template: the database to copy; nobody may be connected to it.
            name: the new database; an existing one is replaced.
        """
        self.drop(name)
        strategy = " STRATEGY FILE_COPY" if self.server.is_embedded else ""
        statement = f"CREATE DATABASE {_checked(name)} TEMPLATE {_checked(template)}"
        self.query("postgres", statement + strategy)
        if self._files(template).exists():
            shutil.copytree(self._files(template), self._files(name))

    def rename(self, name: str, new_name: str) -> None:
        """Rename a database and its files.

        Args:
            name: the present name.
            new_name: the name to give.
        """
        remove(self._files(new_name))
        if self._files(name).exists():
            self._files(name).rename(self._files(new_name))
        self.query("postgres", f"ALTER DATABASE {_checked(name)} RENAME TO {_checked(new_name)}")

    def drop(self, name: str) -> None:
        """Drop a database and its files, if they exist.

        Args:
            name: its name.
        """
        # Not WITH (FORCE): an ordinary user may not end a vacuum worker of the server, which
        # PostgreSQL ends by itself before it drops.
        end_ours = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE usename = current_user AND pid <> pg_backend_pid()"
        )
        self.query("postgres", f"{end_ours} AND datname = '{_checked(name)}'")
        self.query("postgres", f"DROP DATABASE IF EXISTS {_checked(name)}")
        remove(self._files(name))

    def relax_durability(self, name: str) -> None:
        """Let commits of a throw-away database return before they are on disk.

        Args:
            name: its name.
        """
        self.query("postgres", f"ALTER DATABASE {_checked(name)} SET synchronous_commit = off")

    def comment(self, name: str) -> str:
        """Return what was noted on a database; empty where there is neither.

        Args:
            name: its name.
        """
        rows = self.query(
            "postgres",
            "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database",
        )
        return dict(rows).get(name) or ""

    def note(self, name: str, comment: str) -> None:
        """Note something on a database; a copy does not inherit it.

        Args:
            name: its name.
            comment: trusted text without quotes.
        """
        self.query("postgres", f"COMMENT ON DATABASE {_checked(name)} IS '{comment}'")

    def _files(self, name: str):
        return self.home.data / "filestore" / name

    def _query(self, server: DatabaseServer, database: str, statement: str) -> list[list[str]]:
        programs = postgres_programs(self.home)
        psql = str(programs / "psql") if programs else "psql"
        environ = {**os.environ, **server.environ(), "PGDATABASE": database}
        environ.update(PGCONNECT_TIMEOUT="10", PGCLIENTENCODING="UTF8")
        try:
            result = subprocess.run(
                [psql, "-Xqt", "--csv", "-v", "ON_ERROR_STOP=1", "-c", statement],
                capture_output=True,
                env=environ,
                check=False,
            )
        except FileNotFoundError as error:
            raise HcError(
                "PostgreSQL", "psql is not installed", "Run ./hc up to finish the set-up"
            ) from error
        if result.returncode:
            raise HcError(
                "PostgreSQL",
                last_message(result.stderr.decode(errors="replace")),
                "Run ./hc up to start it; ./hc doctor tells more"
                if server.is_embedded
                else f"Check the server at {server.host}:{server.port}",
            )
        return list(csv.reader(io.StringIO(result.stdout.decode())))


def _checked(name: str) -> str:
    """Return a database name that needs no quoting."""
    if not _NAME.fullmatch(name):
        raise HcError(
            "database",
            f"'{name}' is no database name",
            "Use lower-case letters, digits and underscores",
        )
    return name
