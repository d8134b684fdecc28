# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What Odoo's own subscriptions begin in n8n, and what its records say afterwards."""

import office
import pytest
import senders


def _assert_delivered(env, type_code, records):
    rows = office.deliveries(env, type_code, records)
    assert set(rows.mapped("state")) == {"delivered"}, [
        (row.state, row.status, row.error, row.response_head) for row in rows
    ]
    return rows


def test_a_test_event_arrives_and_does_nothing(n8n, odoo_env):
    with odoo_env() as env:
        before = env["hc.work.item"].search_count([])
        subscriptions = env["hc.event.subscription"].search([("source_id.code", "=", office.CODE)])
        assert len(subscriptions) == 5
        for subscription in subscriptions:
            assert subscription._ping() == ("The endpoint answered 200.", True), subscription.url
        assert env["hc.work.item"].search_count([]) == before


def test_a_rejected_claim_comes_to_the_right_desk_once(odoo_env, deliver):
    with odoo_env() as env:
        claims = office.sent_claims(env, 2)
        for claim, category in zip(claims, ("A7", "A3"), strict=True):
            office.reject(env, claim, category)
    deliver()
    with odoo_env() as env:
        claims = claims.with_env(env)
        rows = _assert_delivered(env, "claim.rejected", claims)
        for claim, queue in zip(claims, ("coding", "edi"), strict=True):
            found = office.items(env, f"Claim {claim.name} was rejected (A")
            assert found == [(queue, "error", claim.case_id.name)]
        rows.action_replay()
        assert set(rows.mapped("state")) == {"pending"}
    deliver()
    with odoo_env() as env:
        claims = claims.with_env(env)
        _assert_delivered(env, "claim.rejected", claims)
        assert len(office.items(env, f"Claim {claims[0].name} was rejected (A")) == 1


@pytest.fixture
def inquiry(odoo_env):
    with odoo_env() as env:
        return office.unanswered_inquiry(env)


def _answered(env, inquiry):
    inquiry = inquiry.with_env(env)
    return inquiry.state, inquiry.answer_ids.mapped("outcome"), inquiry.answer_ids.mapped("channel")


def test_a_payer_is_asked_again_until_it_answers(odoo_env, deliver, stub, inquiry):
    answers = iter([(503, {}), (200, {"status": "active", "reference": "PAYER-1"})])
    stub.on("POST", "/payer/eligibility", lambda _body: next(answers))
    before = len(stub.asked_for("/payer_fallback/eligibility"))
    deliver()
    with odoo_env() as env:
        _assert_delivered(env, "eligibility_inquiry.no_answer", inquiry)
        assert _answered(env, inquiry) == ("answered", ["active"], ["portal"])
        coverage = inquiry.with_env(env).coverage_id
        asked = stub.asked_for("/payer/eligibility")[-1]
        assert (asked["member"], asked["payer"]) == (coverage.member_id, "BENCH")
        # The question that was left to people is answered: nobody has to telephone.
        left = env["hc.work.item"].search(
            [("res_model", "=", "hc.eligibility.inquiry"), ("res_id", "=", inquiry.id)]
        )
        assert left.mapped("state") == ["resolved"]
    assert len(stub.asked_for("/payer_fallback/eligibility")) == before


def test_a_payer_that_is_down_is_asked_by_the_second_route(odoo_env, deliver, stub, inquiry):
    stub.on("POST", "/payer/eligibility", lambda _body: (503, {}))
    second = {"status": "inactive", "reference": "SECOND-1"}
    stub.on("POST", "/payer_fallback/eligibility", lambda _body: (200, second))
    before = len(stub.asked_for("/payer/eligibility"))
    deliver()
    with odoo_env() as env:
        _assert_delivered(env, "eligibility_inquiry.no_answer", inquiry)
        assert _answered(env, inquiry) == ("answered", ["inactive"], ["portal"])
    assert len(stub.asked_for("/payer/eligibility")) == before + 4


def test_where_both_routes_are_down_odoo_asks_later(odoo_env, deliver, stub, inquiry):
    for route in ("payer", "payer_fallback"):
        stub.on("POST", f"/{route}/eligibility", lambda _body: (503, {}))
    deliver()
    with odoo_env() as env:
        row = office.deliveries(env, "eligibility_inquiry.no_answer", inquiry)
        assert row.state == "pending" and row.attempts == 1, (row.state, row.status)
        assert _answered(env, inquiry)[0] == "no_answer"
        office.make_due(env)
    answer = {"status": "active", "reference": "LATE-1"}
    stub.on("POST", "/payer/eligibility", lambda _body: (200, answer))
    deliver()
    with odoo_env() as env:
        _assert_delivered(env, "eligibility_inquiry.no_answer", inquiry)
        assert _answered(env, inquiry)[:2] == ("answered", ["active"])


def _messenger(stub, answers):
    """A messaging interface; ``answers`` by number: one after the other, the last one for good."""
    waiting = {number: list(each) for number, each in answers.items()}

    def answer(body):
        mine = waiting[body["to"]]
        return mine.pop(0) if len(mine) > 1 else mine[0]

    stub.on("POST", "/messaging/messages", answer)


def test_texts_go_out_once_and_their_status_comes_back(odoo_env, deliver, stub, base_url):
    good, wrong, late = "+12175550111", "+12175550112", "+12175550113"
    _messenger(
        stub,
        {
            good: [(200, {"status": "queued"})],
            wrong: [(400, {"error": "no such number"})],
            late: [(503, {}), (200, {"status": "queued"})],
        },
    )
    with odoo_env() as env:
        contacts = office.texts(env, [good, wrong, late])
        document = contacts.exchange_id
    deliver()
    with odoo_env() as env:
        contacts, document = contacts.with_env(env), document.with_env(env)
        assert contacts.mapped("state") == ["sent", "failed", "queued"]
        assert "http_400" in contacts[1].error
        row = office.deliveries(env, "exchange.ready_to_leave_text_message", document)
        assert (row.state, document.state) == ("pending", "processing")
        office.make_due(env)
    deliver()
    with odoo_env() as env:
        contacts, document = contacts.with_env(env), document.with_env(env)
        row = _assert_delivered(env, "exchange.ready_to_leave_text_message", document)
        assert contacts.mapped("state") == ["sent", "failed", "sent"]
        assert document.state == "done"
        row.action_replay()
    asked = len(stub.asked_for("/messaging/messages"))
    deliver()
    with odoo_env() as env:
        _assert_delivered(env, "exchange.ready_to_leave_text_message", document)
    assert len(stub.asked_for("/messaging/messages")) == asked, "it has left already"
    keys = {
        (body["to"], headers["idempotency-key"])
        for path, body, headers in stub.asked
        if path == "/messaging/messages"
    }
    assert len(keys) == 3, "a text that is sent again has the number that it had"
    _report_receipt(odoo_env, base_url, contacts[0])


def _report_receipt(odoo_env, base_url, contact):
    """The messaging system tells later, by itself, that a text has arrived."""
    with odoo_env() as env:
        code = senders.connect_source(env).code
    data = {"message_reference": str(contact.id), "status": "delivered"}
    body = senders.event_body("receipt-1", data, type="message.status.v1")
    status, _headers, _answer = senders.send(base_url, code, "receipt-1", body)
    assert status == 202
    with odoo_env() as env:
        env.ref("hc_integration.ir_cron_process_events_1").method_direct_trigger()
    with odoo_env() as env:
        assert contact.with_env(env).state == "delivered"
