# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The daily proof of a system that sends much, and the health of many systems."""

import time
from contextlib import contextmanager
from decimal import Decimal

import senders

DAY = "2026-03-03"
SYSTEMS = 50


@contextmanager
def _measured(env, figures, label, per=0):
    """Elapsed and processor time of a block, and its queries."""
    env.flush_all()
    queries, cpu, start = env.cr.sql_log_count, time.process_time(), time.perf_counter()
    yield
    env.flush_all()
    elapsed, worked = time.perf_counter() - start, time.process_time() - cpu
    figures.add(f"{label}: elapsed", elapsed * 1e3, "ms")
    figures.add(f"{label}: processor time", worked * 1e3, "ms")
    figures.add(f"{label}: queries", env.cr.sql_log_count - queries, "")
    if per:
        figures.add(f"{label}: elapsed", elapsed * 1e6 / per, "µs an event")


def _receive(env, source, size):
    """So many visits and payments of one day, as they are stored."""
    env.cr.execute(
        """INSERT INTO hc_exchange
                  (name, state, direction, document_type, source, external_id, checksum, encoding,
                   size_bytes, company_id, attempts, source_id, event_type, event_version,
                   occurred_at, sequence_number, payload_body, create_uid, write_uid, create_date,
                   write_date, finished_at)
           SELECT 'e' || n, 'done', 'in', 'event', %(code)s, 'e' || n, 'x', 'utf-8', 200,
                  %(company)s, 0, %(source)s,
                  CASE WHEN n %% 2 = 0 THEN 'payment.confirmed' ELSE 'encounter.completed' END, 1,
                  timestamp '2026-03-03' + n * interval '1 s', 0,
                  convert_to('{"data": {"amount": "10.25", "currency": "USD", "note": "'
                             || repeat('x', 120) || '"}}', 'UTF8'),
                  1, 1, now(), now(), now()
             FROM generate_series(1, %(size)s) AS n""",
        {"code": source.code, "company": source.company_id.id, "source": source.id, "size": size},
    )
    env.cr.execute("ANALYZE hc_exchange")


def _get_told(size):
    from hc_webhook_core.proof import Told

    visits = tuple(f"e{number}" for number in range(1, size + 1, 2))
    lost = tuple(f"lost{number}" for number in range(size // 100))
    payments = size // 2
    return (
        Told("encounter.completed", len(visits + lost), message_ids=visits + lost),
        Told("payment.confirmed", payments, "USD", payments * Decimal("10.25")),
    )


def test_a_day_is_proven(odoo_env, figures, size):
    """Told with ids and amounts, one of a hundred visits lost; then compared again."""
    with odoo_env() as env:
        source = senders.connect_source(env)
        _receive(env, source, size)
        proofs, nothing = env["hc.integration.proof"], env["hc.exchange"]
        told = _get_told(size)
        label = f"day of {size} events"
        with _measured(env, figures, f"{label}, told and compared", size):
            proof = proofs._take_totals(source, DAY, told, nothing)
        assert proof.state == "differs"
        assert {each.kind for each in proof.difference_ids} <= {"missing", "more"}
        env.invalidate_all()
        with _measured(env, figures, f"{label}, compared again", size):
            proof._check()
        env.cr.rollback()


def test_the_health_of_many_systems(odoo_env, figures, size):
    """A list of fifty systems, one of which sent so many messages today."""
    with odoo_env() as env:
        sources = [senders.connect_source(env) for _number in range(SYSTEMS)]
        _receive(env, sources[0], size)
        env.invalidate_all()
        many = env["hc.integration.source"].browse([source.id for source in sources])
        with _measured(env, figures, f"health of {SYSTEMS} systems, {size} messages today"):
            assert set(many.mapped("health")) == {"green"}
        env.cr.rollback()
