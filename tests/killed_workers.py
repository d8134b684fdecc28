# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Workers that are killed at work, and what comes after them.

A process of its own loads Odoo once and forks the workers from it: a test that kills has no time to
load it for each of them, and must not lose its own connections.
"""

import multiprocessing
import os
import random
import signal
import sys
import time

PATIENCE_SECONDS = 300


def run_apart(target, *arguments, patience_seconds=PATIENCE_SECONDS):
    """Run a function in a process of its own, and expect it to end well.

    Args:
        target: a function of a module; it loads Odoo by `load`.
        arguments: what it takes.
        patience_seconds: how long it may take.
    """
    process = multiprocessing.get_context("spawn").Process(
        target=target, args=arguments, daemon=True
    )
    process.start()
    process.join(patience_seconds)
    assert process.exitcode == 0


def load(database):
    """Load Odoo for workers that are forked afterwards.

    Args:
        database: name of the database.

    Returns:
        its registry; processes must not share a connection, so none is left open.
    """
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config([f"--config={os.environ['HC_TEST_CONFIG']}", "--max-cron-threads=0"])
    registry = Registry(database)
    odoo.sql_db.close_all()
    return registry


def open_environment(cursor):
    """The superuser's environment on a cursor."""
    import odoo

    return odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})


def fork(work, *arguments):
    """Fork a worker.

    Args:
        work: a function; the worker ends with it.
        arguments: what it takes.

    Returns:
        the worker's process id.
    """
    pid = os.fork()
    if not pid:
        status = 1
        try:
            work(*arguments)
            status = 0
        finally:
            os._exit(status)
    return pid


def kill_at_work(pid, has_begun, seconds_at_work, patience_seconds=PATIENCE_SECONDS):
    """Kill a worker at a random moment after it has begun.

    Args:
        pid: the worker.
        has_begun: tells whether it has.
        seconds_at_work: least and most seconds that it then works.
        patience_seconds: when it is killed although it has not begun.

    Returns:
        whether it was still at work.
    """
    deadline = time.monotonic() + patience_seconds
    while not has_begun() and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(random.uniform(*seconds_at_work))
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


def ended_well(*pids):
    """Wait for workers and tell whether all ended without an error."""
    return all(os.waitpid(pid, 0)[1] == 0 for pid in pids)


def drain_jobs(registry, domain, pause_seconds=0.05):
    """Run jobs, one's own or a dead worker's, until none of a domain is left.

    Args:
        registry: the database's.
        domain: which jobs are waited for.
        pause_seconds: how long to wait for those that other workers have.
    """
    waiting = [*domain, ("state", "in", ("pending", "running"))]
    while True:
        with registry.cursor() as cursor:
            jobs = open_environment(cursor)["hc.job"]
            jobs._drain(jobs.env["ir.cron"]._commit_progress)
            if not jobs.search_count(waiting, limit=1):
                return
        time.sleep(pause_seconds)


def set_constant(registry, model, method, **values):
    """Set constants of the module that defines a method, as the workers shall have them.

    Args:
        registry: the database's.
        model: the model's name.
        method: a method of it.
        values: the constants.
    """
    module = sys.modules[getattr(registry[model], method).__module__]
    for name, value in values.items():
        assert hasattr(module, name), name
        setattr(module, name, value)
