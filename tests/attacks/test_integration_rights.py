# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The border's own records over RPC: who may say with whom we speak, and what nobody makes up."""

import itertools
import uuid

import pytest
import senders
from probes import FORGED, REFUSED, forge, reads

SOURCE, DROP, EXCHANGE = "hc.integration.source", "hc.file.drop", "hc.exchange"
KEY, ENTRY = "hc.integration.key", "hc.event.entry"
_WATCHERS = ("operations", "administrator", "compliance", "system")
_STRANGERS = ("foreigner", "employee", "portal", "accountant", "outsider")
# They work with the names of systems and with what their totals lack, wherever they work.
_MAY_READ = {("outsider", SOURCE), ("outsider", "hc.integration.difference")}
# Who a system is, where its keys go, and which documents pass which folder.
_ADMINISTERED = {
    SOURCE: {
        "user_id": 1,
        "secret_id": False,
        "scheme": "bearer",
        "signature_header": "X-Mine",
        "facility_ids": [[5, 0, 0]],
        "allowed_event_types": "*",
        "rate_per_minute": 60000,
        "max_body_kilobytes": 51200,
        "max_depth": 200,
        "fhir_base_url": "https://elsewhere.example/fhir",
        "fhir_secret_id": False,
    },
    DROP: {
        "receiver": "another-system",
        "since": "2020-01-01 00:00:00",
        "document_type": "fhir_bundle",
        "encoding": "cp1252",
        "completeness": "marker",
        "max_file_megabytes": 200,
    },
}
_PRIVATE = {
    SOURCE: ("_get_borders", "_cron_poll_fhir", "_poll_fhir", "_check_user_at_work"),
    EXCHANGE: ("_receive_event", "_insert_event", "_enter_event", "_finish_event", "_process"),
    KEY: ("_issue", "_find_source", "_cron_watch_keys"),
    DROP: ("_look", "_open_folder", "_cron_look"),
    "hc.event.handler": ("_handle", "_apply", "_run_operation"),
    "hc.event.position": ("_lock", "_keep"),
    "hc.secret": ("_get_value", "_reveal_valid"),
}


def _build(env, base_url):
    """A connected system of each company, and what the first one has sent and left."""
    code = senders.connect_source(env).code
    company = env["res.company"].create({"name": f"Elsewhere {uuid.uuid4().hex}"})
    foreign = senders.connect_source(env, company=company)
    source = env[SOURCE].search([("code", "=", code)])
    env[KEY]._issue(source, "attacked", 30)
    drop = env[DROP].create(
        {
            "name": code,
            "source_id": source.id,
            "folder": "charges",
            "document_type": "charge_csv",
        }
    )
    file = env["hc.file.drop.file"]._create_guarded(
        [{"drop_id": drop.id, "name": "a.csv", "fingerprint": "1:1:1", "seen_at": "2026-03-02"}]
    )
    proof = env["hc.integration.proof"]._get_proof(source, "2026-03-03")
    difference = env["hc.integration.difference"]._create_guarded(
        [{"proof_id": proof.id, "kind": "missing", "event_type": "claim.status", "reference": "m"}]
    )
    env.cr.commit()
    status, _headers, answer = senders.send(base_url, code, f"rights-{uuid.uuid4().hex}")
    assert status == 202
    ids = {
        SOURCE: source.id,
        DROP: drop.id,
        KEY: source.key_ids.id,
        file._name: file.id,
        proof._name: proof.id,
        difference._name: difference.id,
        EXCHANGE: answer["id"],
    }
    return ids, foreign.id


@pytest.fixture(scope="module")
def border(world, base_url):
    """Ids by model, and the id of another company's system."""
    with world.env() as env:
        return _build(env, base_url)


def _read_all(env, ids):
    names = {SOURCE: ("state", "code", "user_id", "secret_id", "scheme", "company_id")}
    kept = {}
    for model, record_id in ids.items():
        record = env[model].browse(record_id)
        fields = names.get(model, sorted(record._get_guarded_fields()))
        kept[model] = record.read([*fields, *_ADMINISTERED.get(model, ())])
    return kept


@pytest.fixture
def unmoved(world, border):
    """Whatever a test tries, no record moves."""
    ids, _foreign_id = border
    with world.env() as env:
        before = _read_all(env, ids)
    yield
    with world.env() as env:
        assert _read_all(env, ids) == before


@pytest.mark.parametrize("name", [*_WATCHERS, "clerk", "integration"])
@pytest.mark.usefixtures("unmoved")
def test_nobody_writes_what_the_border_writes(world, rpc_error, border, name):
    ids, _foreign_id = border
    client = world.login(name)
    with world.env() as env:
        forged = [(model, *each) for model in ids for each in forge(env, model, ids[model])]
    assert len(forged) > len(ids)
    for (model, field, value), context in itertools.product(forged, ({}, FORGED)):
        with pytest.raises(rpc_error):
            client.call(model, "write", [ids[model]], {field: value}, context=context)
    for model, record_id in ids.items():
        with pytest.raises(rpc_error):
            client.call(model, "unlink", [record_id], context=FORGED)


