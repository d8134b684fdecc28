# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A process that sends messages is killed eight times: nobody gets one twice, none is lost."""

import json
from collections import Counter
from pathlib import Path

import killed_workers
import outbound
from webhook_receiver import receiving

MESSAGES = 160
KILLS = 8
BATCH_ROWS = 4
ANSWER_SECONDS = 0.02
SECONDS_AT_WORK = (0.0, 0.1)
CODE = "killed-texts"
# The receiver of events writes these three down.
TEMPLATE = '{"id": "{message_id}", "subject": "{recipient}", "sequence": 1, "text": "{text}"}'


def _send(registry):
    with registry.cursor() as cursor:
        messages = killed_workers.open_environment(cursor)["hc.gateway.message"]
        messages._drain(messages.env["ir.cron"]._commit_progress)


def _kill_and_replace(database, arrivals_file):
    registry = killed_workers.load(database)
    killed_workers.set_constant(
        registry, "hc.gateway.message", "_drain", LEASE_SECONDS=-1, BATCH_ROWS=BATCH_ROWS
    )
    for _kill in range(KILLS):
        before = arrivals_file.stat().st_size
        pid = killed_workers.fork(_send, registry)
        killed_workers.kill_at_work(
            pid,
            lambda size=before: arrivals_file.stat().st_size > size,
            SECONDS_AT_WORK,
            patience_seconds=4,
        )
    for _last in range(2):
        assert killed_workers.ended_well(killed_workers.fork(_send, registry))


def _hand_over(env, url, *, knows_repetitions):
    """A gateway, and a document of messages that was given to it; the document's id."""
    outbound.subscribe(env, url, f"{CODE}-{knows_repetitions}")
    code = f"{CODE}-{'yes' if knows_repetitions else 'no'}"
    group = env.ref("hc_revenue_base.group_hc_integration")
    user = env["res.users"].create({"name": code, "login": code, "group_ids": [(4, group.id)]})
    secret = env["hc.secret"].create({"name": code, "code": code, "value": "x" * 40})
    source = env["hc.integration.source"].create(
        {"name": code, "code": code, "user_id": user.id, "secret_id": secret.id}
    )
    source.action_activate()
    gateway = env["hc.message.gateway"].create(
        {
            "name": code,
            "source_id": source.id,
            "document_type": "person_message",
            "url": url,
            "secret_id": secret.id,
            "body_template": TEMPLATE,
            "knows_repetitions": knows_repetitions,
        }
    )
    rows = [{"id": number, "to": "5550100", "text": "Hi"} for number in range(1, MESSAGES + 1)]
    exchange = env["hc.exchange"]._send(
        "person_message", CODE, code, json.dumps({"messages": rows}).encode(), f"{code}.json"
    )
    exchange.sudo()._give_to_gateway(gateway)
    env.cr.commit()
    return exchange.id


def _run(own_env, own_database, folder, *, knows_repetitions):
    """Hand over, kill and go on: ``({state: count}, {message: arrivals})``."""
    folder.mkdir()
    with receiving(folder, answer_seconds=ANSWER_SECONDS) as receiver:
        with own_env() as env:
            exchange_id = _hand_over(env, receiver.url, knows_repetitions=knows_repetitions)
        killed_workers.run_apart(_kill_and_replace, own_database, Path(receiver.arrivals_file))
        arrivals = Counter(arrival.message for arrival in receiver.arrivals())
    with own_env() as env:
        messages = env["hc.exchange"].browse(exchange_id).gateway_message_ids
        states = Counter(messages.mapped("state"))
        sent = {each._get_message_id() for each in messages if each.state == "sent"}
        env["hc.message.gateway"].search([]).active = False
        env.cr.commit()
    assert sent <= arrivals.keys(), "nothing is called sent that was not"
    return states, arrivals


def test_killed_nobody_gets_a_message_twice(own_env, own_database, tmp_path):
    states, arrivals = _run(own_env, own_database, tmp_path / "no", knows_repetitions=False)
    assert max(arrivals.values()) == 1
    assert states.keys() <= {"sent", "uncertain"}
    assert states["uncertain"], "no kill hit a process at work"
    assert states["uncertain"] <= KILLS * BATCH_ROWS


def test_killed_a_gateway_that_knows_repetitions_gets_each_message(own_env, own_database, tmp_path):
    states, arrivals = _run(own_env, own_database, tmp_path / "yes", knows_repetitions=True)
    assert states == {"sent": MESSAGES}
    assert len(arrivals) == MESSAGES
