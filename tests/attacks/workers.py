# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Workers that run a Scheduled Action in a process of their own, and die."""

import multiprocessing
import os
import signal
import time

import pytest

_PATIENCE_SECONDS = 180


def work(cron, database):
    """Run a Scheduled Action until nothing is left to do."""
    _run(os.environ["HC_TEST_CONFIG"], database, cron)


def kill_while(cron, database, is_at_work, *, after_seconds=1.0):
    """Kill a worker that runs a Scheduled Action, in the midst of it.

    Args:
        cron: external identifier of the Scheduled Action.
        database: name of the database.
        is_at_work: tells whether the worker has begun.
        after_seconds: how long it may go on then.
    """
    arguments = (os.environ["HC_TEST_CONFIG"], database, cron)
    worker = multiprocessing.get_context("spawn").Process(target=_run, args=arguments)
    worker.start()
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not is_at_work():
        assert worker.is_alive(), "the worker ended before it could be killed"
        if time.monotonic() > deadline:
            pytest.fail("the worker did not begin in time")
        time.sleep(0.05)
    time.sleep(after_seconds)
    os.kill(worker.pid, signal.SIGKILL)
    worker.join()


def _run(config, database, cron):
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0"])
    with Registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        env.ref(cron).method_direct_trigger()
