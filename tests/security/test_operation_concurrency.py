# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One idempotency key, several calls at once, over HTTP: one effect, one answer."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

_CALLERS = 6


def test_calls_with_one_key_at_once_have_one_effect(odoo_env, connect):
    key = f"race-{uuid.uuid4()}"
    name = f"Race {key}"
    clients = [connect("operations") for _number in range(_CALLERS)]
    barrier = Barrier(_CALLERS)

    def call(position):
        payload = {"name": name, "queue_code": "billing"}
        barrier.wait()
        return clients[position].call("hc.operation", "run", "work_item.open", payload, key)

    with ThreadPoolExecutor(_CALLERS) as pool:
        answers = list(pool.map(call, range(_CALLERS)))
    done = [answer for answer in answers if answer["status"] == "ok"]
    others = [answer["error"]["code"] for answer in answers if answer["status"] == "error"]
    assert done
    assert set(others) <= {"in_progress"}
    assert len({answer["result"]["work_item_id"] for answer in done}) == 1
    assert [answer["replayed"] for answer in done].count(False) == 1
    with odoo_env() as env:
        assert env["hc.operation.call"].search_count([("key", "=", key)]) == 1
        assert env["hc.work.item"].search_count([("name", "=", name)]) == 1


def test_a_conflicting_call_at_once_changes_nothing(odoo_env, connect):
    key = f"race-{uuid.uuid4()}"
    clients = [connect("operations") for _number in range(2)]
    barrier = Barrier(2)

    def call(position):
        payload = {"name": f"Race {position} {key}", "queue_code": "billing"}
        barrier.wait()
        return clients[position].call("hc.operation", "run", "work_item.open", payload, key)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(call, range(2)))
    refused = [answer["error"]["code"] for answer in answers if answer["status"] == "error"]
    assert len(refused) == 1
    assert set(refused) <= {"in_progress", "key_conflict"}
    with odoo_env() as env:
        assert env["hc.work.item"].search_count([("name", "like", key)]) == 1
