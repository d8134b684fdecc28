# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The machine fails while messages arrive or are processed: none is lost, none is doubled."""

import multiprocessing
import os
import random
import signal
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import databases
import own_server
import senders

MESSAGES = 160
EVENTS = 400
SUBJECTS = 40
KILLS = 4
_PATIENCE_SECONDS = 300


def test_a_sender_repeats_what_was_not_answered(template_name, odoo_env, tmp_path):
    """All processes are killed among many messages; after a restart all are sent again."""
    ids = [f"killed-{number}-{uuid.uuid4().hex}" for number in range(MESSAGES)]
    with databases.cloned(template_name, f"{template_name}_killed") as database:
        with _environment(database) as env:
            code = senders.connect_source(env).code
        with own_server.own_server(database, tmp_path / "server.log") as server:
            answered = _send_until_killed(server, code, ids)
            assert 0 < len(answered) < MESSAGES
            server.start()
            bodies = {name: senders.event_body(name, time=_TIME) for name in ids}
            for name in ids:
                status, _headers, document = senders.send(server.url, code, name, bodies[name])
                # What was answered is there; what was not may be, for the answer was lost.
                assert status == 200 if name in answered else status in (200, 202)
                assert document["id"]
        with _environment(database) as env:
            rows = env["hc.exchange"].search([("source", "=", code)])
            assert sorted(rows.mapped("external_id")) == sorted(ids)
            assert set(rows.mapped("transition_count")) == {1}


_TIME = "2026-05-04T10:00:00Z"


def _send_until_killed(server, code, ids):
    answered = set()

    def send(name):
        with suppress(OSError):
            body = senders.event_body(name, time=_TIME)
            if senders.send(server.url, code, name, body)[0] == 202:
                answered.add(name)
                if len(answered) == MESSAGES // 4:
                    server.kill()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, ids))
    return answered


def test_two_processes_share_events_and_may_be_killed(template_name, odoo_env):
    """Each event has one effect; those of a subject are in the sender's order."""
    with databases.cloned(template_name, f"{template_name}_drains") as database:
        with _environment(database) as env:
            _receive_events(env)
            env.cr.execute("CREATE TABLE event_mark (id serial, subject text, number int)")
        context = multiprocessing.get_context("spawn")
        for _kill in range(KILLS):
            drains = [_start(context, database) for _drain in range(2)]
            _wait_for_marks(database, 1 + _kill * 20)
            time.sleep(random.uniform(0, 0.2))
            os.kill(drains[0].pid, signal.SIGKILL)
            os.kill(drains[1].pid, signal.SIGKILL)
            for drain in drains:
                drain.join()
        drains = [_start(context, database) for _drain in range(2)]
        for drain in drains:
            drain.join(_PATIENCE_SECONDS)
            assert drain.exitcode == 0
        with _environment(database) as env:
            env.cr.execute(
                "SELECT subject, array_agg(number ORDER BY id) FROM event_mark "
                "WHERE subject IS NOT NULL GROUP BY 1"
            )
            marks = dict(env.cr.fetchall())
            events = env["hc.exchange"].search([("document_type", "=", "event")])
            assert set(events.mapped("state")) == {"done"}
        assert len(marks) == SUBJECTS
        for numbers in marks.values():
            assert numbers == list(range(1, EVENTS // SUBJECTS + 1))


def _receive_events(env):
    from odoo.addons.hc_integration.hc_webhook_core.envelope import Event

    source = senders.connect_source(env)
    border = env["hc.integration.source"]._get_borders()[source.code]
    exchanges = env["hc.exchange"].with_user(source.user_id).sudo()
    now = env.cr.now().replace(microsecond=0)
    numbers = [(subject, number) for subject in range(SUBJECTS) for number in range(1, 11)]
    random.shuffle(numbers)
    for subject, number in numbers:
        name = f"{subject}-{number}"
        event = Event(name, "encounter.completed", 1, now, str(subject), number)
        exchanges._receive_event(border, event, b"{}")


def _start(context, database):
    arguments = (os.environ["HC_TEST_CONFIG"], database)
    drain = context.Process(target=_drain, args=arguments)
    drain.start()
    return drain


def _drain(config_path, database):
    """One process that works until no event is left."""
    import odoo
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config([f"--config={config_path}", "--max-cron-threads=0"])
    registry = Registry(database)

    def handle(exchange, _checkpoint):
        exchange.env.cr.execute(
            "INSERT INTO event_mark (subject, number) VALUES (%s, %s)",
            [exchange.subject_key or None, exchange.sequence_number],
        )
        exchange.sudo()._transition_where_allowed("processing")
        exchange.sudo()._transition("done")
        time.sleep(0.005)
        return True

    registry["hc.exchange"]._handle_event = handle
    open_states = [("document_type", "=", "event"), ("state", "in", ("received", "processing"))]
    while True:
        with registry.cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            env["hc.exchange"]._cron_process_events()
            if not env["hc.exchange"].search_count(open_states):
                sys.exit(0)
        time.sleep(0.1)


def _wait_for_marks(database, number):
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        with _environment(database) as env:
            env.cr.execute("SELECT count(*) FROM event_mark")
            if env.cr.fetchone()[0] >= number:
                return
        assert time.monotonic() < deadline, "the processes did not begin in time"
        time.sleep(0.05)


def _environment(database):
    from contextlib import contextmanager

    import odoo
    from odoo.modules.registry import Registry

    @contextmanager
    def opened():
        with Registry(database).cursor() as cursor:
            yield odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})

    return opened()
