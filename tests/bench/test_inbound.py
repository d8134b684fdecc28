# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A signed, deduplicated, durable message against the least that Odoo can do with one.

Beside it stand a controller that checks nothing and inserts one row by the ORM (aim: at least 0.8
of its rate) and the webhook of Automation Rules, made to look for the id first and to write a line
of log (aim: twice its rate; it still verifies nothing). Eight clients, two processes; the three
take turns, so that a busy machine slows all alike.
"""

import statistics
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import databases
import own_server
import pytest
import senders

ROUNDS = 5
CLIENTS = 8
DUPLICATES = 80
ADDONS = Path(__file__).parent / "addons"


@pytest.fixture(scope="module")
def border(odoo_env, template_name, tmp_path_factory):
    """A server of two processes with what is measured: its processes, a source, its database."""
    import odoo
    from odoo.modules.registry import Registry

    folder = tmp_path_factory.mktemp("border")
    with databases.cloned(template_name, f"{template_name}_border") as database:
        own_server.install(database, "bench_border", folder / "install.log", str(ADDONS))
        with Registry(database).cursor() as cursor:
            env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
            code = senders.connect_source(env).code
        with own_server.own_server(
            database, folder / "server.log", extra_addons=str(ADDONS)
        ) as server:
            yield server, code, database


def _signed(code):
    def send(url):
        return senders.send(url, code)[0]

    return send


def _unsigned(path):
    def send(url):
        message_id = f"msg_{uuid.uuid4().hex}"
        headers = {"Content-Type": "application/json", "webhook-id": message_id}
        return senders.post(url, path, senders.event_body(message_id), headers)[0]

    return send


def _run(server, send, number):
    """Seconds, CPU seconds of the server and the answers of so many messages."""
    cpu, start = server.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda _number: send(server.url), range(number)))
    return time.perf_counter() - start, server.cpu_seconds() - cpu, answers


def test_messages_per_second(border, size, figures):
    """Messages per second and CPU for each, the three ways in turn."""
    server, code, database = border
    number = min(size, 400)
    ways = {
        "border": (_signed(code), {202}),
        "bare controller": (_unsigned("/bench/bare"), {202}),
        "automation webhook": (_unsigned("/web/hook/bench"), {200}),
    }
    seconds, cpu = {way: [] for way in ways}, {way: [] for way in ways}
    for send, _expected in ways.values():
        _run(server, send, CLIENTS * 4)  # both processes know the way
    for _round in range(ROUNDS):
        for way, (send, expected) in ways.items():
            spent, worked, answers = _run(server, send, number)
            assert set(answers) == expected
            seconds[way].append(number / spent)
            cpu[way].append(worked / number * 1000)
    for way in ways:
        figures.add_median(f"{way}, {number} messages", seconds[way], "messages/s")
        figures.add_median(f"{way}, CPU of the server", cpu[way], "ms/message")
    for way in ("bare controller", "automation webhook"):
        pairs = zip(seconds["border"], seconds[way], strict=True)
        figures.add_median(f"border against {way}", [a / b for a, b in pairs], "× its rate")
        pairs = zip(cpu[way], cpu["border"], strict=True)
        ratio = statistics.median(a / b for a, b in pairs)
        figures.add(f"border against {way}, by CPU", ratio, "× its rate")
    sent = ROUNDS * number + CLIENTS * 4
    assert _count(database, code) == sent


def test_eighty_duplicates_at_once_are_one_row(border, figures):
    """One new, seventy-nine known, one row."""
    server, code, database = border
    before = _count(database, code)
    message_id = f"msg_{uuid.uuid4().hex}"
    body = senders.event_body(message_id)

    def send(_number):
        while True:
            # Two processes let only a few callers wait at their door; a sender tries again.
            with suppress(ConnectionError):
                return senders.send(server.url, code, message_id, body)[0]

    start = time.perf_counter()
    with ThreadPoolExecutor(DUPLICATES) as pool:
        answers = list(pool.map(send, range(DUPLICATES)))
    figures.add("80 duplicates at once", time.perf_counter() - start, "s")
    assert set(answers) <= {200, 202}
    assert answers.count(202) <= 1  # its answer may have been the one that was lost
    assert _count(database, code) - before == 1


def _count(database, code):
    import odoo
    from odoo.modules.registry import Registry

    with Registry(database).cursor() as cursor:
        env = odoo.api.Environment(cursor, odoo.SUPERUSER_ID, {})
        rows = env["hc.exchange"].search([("source", "=", code)])
        # Each has the first entry of its log.
        assert set(rows.mapped("transition_count")) <= {1}
        return len(rows)
