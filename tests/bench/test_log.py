# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The audit log: what an append costs beside its transition, and two writers at once."""

import multiprocessing
import time
from unittest.mock import patch

import population


def test_append_beside_its_transition(odoo_env, size, figures, stopwatch):
    """Share of a transition's CPU (chatter included) that is the log's; aim: at most 15 %."""
    with odoo_env() as env:
        encounters = population.encounters(env, size, f"log{size}-{time.time_ns()}-")
        log = type(env["hc.transition"])
        append, spent = log._append, []

        def measured(model, entries):
            seconds, result = stopwatch(lambda: append(model, entries))
            spent.append(seconds)
            return result

        # The rule would bill the encounters: only the transition is of interest here.
        rule = env.ref("hc_revenue_base.automation_hc_encounter_completed_and_coded")
        rule._config_write({"active": False})
        with patch.object(log, "_append", measured):
            total, _ = stopwatch(lambda: (encounters.action_complete(), env.cr.flush()))
        assert set(encounters.mapped("state")) == {"completed"}
        figures.add(f"log append, {size} transitions", sum(spent) / total * 100, "% of transition")
        figures.add(f"transition with log, {size}", total / size * 1e3, "ms CPU each")
        env.cr.rollback()


def _append_many(config, database, first_id, count, batch):
    """Append from a process of its own, a commit per batch."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0"])
    registry = Registry(database)
    for start in range(0, count, batch):
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            records = env["hc.encounter"].browse(range(first_id, first_id + 100))
            for offset in range(0, batch, 100):
                records._log_decision(kind="event", facts={"append": start + offset})


def test_two_writers_one_unbroken_chain(odoo_env, database_name, figures):
    """20,000 appends from two processes, sealed meanwhile: complete and unbroken."""
    import os

    count, batch = 10_000, 500
    with odoo_env() as env:
        created = population.encounters(env, 200, f"two-{time.time_ns()}-")
        first = created.ids[0]
        before = env["hc.transition"].search_count([])
    context = multiprocessing.get_context("spawn")
    config = os.environ["HC_TEST_CONFIG"]
    workers = [
        context.Process(
            target=_append_many, args=(config, database_name, first + 100 * n, count, batch)
        )
        for n in range(2)
    ]
    start = time.perf_counter()
    for worker in workers:
        worker.start()
    while any(worker.is_alive() for worker in workers):
        with odoo_env() as env:
            env["hc.transition.seal"]._seal()
        time.sleep(0.05)
    seconds = time.perf_counter() - start
    assert [worker.exitcode for worker in workers] == [0, 0]
    with odoo_env() as env:
        seal = env["hc.transition.seal"]
        while seal._seal():
            pass
        rows = env["hc.transition"].search_count([])
        assert rows - before == 2 * count
        assert seal._get_head()[0] == rows
        verify_start = time.perf_counter()
        assert seal._verify() is None
        figures.add("verification", rows / (time.perf_counter() - verify_start), "rows/s")
    figures.add("appends by two processes, process start included", 2 * count / seconds, "rows/s")
