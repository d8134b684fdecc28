# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A system is connected, proves who it is and is heard; what was not delivered is sent again."""

import time

import pytest
import requests
import senders
from hc_webhook_core.signatures import sign_standard

_NAME, _CODE = "Riverbend Record", "riverbend"


@pytest.fixture
def prepared(odoo_env):
    """A secret and a user for the system; what an administrator has made beforehand."""
    with odoo_env() as env:
        company = env.ref("hc_revenue_base.demo_company")
        groups = [env.ref("base.group_user").id, env.ref("hc_revenue_base.group_hc_integration").id]
        env["res.users"].with_context(no_reset_password=True).create(
            {
                "name": "Feed of Riverbend",
                "login": "system.riverbend",
                "company_id": company.id,
                "company_ids": [(6, 0, company.ids)],
                "group_ids": [(6, 0, groups)],
            }
        )
        env["hc.secret"].create(
            {"name": "Riverbend secret", "code": "inbound.riverbend", "value": senders.SECRET}
        )


def _choose(page, name, text):
    page.locator(f"[name='{name}'] input").fill(text)
    page.locator(f".o-autocomplete--dropdown-item:has-text('{text}')").first.click()


def _send(base_url, message_id, secret):
    data = {
        "facility_code": "HARBOR",
        "encounter_number": "RB-1",
        "patient_mrn": "NW-RB-1",
        "completed_at": "2026-03-02T09:40:00",
    }
    body, seconds = senders.event_body(message_id, data), int(time.time())
    return requests.post(
        f"{base_url}/hc/v1/inbound/{_CODE}",
        data=body,
        headers={
            "Content-Type": "application/cloudevents+json",
            "webhook-id": message_id,
            "webhook-timestamp": str(seconds),
            "webhook-signature": sign_standard(secret, message_id, seconds, body),
        },
        timeout=60,
    )


@pytest.mark.usefixtures("prepared")
def test_a_system_is_connected_and_heard(log_in, base_url):
    page = log_in("administrator")
    page.goto("/odoo/revenue-systems")
    page.locator(".o_list_button_add").click()
    page.locator("[name='name'] input, [name='name'] textarea").fill(_NAME)
    page.locator("[name='code'] input").fill(_CODE)
    # Nothing is open before it is connected.
    page.locator(".o_form_button_save").click()
    page.wait_for_selector("button[name='action_activate']")
    assert _send(base_url, "rb-0", senders.SECRET).status_code == 401
    page.locator("button[name='action_activate']").click()
    page.wait_for_selector(".modal:has-text('Choose the integration user')")
    page.locator(".modal footer button, .modal .btn-close").first.click()
    _choose(page, "user_id", "Feed of Riverbend")
    _choose(page, "secret_id", "Riverbend secret")
    page.locator("button[name='action_activate']").click()
    page.wait_for_selector("button[name='action_pause']")
    # A key is shown once, to whom proves again who they are.
    page.locator("button[name='action_make_key']").click()
    page.locator(".modal [name='name'] input").fill("Reconciliation")
    page.locator(".modal button[name='action_make']").click()
    page.locator(".modal input[type='password']").fill("administrator")
    page.locator(".modal:has(input[type='password']) footer .btn-primary").click()
    page.wait_for_selector(".modal:has-text('Key of Riverbend Record')")
    page.goto("/odoo/revenue-system-keys")
    page.wait_for_selector(".o_data_row:has-text('Reconciliation'):has-text('Riverbend')")
    assert _send(base_url, "rb-1", "whsec_YW5vdGhlci1zZWNyZXQtb2YtdGVzdA==").status_code == 401
    answer = _send(base_url, "rb-1", senders.SECRET)
    assert answer.status_code == 202, answer.text
    assert _send(base_url, "rb-1", senders.SECRET).json()["id"] == answer.json()["id"]
    page.goto("/odoo/revenue-received-messages")
    row = page.locator(f".o_data_row:has-text('{_NAME}')")
    row.first.wait_for()
    assert row.count() == 1, "a message that is repeated is kept once"
    assert "RB-1" in row.inner_text()


def test_a_dead_letter_is_replayed(log_in, odoo_env):
    with odoo_env() as env:
        dead = env["hc.event.delivery"].search(
            [("state", "=", "dead"), ("subscription_id.name", "=", "Data warehouse")], limit=1
        )
        delivery_id, message = dead.id, dead.message
    page = log_in("operations")
    page.goto(f"/odoo/revenue-deliveries/{delivery_id}")
    page.wait_for_selector(".alert-danger:has-text('given up')")
    page.locator("button[name='action_replay']").click()
    page.wait_for_selector(".o_arrow_button_current:has-text('Waiting')")
    with odoo_env() as env:
        replayed = env["hc.event.delivery"].browse(delivery_id)
        assert (replayed.state, replayed.attempts) == ("pending", 0)
        assert replayed.message == message, "the receiver can tell the repetition"


def test_nothing_of_the_demonstration_calls_out(odoo_env):
    """Receivers are paused, or on this machine, which the server refuses to call."""
    with odoo_env() as env:
        company = env.ref("hc_revenue_base.demo_company")
        own = [("company_id", "=", company.id)]
        sending = env["hc.event.subscription"].search([*own, ("state", "=", "active")])
        assert sending, "one subscription is sending"
        assert all(each.url.startswith("https://localhost") for each in sending)
        waiting = env["hc.event.delivery"].search(
            [("subscription_id", "in", sending.ids), ("state", "in", ("pending", "sending"))]
        )
        assert not waiting.filtered("attempts"), "nothing was tried"
        assert not env["hc.integration.source"].search([*own, ("is_fhir_polled", "=", True)])
        drops = env["hc.file.drop"].search([*own, ("source_id.state", "=", "active")])
        assert not drops, "no folder is looked into"


def test_the_demonstration_has_every_state(odoo_env):
    with odoo_env() as env:
        company = env.ref("hc_revenue_base.demo_company")
        own = [("company_id", "=", company.id)]

        def found(model, field, domain=own):
            return set(env[model].search(domain).mapped(field))

        assert found("hc.integration.source", "state") == {"draft", "active", "paused", "retired"}
        kinds = {"ehr", "clearinghouse", "payer", "payment", "messaging", "document"}
        assert found("hc.integration.source", "kind") >= kinds | {"orchestrator", "other"}
        assert found("hc.integration.key", "state") == {"active", "ended", "revoked"}
        outcomes = {"applied", "partly", "proposed", "superseded", "matched", "waiting", "refused"}
        assert found("hc.exchange", "event_outcome") >= outcomes
        assert found("hc.exchange", "state") >= {"done", "waiting", "rejected", "failed"}
        subscriptions = env["hc.event.subscription"].search(own)
        assert set(subscriptions.mapped("state")) == {"draft", "active", "paused", "disabled"}
        told = [("subscription_id", "in", subscriptions.ids)]
        states = {"pending", "sending", "delivered", "dead", "cancelled"}
        assert found("hc.event.delivery", "state", told) == states
        results = {"waiting", "received", "duplicate", "quarantined"}
        assert found("hc.file.drop.file", "result") == results
