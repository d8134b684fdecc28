# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two processes send events and are killed twenty times: every fact arrives, each record's facts
in order, and what arrives twice says so by its id.
"""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter

import outbound
from webhook_receiver import receiving

PARTNERS = 40
ROUNDS = 16
KILLS = 20
BATCH_ROWS = 25
ANSWER_SECONDS = 0.02
# How long the processes have been at work when they are killed: anywhere within some batches.
SECONDS_AT_WORK = (0.0, 0.4)
LEASE_SECONDS = 0
PATIENCE_SECONDS = 400


def _drain_to_the_end(database, shard):
    import odoo
    from odoo.modules.registry import Registry

    registry = Registry(database)
    left = [("state", "in", ("pending", "sending")), ("subscription_id.state", "=", "active")]
    while True:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            deliveries = env["hc.event.delivery"]
            if not deliveries.search_count(left, limit=1):
                return
            deliveries._drain(env["ir.cron"]._commit_progress, shard, 2)
        time.sleep(0.02)


def _fork(database, shard):
    pid = os.fork()
    if not pid:
        status = 1
        try:
            _drain_to_the_end(database, shard)
            status = 0
        finally:
            os._exit(status)
    return pid


def _kill_and_replace(config, database, arrivals_file, kills):
    """Load Odoo once; fork two processes, kill them at a random point, and fork the next ones."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0", "--log-level=error"])
    registry = Registry(database)
    drains = sys.modules[registry["hc.event.delivery"]._drain.__module__]
    drains.LEASE_SECONDS, drains.BATCH_ROWS = LEASE_SECONDS, BATCH_ROWS
    odoo.sql_db.close_all()
    for _kill in range(KILLS):
        before = arrivals_file.stat().st_size
        pids = [_fork(database, shard) for shard in range(2)]
        while arrivals_file.stat().st_size == before:
            time.sleep(0.005)
        time.sleep(random.uniform(*SECONDS_AT_WORK))
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            kills.value += os.WIFSIGNALED(os.waitpid(pid, 0)[1])
    pids = [_fork(database, shard) for shard in range(2)]
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0, 0]


def test_killed_processes_lose_no_event_and_keep_each_records_order(
    own_env, own_database, tmp_path
):
    with receiving(tmp_path, answer_seconds=ANSWER_SECONDS) as receiver:
        with own_env() as env:
            partners = env["res.partner"].create([{"name": f"P{n}"} for n in range(PARTNERS)])
            subscription_id = outbound.subscribe(env, receiver.url, "killed").id
            outbound.tell(env, partners, ROUNDS)
        context = multiprocessing.get_context("spawn")
        kills = context.Value("i", 0)
        process = context.Process(
            target=_kill_and_replace,
            args=(os.environ["HC_TEST_CONFIG"], own_database, receiver.arrivals_file, kills),
            daemon=True,
        )
        process.start()
        process.join(PATIENCE_SECONDS)
        assert process.exitcode == 0
        arrivals = receiver.arrivals()
    assert kills.value >= KILLS, "the processes ended before they could be killed"
    outbound.assert_each_once_and_in_order(arrivals, PARTNERS * ROUNDS)
    again = Counter(arrival.message for arrival in arrivals)
    assert max(again.values()) <= 2 * KILLS
    with own_env() as env:
        deliveries = env["hc.event.delivery"].search([("subscription_id", "=", subscription_id)])
        assert len(deliveries) == PARTNERS * ROUNDS
        assert set(deliveries.mapped("state")) == {"delivered"}
        assert {delivery.message for delivery in deliveries} == set(again)
        assert any(count > 1 for count in again.values()), "no kill hit a process at work"
