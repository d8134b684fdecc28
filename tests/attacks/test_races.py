# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Several people at one moment, repeated calls, and a server that dies: applied once or not."""

import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import office
import pytest
import requests
from simultaneous import at_once

REQUEST = "hc.approval.request"


def _clear(results):
    """Every error says what to do, in the words of a control."""
    names = [getattr(each, "name", "") for each in results if isinstance(each, Exception)]
    return all(
        name.rpartition(".")[2] in ("UserError", "AccessError", "LockError") for name in names
    )


def _consistent(world, request_id, action_id, amount):
    """All or nothing: the act, its entry and the request say the same."""
    state = world.state(request_id)[:2]
    posted = world.posted(action_id)
    return (state == ("applied", "applied") and posted == amount) or (
        state[1] != "applied" and posted == 0.0
    )


def test_three_approvers_at_once_decide_one_step_once(world):
    request_id, action_id = world.new_request(300.0)
    people = [world.login(name) for name in ("lead", "lead2", "lead3")]
    results = at_once(
        *(lambda p=p: p.call(REQUEST, "action_approve", [request_id]) for p in people)
    )
    assert sum(isinstance(each, Exception) for each in results) == 2, results
    assert _clear(results), results
    assert world.state(request_id) == ("applied", "applied", ["approve"])
    assert world.posted(action_id) == 300.0


def test_double_clicks_retries_and_replays_apply_once(world):
    request_id, action_id = world.new_request(300.0)
    lead, key = world.login("lead"), world.key("lead")
    results = at_once(
        *[lambda: lead.call(REQUEST, "action_approve", [request_id])] * 3,
        *[lambda: key.post(REQUEST, "action_approve", ids=[request_id]).raise_for_status()] * 2,
    )
    assert sum(not isinstance(each, Exception) for each in results) == 1, results
    replay = key.post(REQUEST, "action_approve", ids=[request_id])
    assert (replay.status_code, "nothing to decide" in replay.text) == (422, True)
    assert world.state(request_id) == ("applied", "applied", ["approve"])
    assert world.posted(action_id) == 300.0


@pytest.mark.parametrize("number", range(8))
def test_content_that_changes_while_the_last_approver_decides(world, number):
    """The requester adds evidence in the moment of the last approval."""
    request_id, action_id = world.new_request(2100.0, evidence=_ALL)
    world.login("supervisor").call(REQUEST, "action_approve", [request_id])
    clerk, manager = world.login("clerk"), world.login("manager")

    def change():
        time.sleep(0.01 * number)
        office.add_evidence(clerk, world.ids, request_id, "legal_note")

    results = at_once(lambda: manager.call(REQUEST, "action_approve", [request_id]), change)
    assert _clear(results), results
    assert _consistent(world, request_id, action_id, 2100.0), results
    with world.env() as env:
        request = env[REQUEST].browse(request_id)
        live = request.decision_ids.filtered(lambda each: not each.is_void)
        if request.state == "applied":
            assert set(live.mapped("content_digest")) == {request._get_content_digest()}
        else:
            assert not live, "decided about other content"


_ALL = ("appeal_decision", "root_cause", "appeal_exhausted")


def test_withdrawn_while_the_last_approver_decides(world):
    request_id, action_id = world.new_request(300.0)
    clerk, lead = world.login("clerk"), world.login("lead")
    results = at_once(
        lambda: lead.call(REQUEST, "action_approve", [request_id]),
        lambda: clerk.call(REQUEST, "action_withdraw", [request_id]),
    )
    assert _clear(results), results
    assert _consistent(world, request_id, action_id, 300.0)
    request, action, _verdicts = world.state(request_id)
    assert (request, action) in (
        ("applied", "applied"),
        ("withdrawn", "void"),
        ("waiting", "pending"),
    )


