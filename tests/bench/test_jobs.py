# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Jobs that do nothing: how many are entered, and run by two Scheduled Actions, in a second."""

import multiprocessing
import os
import time
from collections import Counter
from datetime import timedelta

AIM_JOBS_PER_SECOND = 200


def _enter(env, count, batch, **values):
    """Jobs that do nothing, in transactions of a thousand."""
    jobs = env["hc.job"]
    for start in range(0, count, 1000):
        jobs._enqueue(
            [
                {
                    "records": jobs,
                    "method": "_job_ping",
                    "key": f"{batch} {number}",
                    "batch": batch,
                    **values,
                }
                for number in range(start, min(start + 1000, count))
            ]
        )
        env["ir.cron"]._commit_progress()


def _run_scheduled_action(config, database, xml_id, batch, ready, go):
    """Run one Scheduled Action as the cron thread does, again and again until all is done."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0", "--log-level=warn"])
    registry = Registry(database)
    ready.release()
    go.wait()
    left = [("batch", "=", batch), ("state", "in", ("pending", "running"))]
    while True:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            if not env["hc.job"].search_count(left):
                return
            env.ref(xml_id).method_direct_trigger()


def _run_in_two_processes(database, batch):
    """Wall-clock seconds from the start signal until both Scheduled Actions found nothing left."""
    context = multiprocessing.get_context("spawn")
    ready, go = context.Semaphore(0), context.Event()
    drains = [
        context.Process(
            target=_run_scheduled_action,
            args=(
                os.environ["HC_TEST_CONFIG"],
                database,
                f"hc_revenue_base.ir_cron_drain_jobs_{number}",
                batch,
                ready,
                go,
            ),
        )
        for number in (1, 2)
    ]
    for drain in drains:
        drain.start()
    for _drain in drains:
        ready.acquire()
    start = time.perf_counter()
    go.set()
    for drain in drains:
        drain.join()
    assert [drain.exitcode for drain in drains] == [0, 0]
    return time.perf_counter() - start


def test_jobs_by_two_scheduled_actions(odoo_env, database_name, size, figures):
    batch = f"bench {size} {time.time_ns()}"
    with odoo_env() as env:
        start = time.perf_counter()
        _enter(env, size, batch)
        figures.add(f"enter {size} jobs", size / (time.perf_counter() - start), "jobs/s")
    seconds = _run_in_two_processes(database_name, batch)
    with odoo_env() as env:
        jobs = env["hc.job"].search([("batch", "=", batch)])
        assert len(jobs) == size
        assert set(jobs.mapped("state")) == {"done"}
        assert set(jobs.mapped("attempts")) == {1}
        shares = Counter(owner.rpartition(":")[0] for owner in jobs.mapped("lease_owner"))
        if size > 1000:
            assert len(shares) == 2, "one process did all the work"
        figures.add(f"share of the busier process, {size}", max(shares.values()) / size, "of 1")
    note = f"aim: at least {AIM_JOBS_PER_SECOND}"
    figures.add(f"run {size} jobs, two Scheduled Actions", size / seconds, "jobs/s", note)


def test_jobs_that_are_not_due_do_not_hold_up_a_drain(odoo_env, size, figures):
    """A lease among jobs of which most are not due: after an outage they are many."""
    batch = f"later {size} {time.time_ns()}"
    with odoo_env() as env:
        later = env.cr.now() + timedelta(days=1)
        _enter(env, size, batch, not_before=later)
        start = time.perf_counter()
        picked = env["hc.job"]._pick(0, 1)
        figures.add(
            f"look for work, {size} jobs not due", (time.perf_counter() - start) * 1e3, "ms"
        )
        assert not picked
        env["hc.job"].search([("batch", "=", batch)])._transition("cancelled")
