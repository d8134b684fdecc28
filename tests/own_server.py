# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A real server of several processes for one test, which the test may kill.

Run as a program, this file is that server.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

_PATIENCE_SECONDS = 120


class OwnServer:
    """Processes of one server.

    Attributes:
        url: where it listens, on this machine only.
    """

    def __init__(self, database, workers, log_path, extra_addons=""):
        self._log_path = log_path
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._arguments = [os.environ["HC_TEST_CONFIG"], database, str(self._port), str(workers)]
        self._arguments += [extra_addons]
        self._process = None

    def start(self):
        """Start it and wait until it answers."""
        with open(self._log_path, "ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, __file__, *self._arguments],
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while not self._answers():
            assert self._process.poll() is None, "the server ended before it answered"
            assert time.monotonic() < deadline, "the server did not answer in time"
            time.sleep(0.2)

    def kill(self):
        """Kill all of its processes at once, as when the machine fails."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def cpu_seconds(self):
        """CPU time that its processes have used so far."""
        ticks = 0
        for number in filter(str.isdecimal, os.listdir("/proc")):
            try:
                with open(f"/proc/{number}/stat") as stream:
                    fields = stream.read().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[2]) == self._process.pid:  # its process group
                ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def _answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=5)
        try:
            connection.request("GET", "/web/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()


@contextmanager
def own_server(database, log_path, *, workers=2, extra_addons=""):
    """Run a server of its own on a database; it is killed at the end.

    Args:
        database: name of the database that it serves.
        log_path: file that its log is appended to.
        workers: processes that answer requests.
        extra_addons: a further folder of add-ons.
    """
    server = OwnServer(database, workers, log_path, extra_addons)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def install(database, module, log_path, extra_addons):
    """Install a module of a further folder of add-ons, in a process of its own."""
    arguments = [os.environ["HC_TEST_CONFIG"], database, "0", "0", extra_addons, module]
    with open(log_path, "ab") as log:
        subprocess.run(
            [sys.executable, __file__, *arguments], stdout=log, stderr=log, check=True
        )  # fmt: skip


def _serve(config_path, database, port, workers, extra_addons, module=""):
    from odoo.service import server
    from odoo.tools import config

    config.parse_config([f"--config={config_path}"])
    addons = [*config["addons_path"], *filter(None, [extra_addons])]
    arguments = [
        f"--config={config_path}", f"--addons-path={','.join(addons)}", f"--database={database}",
        # As odoo.conf has it: no filter, which would cost each request a connection.
        "--db-filter=", "--http-interface=127.0.0.1", f"--http-port={port}",
        f"--workers={workers}", "--max-cron-threads=0", "--limit-request=1000000",
        "--limit-time-real=600", "--limit-time-cpu=600",
    ]  # fmt: skip
    if module:
        arguments += [f"--init={module}", "--stop-after-init", "--no-http"]
    config.parse_config(arguments, setup_logging=True)
    # Nobody waits for messages of the web client here.
    server.PreforkServer.long_polling_spawn = lambda server: None
    server.start(preload=[database], stop=bool(module))


if __name__ == "__main__":
    _serve(*sys.argv[1:])
