# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The database server ends every connection while messages come in and go out, as a restart does:
what was answered is there, and what was not is sent again with one effect.
"""

import contextlib
import http.client
import sys
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import outbound
import own_server
import psycopg2
import senders
from webhook_receiver import receiving

MESSAGES = 120
PARTNERS, ROUNDS = 20, 12
RESTARTS = 4
PATIENCE_SECONDS = 300
_TIME = "2026-05-04T10:00:00Z"


def _end_connections(database):
    """What a restart does to everybody who works on a database; how many were ended."""
    import odoo

    with contextlib.closing(odoo.sql_db.db_connect("postgres").cursor()) as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = %s",
            [database],
        )
        return cursor.fetchone()[0]


class _Restarts:
    """Ends all connections of a database each time that work has gone on."""

    def __init__(self, database, progress):
        self._database, self._progress = database, progress
        self.ended = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._stop = threading.Event()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._stop.set()
        self._thread.join()

    def _run(self):
        mark = 0
        while len(self.ended) < RESTARTS and not self._stop.is_set():
            if self._progress() > mark:
                self.ended.append(_end_connections(self._database))
                mark = self._progress() + 5
            time.sleep(0.005)


def test_messages_survive_a_restart_of_the_database(own_env, own_database, tmp_path):
    """Senders repeat what was not answered with success."""
    with own_env() as env:
        code = senders.connect_source(env).code
    ids = [f"restart-{number}-{uuid.uuid4().hex}" for number in range(MESSAGES)]
    bodies = {name: senders.event_body(name, time=_TIME) for name in ids}
    answered, other = set(), []

    def send(url, name):
        # An answer that broke off is none either.
        with contextlib.suppress(OSError, http.client.HTTPException):
            status = senders.send(url, code, name, bodies[name])[0]
            answered.add(name) if status in (200, 202) else other.append(status)

    with own_server.own_server(own_database, tmp_path / "server.log") as server:
        restarts = _Restarts(own_database, lambda: len(answered))
        with restarts, ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda name: send(server.url, name), ids))
        assert any(restarts.ended), "no restart met anybody at work"
        # Nobody is told that a message was taken that was not, nor anything but "send it again".
        assert all(status >= 500 for status in other), other
        # Odoo's main process ends where the database goes away just while it asks for new modules;
        # whatever runs it starts it again.
        server.kill()
        server.start()
        for name in ids:
            status, _headers, document = senders.send(server.url, code, name, bodies[name])
            assert status == 200 if name in answered else status in (200, 202)
            assert document["id"]
    with own_env() as env:
        rows = env["hc.exchange"].search([("source", "=", code)])
        assert sorted(rows.mapped("external_id")) == sorted(ids)
        assert set(rows.mapped("transition_count")) == {1}


def test_events_survive_a_restart_of_the_database(own_env, own_database, tmp_path, monkeypatch):
    """Each fact arrives, those of a record in order; what is sent twice says so by its id."""
    with receiving(tmp_path, answer_seconds=0.01) as receiver:
        with own_env() as env:
            partners = env["res.partner"].create([{"name": f"P{n}"} for n in range(PARTNERS)])
            subscription_id = outbound.subscribe(env, receiver.url, "restarted").id
            outbound.tell(env, partners, ROUNDS)
            module = sys.modules[type(env["hc.event.delivery"])._drain.__module__]
        monkeypatch.setattr(module, "LEASE_SECONDS", 0)
        monkeypatch.setattr(module, "BATCH_ROWS", 20)
        deadline = time.monotonic() + PATIENCE_SECONDS
        failures, left = 0, 1
        with _Restarts(own_database, lambda: len(receiver.arrivals())) as restarts:
            while left:
                assert time.monotonic() < deadline, "not everything was sent in time"
                try:
                    left = _drain(own_env, subscription_id)
                except psycopg2.Error:
                    failures += 1  # the next run of the Scheduled Action
        arrivals = receiver.arrivals()
    assert failures, restarts.ended
    outbound.assert_each_once_and_in_order(arrivals, PARTNERS * ROUNDS)
    with own_env() as env:
        deliveries = env["hc.event.delivery"].search([("subscription_id", "=", subscription_id)])
        assert set(deliveries.mapped("state")) == {"delivered"}


def _drain(own_env, subscription_id):
    """Send what is due; how many are left."""
    with own_env() as env:
        deliveries = env["hc.event.delivery"]
        deliveries._drain(env["ir.cron"]._commit_progress)
        domain = [
            ("subscription_id", "=", subscription_id),
            ("state", "in", ("pending", "sending")),
        ]
        return deliveries.search_count(domain)