@pytest.mark.parametrize("name", ["operations", "compliance", "clerk", "integration"])
@pytest.mark.usefixtures("unmoved")
def test_only_administrators_say_with_whom_we_speak(world, border, name):
    ids, _foreign_id = border
    client = world.key(name)
    for model, values in _ADMINISTERED.items():
        for field, value in values.items():
            answer = client.post(
                model, "write", ids=[ids[model]], vals={field: value}, context=FORGED
            )
            assert answer.status_code in REFUSED, (model, field, answer.text[:200])
    for model, vals in (
        (SOURCE, {"name": "Mine", "code": f"mine-{name}"}),
        (DROP, {"name": "Mine", "source_id": ids[SOURCE], "folder": "m", "document_type": "x"}),
        (KEY, {"name": "Mine", "source_id": ids[SOURCE], "user_id": 1, "expires_at": "2099-01-01"}),
        ("hc.integration.key.wizard", {"source_id": ids[SOURCE], "name": "Mine"}),
        ("hc.data.owner", {"source_id": ids[SOURCE]}),
    ):
        answer = client.post(model, "create", vals_list=[vals], context=FORGED)
        assert answer.status_code in REFUSED, (model, answer.text[:200])
    for model, method in ((SOURCE, "action_retire"), (KEY, "action_revoke")):
        answer = client.post(model, method, ids=[ids[model]], context=FORGED)
        assert answer.status_code in REFUSED, (model, method, answer.text[:200])


@pytest.mark.parametrize("name", _STRANGERS)
@pytest.mark.usefixtures("unmoved")
def test_strangers_find_nothing_of_the_border(world, rpc_error, border, name):
    ids, _foreign_id = border
    client = world.login(name)
    for model, record_id in ids.items():
        if (name, model) in _MAY_READ:
            continue
        for way, ask in reads(client, model, [record_id]):
            try:
                found = ask()
            except rpc_error:
                continue
            counted = (
                [each for each in found if each.get("__count")] if way.endswith("groups") else found
            )
            assert not counted, (name, model, way, found)


@pytest.mark.usefixtures("unmoved")
def test_a_system_sees_no_other_systems_messages(world, rpc_error, border):
    ids, _foreign_id = border
    client = world.login("integration")
    for field in ("payload_text", "payload_body", "subject_key", "event_result"):
        with pytest.raises(rpc_error):
            client.call(EXCHANGE, "read", [ids[EXCHANGE]], [field], context=FORGED)
    assert not client.call(EXCHANGE, "search", [["id", "=", ids[EXCHANGE]]], context=FORGED)
    for method in ("action_try_event_again", "action_give_up_event"):
        with pytest.raises(rpc_error):
            client.call(EXCHANGE, method, [ids[EXCHANGE]], context=FORGED)


@pytest.mark.parametrize("name", ["administrator", "operations", "integration"])
@pytest.mark.usefixtures("unmoved")
def test_private_methods_are_out_of_reach(world, rpc_error, border, name):
    ids, _foreign_id = border
    client = world.login(name)
    for model, methods in _PRIVATE.items():
        for method in methods:
            with pytest.raises(rpc_error):
                client.call(model, method, [ids.get(model, 1)], context=FORGED)


@pytest.mark.parametrize("name", ["operations", "compliance", "executive", "integration", "portal"])
def test_events_are_entered_by_those_who_work_with_them(world, border, name):
    ids, _foreign_id = border
    vals = {"source_id": ids[SOURCE], "event_type": "patient.updated.v1"}
    answer = world.key(name).post(ENTRY, "create", vals_list=[vals], context=FORGED)
    assert answer.status_code in REFUSED, answer.text[:200]


def test_nobody_enters_events_for_another_companys_system(world, rpc_error, border):
    _ids, foreign_id = border
    client = world.login("clerk")
    with world.env() as env:
        before = env[EXCHANGE].search_count([("source_id", "=", foreign_id)])
    for context in ({}, FORGED | {"allowed_company_ids": [1, 2, 3, 4, 5, 6, 7, 8]}):
        with pytest.raises(rpc_error):
            made = client.call(
                ENTRY,
                "create",
                [{"source_id": foreign_id, "event_type": "patient.updated.v1"}],
                context=context,
            )
            client.call(ENTRY, "action_enter", made, context=context)
    with world.env() as env:
        assert env[EXCHANGE].search_count([("source_id", "=", foreign_id)]) == before


def test_a_key_is_made_by_who_proves_to_be_there(world, border):
    """A session that was left open, or stolen, makes none: the password is asked for again."""
    ids, _foreign_id = border
    client = world.login("administrator")
    with world.env() as env:
        before = env[KEY].search_count([("source_id", "=", ids[SOURCE])])
    vals = {"source_id": ids[SOURCE], "name": "Mine", "days": 30}
    made = client.call("hc.integration.key.wizard", "create", [vals], context=FORGED)
    shown = client.call("hc.integration.key.wizard", "action_make", made, context=FORGED)
    assert shown["res_model"] == "res.users.identitycheck", shown
    with world.env() as env:
        assert env[KEY].search_count([("source_id", "=", ids[SOURCE])]) == before
