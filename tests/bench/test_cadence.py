# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A cadence run: cost per account that is decided on, and per contact that is executed."""

import os
import time

import processor_time
import receivables

from odoo.fields import Command

_ITEMS_PER_ACCOUNT = 5
_CONTACTS_PER_ACCOUNT = 10
_PEER_ACCOUNTS = 500
_MOST_EXECUTED = int(os.environ.get("HC_BENCH_CONTACTS", "1000"))


def _owe(env, size):
    """Guarantors who owe and can be reached."""
    receivables.insert_items(env, size * _ITEMS_PER_ACCOUNT)
    env.cr.execute(
        "UPDATE hc_patient SET street = '1 Elm Street', city = 'Springfield', zip = '62701',"
        " email = 'reader@example.com', phone = '2175550123', timezone = 'America/Chicago'"
        " WHERE mrn LIKE 'BENCH%'"
    )
    env.invalidate_all()
    return env["hc.aging.item"]._get_as_of()


def test_proposals(odoo_env, size, figures, stopwatch):
    """Aim: at most 0.22 ms of CPU per account, the database's included; linear."""
    with odoo_env() as env:
        today = _owe(env, size)
        runs = env["hc.cadence.run"]
        before, start = processor_time.database_seconds(env.cr), time.perf_counter()
        spent, run = stopwatch(lambda: runs._propose(env.company, "patient", today))
        elapsed = time.perf_counter() - start
        database = processor_time.database_seconds(env.cr) - before
        env.cr.execute(
            "SELECT count(*), count(*) FILTER (WHERE state = 'proposed')"
            " FROM hc_cadence_proposal WHERE run_id = %s",
            [run.id],
        )
        count, due_count = env.cr.fetchone()
        assert count >= size
        assert run.due_count == due_count > 0
        assert run.due_count + run.skipped_count == count
        floor = _measure_floor(env)
        figures.add(f"proposals, {size} accounts", spent / count * 1e3, "ms CPU/account")
        both = (spent + database) / count * 1e3
        figures.add("  with the database's processor time", both, "ms CPU/account")
        figures.add("  elapsed", elapsed / count * 1e3, "ms/account")
        figures.add("  one plain statement: sum, age, a row each", floor / size * 1e3, "ms CPU")
        env.cr.rollback()


