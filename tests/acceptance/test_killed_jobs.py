# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two processes drain jobs and are killed twenty times: no job is lost, none is doubled.

Each job adds one to its mark in the database, and a line to its process's file. The mark is
committed with the job's being done, so it stands at exactly one; the files show that what a job
does outside the database may happen again, as documented.
"""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter

JOBS = 3000
KILLS = 20
PROCESSES = 2
JOB_SECONDS = 0.004
# How long a process has been at work when it is killed: anywhere within a batch.
SECONDS_AT_WORK = (0.0, 0.3)
LEASE_SECONDS = 1
PATIENCE_SECONDS = 300


def _drain_to_the_end(database, folder):
    """One drain: works until no job is left, its own or a dead process's."""
    import odoo
    from odoo.modules.registry import Registry

    registry = Registry(database)
    outside = os.open(folder / str(os.getpid()), os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def mark(records, number):
        os.write(outside, f"{number}\n".encode())
        records.env.cr.execute(
            "INSERT INTO killed_job_mark VALUES (%s, 1) "
            "ON CONFLICT (number) DO UPDATE SET runs = killed_job_mark.runs + 1",
            [number],
        )
        time.sleep(JOB_SECONDS)

    registry["hc.job"]._job_ping = mark
    open_states = [("batch", "=", "killed"), ("state", "in", ("pending", "running"))]
    while True:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            env["hc.job"]._drain(env["ir.cron"]._commit_progress)
            if not env["hc.job"].search_count(open_states):
                return
        time.sleep(0.1)


def _fork(database, folder):
    pid = os.fork()
    if not pid:
        status = 1
        try:
            _drain_to_the_end(database, folder)
            status = 0
        finally:
            os._exit(status)
    return pid


def _kill_at_work(pid, folder):
    """Wait until the process has run its first job, then kill it in the middle of some other."""
    own = folder / str(pid)
    while not (own.exists() and own.stat().st_size):
        time.sleep(0.005)
    time.sleep(random.uniform(*SECONDS_AT_WORK))
    os.kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "the jobs were done before the last kill"


def _kill_and_replace(config, database, folder):
    """Load Odoo once, then fork drains from it, kill them at random and fork new ones."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0"])
    registry = Registry(database)
    sys.modules[registry["hc.job"]._drain.__module__].LEASE_SECONDS = LEASE_SECONDS
    # Processes must not share a connection.
    odoo.sql_db.close_all()
    drains = [_fork(database, folder) for _number in range(PROCESSES)]
    for _kill in range(KILLS):
        _kill_at_work(drains.pop(random.randrange(PROCESSES)), folder)
        drains.append(_fork(database, folder))
    assert [os.waitpid(pid, 0)[1] for pid in drains] == [0] * PROCESSES


def _enter_jobs(env):
    env.cr.execute("DROP TABLE IF EXISTS killed_job_mark")
    env.cr.execute("CREATE TABLE killed_job_mark (number int PRIMARY KEY, runs int)")
    jobs = env["hc.job"]
    requests = [
        {
            "records": jobs,
            "method": "_job_ping",
            "arguments": {"number": number},
            "key": f"killed:{number}",
            "batch": "killed",
        }
        for number in range(JOBS)
    ]
    entered = jobs._enqueue(requests)
    # Twenty kills may hit one job more often than real life would.
    entered._write_guarded({"max_attempts": KILLS + 1})
    return entered.ids


def test_killed_drains_lose_and_double_nothing(odoo_env, database_name, tmp_path):
    with odoo_env() as env:
        ids = _enter_jobs(env)
    process = multiprocessing.get_context("spawn").Process(
        target=_kill_and_replace,
        args=(os.environ["HC_TEST_CONFIG"], database_name, tmp_path),
        daemon=True,
    )
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == 0
    with odoo_env() as env:
        jobs = env["hc.job"].browse(ids)
        assert Counter(jobs.mapped("state")) == {"done": JOBS}
        env.cr.execute("SELECT runs, count(*) FROM killed_job_mark GROUP BY runs")
        assert env.cr.fetchall() == [(1, JOBS)]
        processes = {owner.rpartition(":")[0] for owner in jobs.mapped("lease_owner")}
        assert len(processes) > PROCESSES, "the work was not shared"
        interrupted = jobs.filtered(lambda job: job.attempts > 1)
        assert interrupted, "no kill hit a job at work"
        assert all(interrupted.mapped("alone"))
        env.cr.execute("DROP TABLE killed_job_mark")
    runs = [line for path in tmp_path.iterdir() for line in path.read_text().split()]
    assert len(set(runs)) == JOBS
    assert len(runs) > JOBS, "no killed job had begun outside the database"
