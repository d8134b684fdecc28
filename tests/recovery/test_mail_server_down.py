# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The mail server goes down in the middle of the reminders: all arrive later, each once."""

from collections import Counter

import reminders
from mail_sink import running_sink

ACCOUNTS = 12
TAKEN_BEFORE = 5
ROUNDS = 6


def _drain(own_env):
    with own_env() as env:
        env["hc.job"]._drain(env["ir.cron"]._commit_progress)


def _send(own_env, run_id):
    """What the Scheduled Actions of the mail queue and of the outbox do."""
    try:
        with own_env() as env:
            env["mail.mail"].process_email_queue(batch_size=100)
    except OSError:
        # The connection broke: Odoo's queue keeps the e-mails.
        pass
    with own_env() as env:
        waiting = env["hc.contact"].search(
            [
                ("run_id", "=", run_id),
                ("state", "=", "queued"),
                ("mail_id.state", "in", ("sent", "exception", "cancel")),
            ]
        )
        waiting._follow_up_mails()


def test_reminders_survive_a_mail_server_that_goes_down(own_env):
    with running_sink() as sink:
        with own_env() as env:
            env["ir.mail_server"].search([("id", ">", 0)]).active = False
            env["ir.mail_server"].create(
                {"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": sink.port}
            )
            env.company.email = "office@example.com"
            env["mail.mail"].search([("state", "=", "outgoing")]).cancel()
            run, accounts = reminders.start_run(env, ACCOUNTS)
            run_id, due = run.id, len(accounts)
        assert due > TAKEN_BEFORE
        _drain(own_env)
        sink.accepts_at_most = TAKEN_BEFORE
        for _round in range(2):
            _send(own_env, run_id)
        assert len(sink.received) == TAKEN_BEFORE
        with own_env() as env:
            states = Counter(env["hc.contact"].search([("run_id", "=", run_id)]).mapped("state"))
            assert states == {"sent": TAKEN_BEFORE, "queued": due - TAKEN_BEFORE}
        sink.accepts_at_most = None
        for _round in range(ROUNDS):
            _send(own_env, run_id)
        assert len(sink.received) == due
        assert set(Counter(sink.received).values()) == {1}, "nobody got it twice"
        with own_env() as env:
            contacts = env["hc.contact"].search([("run_id", "=", run_id)])
            assert set(contacts.mapped("state")) == {"sent"}
            assert not contacts.mail_id
            env["ir.mail_server"].search([("name", "=", "Sink")]).active = False