def _measure_floor(env):
    """Processor time of the least that a run must do: each account's sum and age, kept as a row."""
    before = processor_time.database_seconds(env.cr)
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE bench_floor ON COMMIT DROP AS
        SELECT hc_collection_account_id AS account_id, sum(amount_residual) AS amount,
               current_date - min(date) AS days
          FROM account_move_line
         WHERE hc_collection_account_id IS NOT NULL AND NOT reconciled
         GROUP BY hc_collection_account_id
        """
    )
    return processor_time.database_seconds(env.cr) - before


def _remind_as_stock(env, accounts):
    """What a follow-up of stock Odoo does: each partner's overdue items, a level, one e-mail."""
    template = env.ref("hc_collections.mail_template_reminder")
    levels = {60: "second", 1: "first"}
    mails = []
    for account in accounts:
        items = env["account.move.line"].search(
            [
                ("partner_id", "=", account.partner_id.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        today = env["hc.aging.item"]._get_as_of()
        days = max((today - item.date).days for item in items)
        if next((level for late, level in levels.items() if days >= late), None):
            values = {"email_to": "reader@example.com"}
            mails.append(template.send_mail(account.id, email_values=values))
    return mails


def test_the_stock_way(odoo_env, figures, stopwatch):
    """The peer: no policy, hold or guardrail is asked, nothing is logged; one e-mail each."""
    with odoo_env() as env:
        _owe(env, _PEER_ACCOUNTS)
        accounts = env["hc.collection.account"].search([("name", "like", "BENCH%")])
        before = processor_time.database_seconds(env.cr)
        spent, mails = stopwatch(lambda: _remind_as_stock(env, accounts))
        both = spent + processor_time.database_seconds(env.cr) - before
        assert len(mails) >= _PEER_ACCOUNTS * 0.9
        count = len(mails)
        figures.add(f"stock way, {count} e-mails", spent / count * 1e3, "ms CPU/contact")
        figures.add("  with the database's processor time", both / count * 1e3, "ms CPU/contact")
        env.cr.rollback()


def test_a_batch_among_much_history(odoo_env, size, figures):
    """Aim: what is asked about 100 accounts costs the same, however much the company has said."""
    with odoo_env() as env:
        today = _owe(env, size)
        accounts = env["hc.collection.account"].search([("name", "like", "BENCH%")])
        _insert_history(env, accounts)
        policy = env["hc.cadence.policy"]._get_in_force(env.company, "patient", today)
        batch, facts = accounts[:100], env["hc.cadence.facts"]
        times = []
        for _round in range(5):
            start = time.perf_counter()
            query = facts._get_decisions_query(policy, env.company, today, batch)
            rows = env.execute_query(query)
            times.append((time.perf_counter() - start) * 1e3)
        assert len(rows) == len(batch)
        contact_count = len(accounts) * _CONTACTS_PER_ACCOUNT
        figures.add_median(f"100 accounts decided on, {contact_count} contacts", times, "ms")
        env.cr.rollback()


def _insert_history(env, accounts):
    """Contacts and preferences of years, as rows of the database."""
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO hc_contact (account_id, company_id, state, key, direction, channel, purpose,
                                happened_at)
        SELECT account.id, account.company_id, 'sent', 'history:' || number, 'out', 'letter',
               'reminder', now() - number * interval '40 days'
          FROM hc_collection_account account, generate_series(1, %s) number
         WHERE account.id = ANY(%s)
        """,
        [_CONTACTS_PER_ACCOUNT, accounts.ids],
    )
    env.cr.execute(
        """
        INSERT INTO hc_contact_consent (account_id, company_id, channel, verdict, source, user_id,
                                        occurred_at)
        SELECT account.id, account.company_id, channel, 'granted', 'import', 1, now()
          FROM hc_collection_account account, unnest(ARRAY['email', 'sms']) channel
         WHERE account.id = ANY(%s)
        """,
        [accounts.ids],
    )
    env.cr.execute("ANALYZE hc_contact, hc_contact_consent")
    env.invalidate_all()


def _publish_mails(env):
    policies = env["hc.cadence.policy"]
    policies.search([("party", "=", "patient"), ("state", "=", "published")])._transition("retired")
    policy = policies.create(
        {
            "name": "Bench",
            "code": "bench",
            "party": "patient",
            "date_from": "2020-01-01",
            "level_ids": [
                Command.create(
                    {
                        "code": "first",
                        "name": "First",
                        "delay_days": 1,
                        "channel": "email",
                        "on_workdays": False,
                        "template_id": env.ref("hc_collections.mail_template_reminder").id,
                    }
                )
            ],
            "channel_ids": [Command.create({"channel": "email", "consent": "unless_opted_out"})],
        }
    )
    policy._publish()
    # The benchmark runs at any hour; all other guardrails are asked.
    env["hc.guardrail.rule"].search([("code", "=", "REGF-2")])._config_write({"active": False})


def test_contacts(odoo_env, figures, stopwatch):
    """Aim: at most 4 ms of CPU per contact: recorded, checked, written, queued, logged."""
    with odoo_env() as env:
        _publish_mails(env)
        today = _owe(env, _MOST_EXECUTED)
        run = env["hc.cadence.run"]._propose(env.company, "patient", today)
        due = run.due_count
        assert due >= _MOST_EXECUTED * 0.9
        run._execute()
        env.flush_all()
        before = processor_time.database_seconds(env.cr)
        spent, _done = stopwatch(lambda: _work(env, run))
        both = spent + processor_time.database_seconds(env.cr) - before
        contacts = env["hc.contact"].search([("run_id", "=", run.id)])
        assert len(contacts) == due
        assert set(contacts.mail_id.mapped("state")) == {"outgoing"}
        assert len(contacts.mail_id) == due
        figures.add(f"contacts by e-mail, {due}", spent / due * 1e3, "ms CPU/contact")
        figures.add("  with the database's processor time", both / due * 1e3, "ms CPU/contact")
        env.cr.rollback()


def _work(env, run):
    """What the drain does with the jobs of the run, in one transaction."""
    jobs = env["hc.job"]
    while True:
        due = jobs.search(
            [("state", "=", "pending"), ("res_model", "in", ("hc.cadence.run", "hc.contact"))]
        )
        if not due:
            assert run.state == "done"
            return
        for job in due.sorted("id"):
            records = env[job.res_model].browse(job.res_ids)
            getattr(records, job.method)(**(job.arguments or {}))
            job._transition("running")
            job._transition("done")
        env.flush_all()
        # As the next transaction has it.
        env.invalidate_all()
