# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Reminders go out while the process is killed twenty times: nobody is contacted twice, nobody
is forgotten, and what each contact told of is on record once.
"""

import os
import time
from collections import Counter

import killed_workers
import reminders

ACCOUNTS = 150
KILLS = 20
BATCH_ROWS = 10
CONTACT_SECONDS = 0.01
# How long a process has been at work when it is killed: anywhere within a few batches.
SECONDS_AT_WORK = (0.0, 0.3)
LEASE_SECONDS = 0


def _drain_to_the_end(registry, folder):
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
    killed_workers.drain_jobs(registry, [("res_model", "in", ("hc.cadence.run", "hc.contact"))])


def _kill_and_replace(database, folder):
    """Fork a process, kill it at a random point, and fork the next one."""
    registry = killed_workers.load(database)
    killed_workers.set_constant(registry, "hc.job", "_drain", LEASE_SECONDS=LEASE_SECONDS)
    killed_workers.set_constant(registry, "hc.cadence.run", "_job_record", BATCH_ROWS=BATCH_ROWS)
    for _kill in range(KILLS):
        pid = killed_workers.fork(_drain_to_the_end, registry, folder)
        was_at_work = killed_workers.kill_at_work(pid, (folder / str(pid)).exists, SECONDS_AT_WORK)
        assert was_at_work, "everybody was contacted before the last kill"
    assert killed_workers.ended_well(killed_workers.fork(_drain_to_the_end, registry, folder))


def test_killed_reminders_reach_everybody_once(own_env, own_database, tmp_path):
    with own_env() as env:
        run, accounts = reminders.start_run(env, ACCOUNTS)
        run_id, account_ids = run.id, accounts.ids
        assert len(account_ids) >= ACCOUNTS * 0.8
    killed_workers.run_apart(_kill_and_replace, own_database, tmp_path)
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
