# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Documents as evidence: what they must be, that they stay, and who opens them."""

import office
import pytest
import requests

REQUEST = "hc.approval.request"


@pytest.fixture
def given(world):
    """A waiting request with documents: ids of the request and of one document."""
    request_id, action_id = world.shared_request()
    with world.env() as env:
        documents = env["hc.controlled.action"].browse(action_id).evidence_ids.attachment_id
        return request_id, documents[0].id


def test_files_that_prove_nothing_are_refused(world, rpc_error):
    clerk = world.login("clerk")
    request_id, _action_id = world.new_request(300.0, evidence=())
    for content in (
        "",
        False,
        "no base64",
        office.encode(b"<html><script>alert(1)</script></html>"),
        office.encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        office.encode(b"MZ" + bytes(64)),
        office.encode(bytes(26 * 1024 * 1024)),
    ):
        with pytest.raises(rpc_error):
            office.add_evidence(clerk, world.ids, request_id, "appeal_decision", content)
    polyglot = office.encode(b"%PDF-1.4\n<script>alert(1)</script>")
    office.add_evidence(
        clerk, world.ids, request_id, "appeal_decision", polyglot, file_name="x.html"
    )
    with world.env() as env:
        document = env[REQUEST].browse(request_id).evidence_ids.attachment_id
        assert document.mimetype == "application/pdf"
    with pytest.raises(rpc_error):
        office.add_evidence(world.login("lead"), world.ids, request_id, "appeal_decision")


@pytest.mark.parametrize("name", ["clerk", "lead", "administrator", "system"])
def test_documents_stay_and_stay_where_they_are(world, rpc_error, given, name):
    request_id, document_id = given
    client = world.login(name)
    for values in (
        {"raw": "other"},
        {"datas": office.encode(b"other")},
        {"res_id": 1},
        {"res_model": "res.partner"},
        {"public": True},
        {"access_token": "guess"},
        {"mimetype": "text/html"},
        {"name": "x.html"},
        {"type": "url", "url": "https://example.com"},
    ):
        with pytest.raises(rpc_error):
            client.call("ir.attachment", "write", [document_id], values)
    for method in ("unlink", "generate_access_token"):
        with pytest.raises(rpc_error):
            client.call("ir.attachment", method, [document_id])
    world.login("lead").call(REQUEST, "action_approve", [request_id])
    assert world.state(request_id)[0] == "applied"
    with pytest.raises(rpc_error):
        client.call("ir.attachment", "unlink", [document_id])


@pytest.mark.parametrize("name", ["employee", "portal", "outsider"])
def test_strangers_open_no_document_and_no_thread(world, rpc_error, given, name):
    request_id, document_id = given
    client = world.login(name)
    for path in (
        f"/web/content/{document_id}",
        f"/web/image/{document_id}",
        f"/web/content/ir.attachment/{document_id}/raw",
        f"/web/content/{document_id}?access_token=x",
    ):
        for session in (client.session, requests.Session()):
            answer = session.get(world.base_url + path, timeout=60)
            body = answer.content
            assert (
                answer.status_code in (403, 404)
                or b"IHDR" not in body
                or (
                    # Odoo answers a picture that may not be seen with a placeholder of its own.
                    len(body) > 500
                )
            ), (path, answer.status_code)
    thread = {"thread_model": REQUEST, "thread_id": request_id}
    try:
        found = client.post("/mail/thread/messages", **thread)
    except rpc_error:
        found = {}
    with world.env() as env:
        # Without a thread that they may read, Odoo lists what else they may.
        shown = env["mail.message"].browse(found.get("messages", []))
        assert not any((model or "").startswith("hc.") for model in shown.mapped("model"))
    with pytest.raises(rpc_error):
        client.post(
            "/mail/message/post", **thread, post_data={"body": "x", "message_type": "comment"}
        )
    for method, keywords in (
        ("message_post", {"body": "x"}),
        ("message_subscribe", {"partner_ids": [1]}),
        ("export_data", {"fields_to_export": ["name", "evidence_ids/text"]}),
    ):
        with pytest.raises(rpc_error):
            client.call(REQUEST, method, [request_id], **keywords)
