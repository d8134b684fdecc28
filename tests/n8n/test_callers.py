# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What other systems begin in n8n, signed, and what Odoo's records say afterwards."""

import time
from datetime import datetime, timedelta, timezone

import office
import population
from hc_webhook_core import proof


def test_unsigned_late_and_forged_calls_are_refused(call, stub, odoo_env):
    asked = len(stub.asked_for("/chat"))
    data = {"payment_id": "never"}
    for wrong in (
        {"secret": "another-secret-of-some-length"},
        {"timestamp": int(time.time()) - 400},
        {"timestamp": int(time.time()) + 400},
    ):
        assert call("payment-confirmation", data, **wrong).status_code == 401
        assert call("approval-notification", data, **wrong).status_code == 401
    assert len(stub.asked_for("/chat")) == asked
    with odoo_env() as env:
        assert not env["hc.payment.report"].search([("reference", "=", "never")])


def test_a_payment_is_reported_once(call, odoo_env):
    with odoo_env() as env:
        number = office.owing_account(env).name
    data = {
        "status": "confirmed",
        "payment_id": "pay-77",
        "amount": "12.50",
        "currency": "USD",
        "day": f"{population.SERVICE_DATE}",
        "account_number": number,
    }
    for _time in range(2):
        answer = call("payment-confirmation", data, message_id="msg-paid-77")
        assert answer.status_code == 200, answer.text
    with odoo_env() as env:
        report = env["hc.payment.report"].search([("reference", "=", "pay-77")])
        assert (len(report), report.amount, report.account_id.name) == (1, 12.5, number)


def test_what_odoo_refuses_for_good_becomes_work(call, odoo_env):
    data = {"status": "confirmed", "payment_id": "p-1", "amount": "ten", "currency": "USD"}
    for _time in range(2):
        answer = call("payment-confirmation", data, message_id="msg-refused-1")
        assert answer.status_code == 422, answer.text
    with odoo_env() as env:
        found = office.items(env, "n8n: payment-confirmation was refused")
        assert found == [("operations", "error", False)]
        assert not env["hc.payment.report"].search([("reference", "=", "p-1")])


def test_a_visit_becomes_an_encounter_once(call, odoo_env):
    with odoo_env() as env:
        population.group(env)
        patient = env["hc.patient"].create(
            {
                "mrn": "N8N-1",
                "last_name": "Visitor",
                "first_name": "Ann",
                "birth_date": "1981-02-03",
                "sex": "female",
            }
        )
        facility = env["hc.facility"].search([("code", "=", "BENCH")])
        patient.facility_ids = facility
    data = {
        "facility_code": "BENCH",
        "encounter_number": "N8N-V-1",
        "patient_mrn": "N8N-1",
        "started_at": "2026-03-02T14:00:00Z",
        "completed_at": "2026-03-02T15:00:00Z",
    }
    for _time in range(2):
        answer = call("encounter-intake", data, message_id="msg-visit-1")
        assert answer.status_code == 200, answer.text
    with odoo_env() as env:
        exchange = env["hc.exchange"].search(
            [("source", "=", office.CODE), ("external_id", "=", "msg-visit-1")]
        )
        assert (len(exchange), exchange.state) == (1, "received")
        env.ref("hc_integration.ir_cron_process_events_1").method_direct_trigger()
    with odoo_env() as env:
        exchange = exchange.with_env(env)
        assert exchange.state == "done", (exchange.state, exchange.error)
        visit = env["hc.encounter"].search([("number", "=", "N8N-V-1")])
        assert (visit.state, visit.patient_id.mrn) == ("completed", "N8N-1")
        assert (exchange.event_res_model, exchange.event_res_id) == ("hc.encounter", visit.id)


def test_an_event_that_the_border_refuses_becomes_work(call, odoo_env):
    """The data do not fit the event's schema: calling again would not help."""
    answer = call("encounter-intake", {"facility_code": "BENCH"}, message_id="msg-visit-2")
    assert answer.status_code in (200, 422), answer.text
    with odoo_env() as env:
        env.ref("hc_integration.ir_cron_process_events_1").method_direct_trigger()
    with odoo_env() as env:
        assert not env["hc.encounter"].search([("number", "=", False)])
        exchange = env["hc.exchange"].search([("external_id", "=", "msg-visit-2")])
        refused = office.items(env, "n8n: encounter-intake was refused")
        assert exchange.state == "rejected" or refused == [("operations", "error", False)]


def test_a_script_that_fails_becomes_work(call, stub, odoo_env):
    stub.on("GET", "/clearinghouse/remittances/R-2", lambda _body: (200, "<html>busy</html>"))
    assert call("remittance-received", {"remittance_id": "R-2"}).status_code == 500

    def look():
        with odoo_env() as env:
            return office.items(env, "n8n workflow failed: HC: remittance received")

    assert office.wait_for(look) == [("operations", "error", False)]


def test_what_was_sent_and_is_not_here_becomes_work(n8n, stub, odoo_env):
    """The clock strikes; of two remittances of yesterday one was taken in."""
    with odoo_env() as env:
        env["hc.exchange"]._receive("remittance_835", "drop", "n8n-held", b"835", "HELD-1.835")
        # It is not worked on: only that it is here matters.
    sent = {"remittances": [{"id": "HELD-1"}, {"id": "GONE-1"}]}
    stub.on("GET", "/clearinghouse/remittances", lambda _body: (200, sent))

    def look():
        with odoo_env() as env:
            return office.items(env, "GONE-1 was sent and is not here")

    assert office.wait_for(look) == [("operations", "error", False)]
    asked = len(stub.asked_for("/clearinghouse/remittances"))
    office.wait_for(lambda: len(stub.asked_for("/clearinghouse/remittances")) > asked + 1)
    stub.on("GET", "/clearinghouse/remittances", lambda _body: (200, {"remittances": []}))
    with odoo_env() as env:
        assert len(office.items(env, "GONE-1 was sent and is not here")) == 1
        assert not office.items(env, "HELD-1 was sent and is not here")


def test_a_proof_that_differs_is_work_until_it_is_whole(n8n, odoo_env):
    """Another system told of a message that is not here; then it corrects itself."""
    day = (datetime.now(timezone.utc) - timedelta(days=2)).date()

    def tell(*ids):
        told = proof.read_totals(
            {
                "totals": [
                    {"event_type": "encounter.completed", "count": len(ids), "message_ids": ids}
                ]
            }
        )
        with odoo_env() as env:
            source = env["hc.integration.source"].search([("code", "=", office.PROVEN)])
            taken = env["hc.integration.proof"]._take_totals(source, day, told, env["hc.exchange"])
            office.tell_servers(env)
            return taken.state

    def look_for(state):
        def look():
            with odoo_env() as env:
                name = f"The daily proof of {office.PROVEN} of {day} differs"
                items = env["hc.work.item"].search([("name", "=", name)])
                return items.mapped("state") == [state]

        return look

    assert tell("late-1") == "differs"
    assert office.wait_for(look_for("open"))
    assert tell() == "proven"
    assert office.wait_for(look_for("resolved"))
