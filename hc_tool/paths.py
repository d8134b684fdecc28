# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Where everything that the tool installs or writes is kept."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import HcError

REPOSITORY = Path(__file__).resolve().parent.parent
DEFAULT_PORT = 8069


@dataclass(frozen=True)
class Home:
    """The one folder (`.hc`, or `HC_HOME`) and the layout inside it."""

    root: Path

    @property
    def apt(self) -> Path:
        """Private state of the package manager; empty once Odoo is unpacked."""
        return self.root / "apt"

    @property
    def odoo(self) -> Path:
        """Odoo 19 as downloaded."""
        return self.root / "odoo"

    @property
    def odoo_link(self) -> Path:
        """A folder that holds nothing but a link to the package `odoo`."""
        return self.root / "odoo-import"

    @property
    def environment(self) -> Path:
        """The Python virtual environment."""
        return self.root / "venv"

    @property
    def python(self) -> Path:
        """The interpreter that runs Odoo."""
        return self.environment / "bin" / "python"

    @property
    def postgres(self) -> Path:
        """Cluster, log and password file of the embedded PostgreSQL."""
        return self.root / "postgres"

    @property
    def data(self) -> Path:
        """Odoo's data folder: file store and sessions."""
        return self.root / "data"

    @property
    def logs(self) -> Path:
        """Logs of the server, of the set-up and of the tests."""
        return self.root / "logs"

    @property
    def config(self) -> Path:
        """The generated Odoo configuration."""
        return self.root / "odoo.conf"

    @property
    def secret_key(self) -> Path:
        """The keys that encrypt the demo's secrets, one a line, the first for new ones."""
        return self.root / "secret.key"

    @property
    def pid_file(self) -> Path:
        """Process id of the running demo server."""
        return self.root / "odoo.pid"

    @property
    def state(self) -> Path:
        """What must be remembered between two commands."""
        return self.root / "state.json"

    @property
    def stamps(self) -> Path:
        """One file for each finished step."""
        return self.root / "stamps"

    @property
    def browser(self) -> Path:
        """Chromium unpacked for a user who cannot install packages."""
        return self.root / "browser"

    @property
    def bytecode(self) -> Path:
        """Compiled Python, which would lie about in the checkout and in Odoo's source else."""
        return self.root / "bytecode"

    def contents(self) -> list[Path]:
        """Return everything that the tool may have put here, and nothing of others."""
        kept = (
            self.apt,
            self.odoo,
            self.odoo_link,
            self.environment,
            self.postgres,
            self.data,
            self.logs,
            self.config,
            self.secret_key,
            self.pid_file,
            self.state,
            self.stamps,
            self.browser,
            self.bytecode,
        )
        unfinished = (path.with_name(path.name + ".building") for path in kept)
        return [*kept, *unfinished]

    def prepare(self) -> None:
        """Create the folder and the ones that every command needs."""
        for folder in (self.root, self.logs, self.stamps, self.data):
            folder.mkdir(parents=True, exist_ok=True)


def home_from(environ: Mapping[str, str]) -> Home:
    """Return the home folder that the environment asks for.

    Args:
        environ: the process environment.
    """
    named = environ.get("HC_HOME")
    return Home(Path(named).expanduser().resolve() if named else REPOSITORY / ".hc")


def port_from(environ: Mapping[str, str]) -> int:
    """Return the HTTP port that the environment asks for.

    Args:
        environ: the process environment.

    Raises:
        HcError: `HC_PORT` is not a port number.
    """
    text = environ.get("HC_PORT") or str(DEFAULT_PORT)
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= 65535:
        raise HcError(
            "HC_PORT",
            f"'{text}' is not a port number",
            "Set it to a number between 1 and 65535",
        )
    return int(text)


def corpus_from(environ: Mapping[str, str]) -> Path:
    """Return the folder of sample documents that tests may read.

    Args:
        environ: the process environment.
    """
    return Path(environ.get("HC_CORPUS") or os.path.join(REPOSITORY, "../shared/corpus"))
