# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two processes drain jobs and are killed twenty times: no job is lost, none is doubled.

Each job adds one to its mark in the database, and a line to its process's file. The mark is
committed with the job's being done, so it stands at exactly one; the files show that what a job
does outside the database may happen again, as documented.
"""

import os
import random
import time
from collections import Counter

import killed_workers

JOBS = 3000
KILLS = 20
PROCESSES = 2
JOB_SECONDS = 0.004
# How long a process has been at work when it is killed: anywhere within a batch.
SECONDS_AT_WORK = (0.0, 0.3)
LEASE_SECONDS = 1


def _drain_to_the_end(registry, folder):
    """One drain: works until no job is left, its own or a dead process's."""
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
    killed_workers.drain_jobs(registry, [("batch", "=", "killed")])


def _kill_and_replace(database, folder):
    """Fork drains, kill them at random and fork new ones."""
    registry = killed_workers.load(database)
    killed_workers.set_constant(registry, "hc.job", "_drain", LEASE_SECONDS=LEASE_SECONDS)

    def start():
        return killed_workers.fork(_drain_to_the_end, registry, folder)

    def has_begun():
        own = folder / str(pid)
        return own.exists() and own.stat().st_size

    drains = [start() for _number in range(PROCESSES)]
    for _kill in range(KILLS):
        pid = drains.pop(random.randrange(PROCESSES))
        assert killed_workers.kill_at_work(pid, has_begun, SECONDS_AT_WORK), "all done too soon"
        drains.append(start())
    assert killed_workers.ended_well(*drains)


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
    killed_workers.run_apart(_kill_and_replace, database_name, tmp_path)
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