def test_the_receivable_is_paid_meanwhile(world):
    """What is no longer open is not forgiven: approved, not applied, and it says why."""
    case_id = world.new_case()
    request_id, action_id = world.new_request(300.0, case_id=case_id)
    with world.env() as env:
        case = env["hc.billing.case"].browse(case_id)
        register = env["account.payment.register"].with_context(
            active_model="account.move", active_ids=case.invoice_ids.ids
        )
        register.create({"amount": case.amount_open - 100.0})._create_payments()
    world.login("lead").call(REQUEST, "action_approve", [request_id])
    assert world.state(request_id)[:2] == ("approved", "pending")
    assert world.posted(action_id) == 0.0
    with world.env() as env:
        assert "less than" in env[REQUEST].browse(request_id).apply_error


def test_two_acts_at_once_never_forgive_more_than_is_open(world):
    case_id = world.new_case(units=2)
    first = world.new_request(300.0, case_id=case_id)
    with world.env() as env:
        action = env["hc.controlled.action"].browse(first[1])
        twin = action.with_user(world.login("clerk2").user_id)._request(
            "administrative_write_off",
            action.case_id,
            idempotency_key=f"twin {case_id}",
            amount=300.0,
            case_id=case_id,
            reason_code_id=action.reason_code_id.id,
            justification="the same money again",
            parameters={"responsibility": "payer_1"},
        )
        second = twin.approval_request_ids
        for kind in second.step_ids.rule_id.evidence_type_ids.filtered(
            lambda each: each.source == "attachment"
        ):
            twin.sudo()._attach_evidence(kind, office.PNG, "x.png", None)
        second._write_guarded({"content_digest": second._get_content_digest()})
        second_id, twin_id = second.id, twin.id
    at_once(
        lambda: world.login("lead").call(REQUEST, "action_approve", [first[0]]),
        lambda: world.login("manager").call(REQUEST, "action_approve", [second_id]),
    )
    assert world.posted(first[1]) + world.posted(twin_id) <= 400.0
    assert _consistent(world, first[0], first[1], 300.0)
    assert _consistent(world, second_id, twin_id, 300.0)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def doomed(database_name, tmp_path):
    """A server of its own on the same database, with its process and address."""
    port = _free_port()
    command = [sys.executable, "-m", "odoo", f"--config={os.environ['HC_TEST_CONFIG']}"]
    command += [f"--database={database_name}", f"--db-filter=^{database_name}$"]
    command += [f"--http-port={port}", "--max-cron-threads=0", f"--gevent-port={_free_port()}"]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if requests.get(f"{url}/web/health", timeout=5).ok:
                    break
            except requests.RequestException:
                time.sleep(0.5)
        else:
            pytest.fail((tmp_path / "server.log").read_text()[-2000:])
        yield process, url
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_a_server_killed_between_decision_and_act_leaves_nothing_half_done(
    world, doomed, database_name
):
    """A table lock holds the server where it posts what it has just seen approved."""
    process, url = doomed
    request_id, action_id = world.new_request(300.0)
    with world.env() as env:
        key = office.KeyClient(url, database_name, office.add_key(env, "lead2"))
    with ThreadPoolExecutor(1) as pool:
        with world.env() as env:
            env.cr.execute("LOCK TABLE account_move IN SHARE MODE")
            call = pool.submit(key.post, REQUEST, "action_approve", ids=[request_id])
            deadline, held = time.monotonic() + 30, 0
            while not held and time.monotonic() < deadline:
                env.cr.execute(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted"
                    " AND relation = 'account_move'::regclass"
                )
                (held,) = env.cr.fetchone()
                time.sleep(0.1)
            assert held, "the server never came to post"
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        assert isinstance(call.exception(timeout=30), requests.ConnectionError)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and world.posted(action_id):
        time.sleep(0.1)
    assert world.state(request_id) == ("waiting", "pending", [])
    assert world.posted(action_id) == 0.0
    world.login("lead2").call(REQUEST, "action_approve", [request_id])
    assert world.state(request_id) == ("applied", "applied", ["approve"])
    assert world.posted(action_id) == 300.0
