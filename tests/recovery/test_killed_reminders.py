# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Reminders go out while the process is killed twenty times: nobody is contacted twice, nobody
is forgotten, and what each contact told of is on record once.
"""

import multiprocessing
import os
import random
import signal
import sys
import time
from collections import Counter

import reminders

ACCOUNTS = 150
KILLS = 20
BATCH_ROWS = 10
CONTACT_SECONDS = 0.01
# How long a process has been at work when it is killed: anywhere within a few batches.
SECONDS_AT_WORK = (0.0, 0.3)
LEASE_SECONDS = 0
PATIENCE_SECONDS = 180


def _drain_to_the_end(database, folder):
    import odoo
    from odoo.modules.registry import Registry

    registry = Registry(database)
    own = folder / str(os.getpid())
    record, send = registry["hc.contact"]._record, registry["hc.contact"]._deliver_email

    def record_slowly(contacts, vals_list):
        own.touch()
        time.sleep(CONTACT_SECONDS * len(vals_list))
        return record(contacts, vals_list)

    def send_slowly(contacts):
        own.touch()
        send(contacts)
        time.sleep(CONTACT_SECONDS * len(contacts))

    registry["hc.contact"]._record = record_slowly
    registry["hc.contact"]._deliver_email = send_slowly
    open_jobs = [
        ("res_model", "in", ("hc.cadence.run", "hc.contact")),
        ("state", "in", ("pending", "running")),
    ]
    while True:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            env["hc.job"]._drain(env["ir.cron"]._commit_progress)
            if not env["hc.job"].search_count(open_jobs):
                return
        time.sleep(0.05)


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
    while not (folder / str(pid)).exists():
        time.sleep(0.005)
    time.sleep(random.uniform(*SECONDS_AT_WORK))
    os.kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status), "everybody was contacted before the last kill"


def _kill_and_replace(config, database, folder):
    """Load Odoo once; fork a process, kill it at a random point, and fork the next one."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config as odoo_config

    odoo_config.parse_config([f"--config={config}", "--max-cron-threads=0"])
    registry = Registry(database)
    sys.modules[registry["hc.job"]._drain.__module__].LEASE_SECONDS = LEASE_SECONDS
    sys.modules[registry["hc.cadence.run"]._job_record.__module__].BATCH_ROWS = BATCH_ROWS
    odoo.sql_db.close_all()
    for _kill in range(KILLS):
        _kill_at_work(_fork(database, folder), folder)
    assert os.waitpid(_fork(database, folder), 0)[1] == 0


def test_killed_reminders_reach_everybody_once(own_env, own_database, tmp_path):
    with own_env() as env:
        run, accounts = reminders.start_run(env, ACCOUNTS)
        run_id, account_ids = run.id, accounts.ids
        assert len(account_ids) >= ACCOUNTS * 0.8
    process = multiprocessing.get_context("spawn").Process(
        target=_kill_and_replace,
        args=(os.environ["HC_TEST_CONFIG"], own_database, tmp_path),
        daemon=True,
    )
    process.start()
    process.join(PATIENCE_SECONDS)
    assert process.exitcode == 0
    with own_env() as env:
        run = env["hc.cadence.run"].browse(run_id)
        assert run.state == "done"
        contacts = env["hc.contact"].search([("run_id", "=", run_id)])
        assert Counter(contacts.mapped("account_id").ids) == Counter(account_ids), "each once"
        assert len(contacts) == len(account_ids)
        assert run.contacted_count == len(account_ids)
        # One e-mail each: what was written by a killed process went with it.
        assert len(contacts.mail_id) == len(account_ids)
        assert set(contacts.mapped("state")) == {"queued"}
        told = env["hc.cadence.told"]._read_group(
            [("contact_id", "in", contacts.ids)], ["item_id"], ["__count"]
        )
        assert all(count == 1 for _item, count in told)
        open_items = env["hc.aging.item"].search_count(
            [("account_id", "in", account_ids), ("amount_open", ">", 0)]
        )
        assert len(told) == open_items
        jobs = env["hc.job"].search([("res_model", "in", ("hc.cadence.run", "hc.contact"))])
        assert set(jobs.mapped("state")) == {"done"}
        assert jobs.filtered(lambda job: job.attempts > 1), "no kill hit a job at work"
        assert not env["hc.transition.seal"]._verify(), "the log is whole"
