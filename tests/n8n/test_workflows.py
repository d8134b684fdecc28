# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What each workflow leaves behind in Odoo, not what n8n says of its execution."""

import time


def _items(odoo_env, **match):
    with odoo_env() as env:
        domain = [(name, "ilike", value) for name, value in match.items()]
        found = env["hc.work.item"].search(domain)
        return [(item.name, item.queue_id.code, item.severity) for item in found]


def _await(look, seconds=30):
    """The first truthy answer of ``look``: what n8n does after its answer takes a moment."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.2)
    return look()


def test_unsigned_late_and_forged_calls_are_refused(call, stub):
    asked = len(stub.asked)
    data = {"claim_number": "CL-0", "category": "A7"}
    assert call("claim-rejected", data, secret="another-secret-of-some-length").status_code == 401
    assert call("claim-rejected", data, timestamp=int(time.time()) - 400).status_code == 401
    assert call("claim-rejected", data, timestamp=int(time.time()) + 400).status_code == 401
    assert len(stub.asked) == asked


def test_a_rejected_claim_comes_to_the_right_desk_once(call, odoo_env):
    data = {"claim_number": "CL-77", "category": "A7"}
    for _time in range(2):
        answer = call("claim-rejected", data, message_id="msg-rejected-77")
        assert answer.status_code == 200, answer.text
    assert _items(odoo_env, name="CL-77") == [("Claim CL-77 was rejected (A7)", "coding", "error")]


def test_what_odoo_refuses_is_asked_to_be_repeated(call, n8n, odoo_env):
    """The caller keeps the message while Odoo does not take it."""
    data = {"status": "confirmed", "payment_id": "p-1", "amount": "ten", "currency": "USD"}
    assert call("payment-confirmation", data).status_code == 503


def test_a_remittance_is_fetched_handed_over_and_told(call, stub, odoo_env):
    content = "ISA*00*not a real one~"
    stub.on("GET", "/clearinghouse/remittances/R-1", lambda _body: (200, content))
    for _time in range(2):
        answer = call("remittance-received", {"remittance_id": "R-1"}, message_id="msg-remit-1")
        assert answer.status_code == 200, answer.text
    with odoo_env() as env:
        exchange = env["hc.exchange"].search([("external_id", "=", "R-1")])
        assert len(exchange) == 1
        assert exchange.document_type == "remittance_835"
        assert exchange.payload_attachment_id.raw.decode() == content
    assert _items(odoo_env, name="Remittance R-1 has arrived") == [
        ("Remittance R-1 has arrived", "collections", "info")
    ]


def test_an_approver_is_told_without_figures(call, stub):
    stub.on("POST", "/chat", lambda _body: (200, {"ok": True}))
    answer = call("approval-notification", {"id": 7}, subject="hc.approval.request/7")
    assert answer.status_code == 200, answer.text
    (told,) = stub.asked_for("/chat")
    assert told["text"].endswith("/odoo/hc.approval.request/7")


def test_a_silent_system_is_asked_again(call, stub):
    """The first tries fail, a later one succeeds: one message, one answer."""
    answers = iter([(503, {}), (503, {}), (200, {"ok": True})])
    stub.on("POST", "/chat", lambda _body: next(answers))
    before = len(stub.asked_for("/chat"))
    answer = call("approval-notification", {"id": 8}, subject="hc.approval.request/8")
    assert answer.status_code == 200, answer.text
    assert len(stub.asked_for("/chat")) == before + 3


def test_a_script_that_fails_becomes_work(call, stub, odoo_env):
    stub.on("GET", "/clearinghouse/remittances/R-2", lambda _body: (200, "<html>busy</html>"))
    assert call("remittance-received", {"remittance_id": "R-2"}).status_code == 500
    failed = _await(lambda: _items(odoo_env, name="n8n workflow failed"))
    assert failed == [("n8n workflow failed: HC: remittance received", "operations", "error")]
