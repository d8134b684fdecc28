# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Running Odoo: one-off commands, and servers that listen."""

import os
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import ports
from .console import progress
from .database_server import DatabaseServer
from .errors import HcError
from .files import write_text
from .odoo_source import OdooSource
from .paths import REPOSITORY, Home
from .process import is_alive, last_message, run_logged
from .python_env import odoo_environ

START_TIMEOUT_SECONDS = 120
STOP_TIMEOUT_SECONDS = 30
HEALTH_PATH = "/web/health"


@dataclass(frozen=True)
class Odoo:
    """An Odoo that is ready to run.

    Attributes:
        home: the home folder.
        source: the Odoo to run.
        server: the database server.
    """

    home: Home
    source: OdooSource
    server: DatabaseServer

    def write_config(self) -> None:
        """Write the configuration file that all commands share."""
        addons = [*self.source.addons, REPOSITORY / "addons"]
        values = {
            "addons_path": ",".join(str(folder) for folder in addons),
            "data_dir": self.home.data,
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "db_password": self.server.password or False,
            "http_interface": ports.LOCALHOST,
            "list_db": False,
            "workers": 0,
            "max_cron_threads": 1,
        }
        lines = [f"{name} = {value}\n" for name, value in values.items()]
        write_text(self.home.config, "[options]\n" + "".join(lines), mode=0o600)

    def command(self, database: str, *arguments: str, subcommand: str = "") -> list[str]:
        """Return the command that runs Odoo's own script.

        Args:
            database: the database to work on.
            arguments: more options.
            subcommand: such as `shell`.
        """
        words = [str(self.home.python), str(self.source.script)]
        words += [subcommand] if subcommand else []
        return [*words, f"--config={self.home.config}", f"--database={database}"] + list(arguments)

    def run(self, database: str, *arguments: str, what: str, log: Path) -> None:
        """Run Odoo until it has carried out its arguments.

        Args:
            database: the database to work on.
            arguments: such as `--init=account`.
            what: name of the work, for the error.
            log: where the output goes.

        Raises:
            HcError: Odoo failed.
        """
        run_logged(
            self.command(database, "--stop-after-init", "--no-http", "--max-cron-threads=0")
            + list(arguments),
            log,
            what,
            "Correct the cause, then run the same command again",
            environ=odoo_environ(self.home),
            cwd=REPOSITORY,
        )

    def launch(self, database: str, port: int, log: Path, *arguments: str) -> subprocess.Popen:
        """Start a server in a process group of its own and wait until it answers.

        Args:
            database: the only database that it serves.
            port: where it listens.
            log: where its output goes.
            arguments: more options.

        Returns:
            The process.

        Raises:
            HcError: it ends or does not answer in time.
        """
        with open(log, "ab") as stream:
            start = stream.tell()
            process = subprocess.Popen(
                self.command(database, f"--http-port={port}", f"--db-filter=^{database}$")
                + list(arguments),
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                env=odoo_environ(self.home),
                cwd=REPOSITORY,
                start_new_session=True,
            )
        try:
            _wait_until_healthy(process, port, log, start)
        except BaseException:
            stop_process(process.pid)
            raise
        return process

    @contextmanager
    def serving(self, database: str, log: Path) -> Iterator[str]:
        """Run a server without scheduled jobs for the time of a test run.

        Args:
            database: the database to serve.
            log: where its output goes.

        Yields:
            The URL of the server.
        """
        port = ports.free_port()
        process = self.launch(database, port, log, "--max-cron-threads=0")
        try:
            yield f"http://{ports.LOCALHOST}:{port}"
        finally:
            stop_process(process.pid)
            process.wait()


def _wait_until_healthy(process: subprocess.Popen, port: int, log: Path, start: int) -> None:
    """Return once a server answers; raise the reason that its log gives if it does not."""
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            with open(log, "rb") as stream:
                stream.seek(start)
                output = stream.read().decode(errors="replace")
            raise HcError("Odoo server", last_message(output), f"See the log: {log}")
        time.sleep(0.2)


def answers(port: int) -> bool:
    """Tell whether an Odoo on this machine says that it is healthy.

    Args:
        port: its port.
    """
    url = f"http://{ports.LOCALHOST}:{port}{HEALTH_PATH}"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5) as response:
            return response.status == 200
    except OSError:
        return False


def running_pid(home: Home) -> int | None:
    """Return the process id of the demo server, or None where it does not run.

    Args:
        home: the home folder.
    """
    try:
        pid = int(home.pid_file.read_text())
        arguments = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except (OSError, ValueError):
        return None
    # The system may have given the number to another program since.
    return pid if str(home.config) in arguments and is_alive(pid) else None


def start_demo(odoo: Odoo, database: str, port: int) -> None:
    """Start the demo server in the background.

    Args:
        odoo: the Odoo to run.
        database: the demo database.
        port: where it listens.
    """
    with progress("Starting Odoo"):
        process = odoo.launch(database, port, odoo.home.logs / "odoo.log")
        write_text(odoo.home.pid_file, f"{process.pid}\n")


def stop_demo(home: Home) -> bool:
    """Stop the demo server.

    Args:
        home: the home folder.

    Returns:
        True where it ran.
    """
    pid = running_pid(home)
    if pid is not None:
        stop_process(pid)
    home.pid_file.unlink(missing_ok=True)
    return pid is not None


def stop_process(pid: int) -> None:
    """End a process group that we started: politely, then by force.

    Args:
        pid: the process that leads the group.
    """
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        try:
            os.killpg(pid, number)
        except ProcessLookupError:
            return
        while is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.1)
        if not is_alive(pid):
            return
