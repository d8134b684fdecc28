# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A remittance from the folder, or from the clearinghouse, to the notice on collections' desk."""

import claim_answers
import office
import pytest
import senders


@pytest.fixture
def answered(odoo_env):
    """Claims, and the 835 that answers them: 60 % paid, 10 % left to the patients."""
    with odoo_env() as env:
        claims = office.sent_claims(env, 2)
        trace = f"N8N{claims[0].id}"
        return claims, claim_answers.answer(claims, trace=trace), trace


def _drop(env, folder, name, content):
    """A file drop of a clearinghouse; the file, with its marker, lies in it."""
    code = senders.connect_source(env, kind="clearinghouse").code
    source = env["hc.integration.source"].search([("code", "=", code)])
    drop = env["hc.file.drop"].create(
        {
            "name": "Remittances",
            "source_id": source.id,
            "folder": "835",
            "document_type": "remittance_835",
            "completeness": "marker",
        }
    )
    drop._look(lambda *_args, **_kwargs: True)
    incoming = folder / code / "835" / "in"
    (incoming / name).write_bytes(content)
    (incoming / f"{name}.done").touch()


def _work(odoo_env):
    """Take files, read documents and post what is proven, each by its Scheduled Action."""
    for cron in (
        "hc_integration.ir_cron_look_into_file_drops",
        "hc_revenue_base.ir_cron_process_exchanges",
        "hc_claims.ir_cron_post_remittances",
    ):
        with odoo_env() as env:
            env.ref(cron).method_direct_trigger()


@pytest.fixture
def drop_folder(odoo_env, tmp_path):
    from odoo.tools import config

    before = config.get("hc_file_drop_root")
    config["hc_file_drop_root"] = str(tmp_path)
    yield tmp_path
    config["hc_file_drop_root"] = before


def _assert_told(env, claims, trace):
    """Posted once, told once, with numbers and no names."""
    remittance = env["hc.remittance"].search([("trace_number", "=", trace)])
    assert (len(remittance), remittance.state) == (1, "posted"), remittance.hold_reason
    assert set(claims.with_env(env).mapped("state")) == {"paid"}
    row = office.deliveries(env, "remittance.posted", remittance)
    assert row.mapped("state") == ["delivered"], (row.mapped("status"), row.mapped("error"))
    item = env["hc.work.item"].search([("name", "ilike", remittance.name)])
    assert (len(item), item.queue_id.code, item.severity) == (1, "collections", "info")
    patients = sum(claims.with_env(env).mapped("amount_charged")) / 10
    assert f"{patients:.2f} USD left to patients" in item.description
    assert "0 of 2 answers with denials" in item.description
    for name in claims.with_env(env).case_id.patient_id.mapped("last_name"):
        assert name not in f"{item.name} {item.description}"
    return remittance


def test_from_the_folder_to_collections(n8n, odoo_env, deliver, answered, drop_folder, stub):
    claims, content, trace = answered
    with odoo_env() as env:
        _drop(env, drop_folder, "advice.835", content)
    _work(odoo_env)
    deliver()
    with odoo_env() as env:
        remittance = _assert_told(env, claims, trace)
        office.deliveries(env, "remittance.posted", remittance).action_replay()
    deliver()
    with odoo_env() as env:
        remittance = _assert_told(env, claims, trace)
    _ask_to_undo(odoo_env, deliver, remittance, stub)


def _ask_to_undo(odoo_env, deliver, remittance, stub):
    """A request that waits for approval is told to the approvers: a link, no figures."""
    with odoo_env() as env:
        action = remittance.with_env(env)._request_undo(
            idempotency_key=f"n8n {remittance.id}", justification="sent again by the payer"
        )
        request = env["hc.approval.request"].search([("action_id", "=", action.id)])
        assert request.state == "waiting"
    stub.on("POST", "/chat", lambda _body: (200, {"ok": True}))
    deliver()
    with odoo_env() as env:
        row = office.deliveries(env, "approval_request.waiting", request)
        assert row.mapped("state") == ["delivered"], (row.mapped("status"), row.mapped("error"))
    told = stub.asked_for("/chat")[-1]["text"]
    assert told.endswith(f"/odoo/hc.approval.request/{request.id}")


def test_from_the_clearinghouse_to_collections(call, odoo_env, deliver, answered, stub):
    claims, content, trace = answered
    stub.on("GET", "/clearinghouse/remittances/R-1", lambda _body: (200, content.decode()))
    for _time in range(2):
        answer = call("remittance-received", {"remittance_id": "R-1"}, message_id="msg-remit-1")
        assert answer.status_code == 200, answer.text
    with odoo_env() as env:
        exchange = env["hc.exchange"].search([("external_id", "=", "R-1")])
        assert (len(exchange), exchange.document_type) == (1, "remittance_835")
        assert exchange.source == office.CODE
        assert exchange.payload_attachment_id.raw == content
    _work(odoo_env)
    deliver()
    with odoo_env() as env:
        _assert_told(env, claims, trace)
