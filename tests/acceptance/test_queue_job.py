# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Jobs run by OCA's queue_job, with its real runner; skipped where it is not installed."""

import importlib.util
import os
import socket
import subprocess
import sys
import time

import pytest

JOBS = 500
PATIENCE_SECONDS = 120
SERVER_WIDE = ["base", "rpc", "web", "queue_job"]


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _command(database, *options):
    """The command line of an Odoo server for the layer's database."""
    return [
        *(sys.executable, "-c", "import odoo.cli; odoo.cli.main()", "server"),
        *(f"--config={os.environ['HC_TEST_CONFIG']}", f"--database={database}"),
        *(f"--load={','.join(SERVER_WIDE)}", "--http-interface=127.0.0.1"),
        *("--workers=0", "--max-cron-threads=0", "--log-level=warn", *options),
    ]


@pytest.fixture
def queue_server(database_name):
    """A server without cron threads that loads the queue: only its runner can run a job."""
    if not importlib.util.find_spec("odoo.addons.queue_job"):
        pytest.skip("queue_job is missing: pip install odoo-addon-queue_job openupgradelib")
    subprocess.run(
        _command(database_name, "--init=hc_queue_job", "--stop-after-init", "--no-http"), check=True
    )
    port = _free_port()
    server = subprocess.Popen(
        _command(database_name, f"--http-port={port}", f"--gevent-port={_free_port()}"),
        env={
            **os.environ,
            "ODOO_QUEUE_JOB_CHANNELS": "root:2",
            "ODOO_QUEUE_JOB_PORT": str(port),
            "ODOO_QUEUE_JOB_HOST": "127.0.0.1",
        },
    )
    yield server
    server.terminate()
    server.wait(timeout=PATIENCE_SECONDS)


def _enter_jobs(env):
    jobs = env["hc.job"]
    return jobs._enqueue(
        [
            {"records": jobs, "method": "_job_ping", "key": f"queue:{number}"}
            for number in range(JOBS)
        ]
    ).ids


def test_the_runner_of_the_queue_runs_the_jobs(queue_server, odoo_env, database_name, monkeypatch):
    from odoo.modules.registry import Registry
    from odoo.tools import config

    # Other tests of this process may have loaded the models before the glue was installed.
    Registry(database_name).check_signaling()
    monkeypatch.setitem(config.options, "server_wide_modules", SERVER_WIDE)
    with odoo_env() as env:
        ids = _enter_jobs(env)
    deadline = time.monotonic() + PATIENCE_SECONDS
    left = JOBS
    while left and time.monotonic() < deadline:
        assert queue_server.poll() is None, "the server ended"
        time.sleep(0.2)
        with odoo_env() as env:
            left = env["hc.job"].search_count([("id", "in", ids), ("state", "!=", "done")])
    assert not left
    with odoo_env() as env:
        owners = env["hc.job"].browse(ids).mapped("lease_owner")
        assert {owner.split(":")[1] for owner in owners} == {str(queue_server.pid)}
        drains = env["queue.job"].search([("identity_key", "=like", "hc_job drain %")])
        assert "done" in drains.mapped("state")
