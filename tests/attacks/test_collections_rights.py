# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Holds, statements, plans, promises, payments, disputes, help, placement: who reaches what."""

import itertools

import pytest
from probes import FORGED, REFUSED, forge, reads

MODELS = {
    "hold": "hc.collection.hold",
    "statement": "hc.statement",
    "run": "hc.statement.run",
    "promise": "hc.payment.promise",
    "plan": "hc.payment.plan",
    "report": "hc.payment.report",
    "dispute": "hc.billing.dispute",
    "application": "hc.assistance.application",
    "placement": "hc.placement",
    "contact": "hc.contact",
    "access": "hc.portal.access",
    "account": "hc.collection.account",
}
APPEND_ONLY = {"consent": "hc.contact.consent", "check": "hc.guardrail.check"}
WRITERS = ("collector", "supervisor", "finance", "administrator", "system")
_WHY = "They said so on the telephone."
# Wizards, the field that names the record, the record, the button, and what else is filled in.
WIZARDS = {
    "hc.contact.wizard": ("account_id", "account", "action_confirm", {"note": _WHY}),
    "hc.hold.wizard": (
        "account_ids",
        "account",
        "action_confirm",
        {"kind": "cease", "reason": _WHY},
    ),
    "hc.hold.release.wizard": ("hold_id", "hold", "action_confirm", {"reason": _WHY}),
    "hc.payment.promise.wizard": ("account_id", "account", "action_confirm", {"amount": 10.0}),
    "hc.payment.plan.wizard": ("account_id", "account", "action_confirm", {"months": 2}),
    "hc.payment.plan.end.wizard": ("plan_id", "plan", "action_confirm", {"reason": _WHY}),
    "hc.payment.report.wizard": ("report_id", "report", "action_dismiss", {"reason": _WHY}),
    "hc.contact.consent.wizard": (
        "account_id",
        "account",
        "action_confirm",
        {"channel": "sms", "evidence": _WHY},
    ),
    "hc.dispute.wizard": (
        "account_id",
        "account",
        "action_confirm",
        {"kind": "other", "description": _WHY},
    ),
    "hc.dispute.decision.wizard": (
        "dispute_id",
        "dispute",
        "action_confirm",
        {"purpose": "deny", "reason": _WHY},
    ),
    "hc.assistance.wizard": ("account_id", "account", "action_confirm", {}),
    "hc.assistance.decision.wizard": (
        "application_id",
        "application",
        "action_confirm",
        {"outcome": "granted", "reason": _WHY},
    ),
    "hc.placement.recall.wizard": ("placement_id", "placement", "action_confirm", {"reason": _WHY}),
    "hc.collection.assign.wizard": (
        "account_ids",
        "account",
        "action_confirm",
        {"mode": "unassign"},
    ),
}
ACTS = {
    "statement": (
        "action_issue",
        "action_mark_sent",
        "action_mail_returned",
        "action_mail_again",
        "action_void",
    ),
    "run": (
        "action_preview",
        "action_start",
        "action_continue",
        "action_cancel",
        "action_mark_mailed",
    ),
    "access": ("action_revoke",),
    "account": (
        "action_invite_to_portal",
        "action_send_statement",
        "action_address_corrected",
        "action_take",
        "action_start_follow_up",
        "action_check_call",
    ),
    "application": ("action_complete", "action_score", "action_reopen"),
    "dispute": ("action_investigate",),
    "contact": ("action_make_call",),
}


def _digest(env, desk):
    """Everything that the desks say, to see that nothing moved."""
    found = {
        kind: env[model].browse(desk[kind]).read(sorted(env[model]._get_guarded_fields()))
        for kind, model in MODELS.items()
    }
    accounts = env["hc.collection.account"].browse(desk["account"])
    found["made"] = [
        len(accounts[name])
        for name in ("hold_ids", "statement_ids", "contact_ids", "consent_ids", "portal_access_ids")
    ]
    return found


@pytest.mark.parametrize("kind", MODELS)
def test_nobody_forges_figures_or_states(world, collection_desk, kind):
    model, record_id = MODELS[kind], collection_desk[kind][0]
    with world.env() as env:
        before = _digest(env, collection_desk)
        changes = list(forge(env, model, record_id))
    every = dict(changes)
    for person in WRITERS:
        key = world.key(person)
        one_by_one = [{name: value} for name, value in changes] if person == "collector" else []
        for vals in (*one_by_one, every):
            answer = key.post(model, "write", ids=[record_id], vals=vals, context=FORGED)
            assert answer.status_code in REFUSED, (person, vals, answer.text[:200])
        made = key.post(model, "create", vals_list=[every], context=FORGED)
        assert made.status_code in REFUSED, (person, made.text[:200])
        answer = key.post(model, "unlink", ids=[record_id])
        assert answer.status_code in REFUSED, (person, answer.text[:200])
    with world.env() as env:
        assert _digest(env, collection_desk) == before


@pytest.mark.parametrize("kind", APPEND_ONLY)
def test_what_was_said_and_checked_is_append_only(world, collection_desk, kind):
    model, ids = APPEND_ONLY[kind], collection_desk[kind]
    with world.env() as env:
        before = env[model].browse(ids).read()
        values = {
            name: False
            for name, field in env[model]._fields.items()
            if field.store and field.type in ("char", "selection", "many2one")
        }
    for person in WRITERS:
        key = world.key(person)
        for method, body in (
            ("write", {"ids": ids, "vals": values}),
            ("create", {"vals_list": [values]}),
            ("unlink", {"ids": ids}),
            ("copy", {"ids": ids}),
            ("_insert", {"rows": []}),
            ("_note", {"entries": []}),
        ):
            answer = key.post(model, method, context=FORGED, **body)
            assert answer.status_code in REFUSED, (person, method, answer.text[:200])
    with world.env() as env:
        assert env[model].browse(ids).read() == before


def test_rules_of_law_change_by_two_persons(world, collection_desk):
    rule_id = collection_desk["rule"][0]
    with world.env() as env:
        rule = env["hc.guardrail.rule"].browse(rule_id)
        names = [name for name in rule._config_fields if rule._fields[name].type != "one2many"]
        before = rule.read(names)
    for person in WRITERS:
        key = world.key(person)
        for vals in ({"active": False}, {"enforcement": "warn"}, {"date_to": "2020-01-01"}):
            answer = key.post(
                "hc.guardrail.rule", "write", ids=[rule_id], vals=vals, context=FORGED
            )
            assert answer.status_code in (*REFUSED, 500), (person, vals, answer.text[:200])
        answer = key.post("hc.guardrail.rule", "unlink", ids=[rule_id], context=FORGED)
        assert answer.status_code in REFUSED, (person, answer.text[:200])
    with world.env() as env:
        assert env["hc.guardrail.rule"].browse(rule_id).read(names) == before


@pytest.mark.parametrize(
    ("kind", "methods"),
    [
        ("hold", ("_place", "_release", "_release_of", "_expire", "_transition")),
        ("statement", ("_make", "_issue", "_mark_sent", "_freeze", "_note_delivery", "_read_open")),
        ("run", ("_start", "_preview", "_job_issue", "_issue_today", "_finish")),
        ("promise", ("_transition", "_write_guarded", "_create_guarded")),
        ("plan", ("_transition", "_write_guarded", "_create_guarded")),
        ("report", ("_transition", "_write_guarded", "_create_guarded")),
        ("dispute", ("_open", "_transition", "_write_guarded")),
        ("application", ("_receive", "_transition", "_write_guarded")),
        ("placement", ("_request", "_place", "_check_placeable", "_transition")),
        ("contact", ("_record", "_enqueue_delivery", "_transition", "_write_guarded")),
        ("access", ("_invite", "_accept", "_make_user", "_confirm_paperless", "_set_preferences")),
        ("account", ("_portal_request", "_portal_receive_file", "_refresh", "_require_lawful")),
    ],
)
def test_inner_methods_are_out_of_reach(world, rpc_error, collection_desk, kind, methods):
    key, client = world.key("supervisor"), world.login("collector")
    for method in methods:
        answer = key.post(MODELS[kind], method, ids=collection_desk[kind][:1], context=FORGED)
        assert answer.status_code in REFUSED, method
        with pytest.raises(rpc_error):
            client.call(MODELS[kind], method, collection_desk[kind][:1], context=FORGED)


# Odoo gives the ids back that it was asked about, where a model keeps no access log.
_ECHOES = {("metadata", kind) for kind in APPEND_ONLY}


@pytest.mark.parametrize("person", ["elsewhere", "foreigner", "employee", "portal", "guarantor"])
def test_others_records_are_not_there(world, rpc_error, collection_desk, person):
    """Records of another facility or company are neither listed nor named nor counted."""
    client = world.login(person)
    for kind, model in {**MODELS, **APPEND_ONLY}.items():
        ids = collection_desk[kind]
        # Who has no right to the model at all gets the same answer by every way.
        ways = reads(client, model, ids)
        for way, ask in ways if person == "elsewhere" else itertools.islice(ways, 3):
            if (way, kind) in _ECHOES:
                continue
            try:
                found = ask()
            except rpc_error as error:
                assert "Error" in error.name.rpartition(".")[2], (kind, way, error)
            else:
                assert not found, (kind, way, found)


@pytest.mark.parametrize(
    "person", ["compliance", "executive", "elsewhere", "foreigner", "employee", "guarantor"]
)
def test_who_may_not_act_changes_nothing(world, rpc_error, collection_desk, person):
    key, client = world.key(person), world.login(person)
    with world.env() as env:
        before = _digest(env, collection_desk)
    for kind, methods in ACTS.items():
        for method in methods:
            answer = key.post(MODELS[kind], method, ids=collection_desk[kind][:1], context=FORGED)
            assert answer.status_code in REFUSED, (kind, method, answer.text[:200])
    for wizard, (field, kind, method, values) in WIZARDS.items():
        ids = collection_desk[kind][:1]
        value = [[6, 0, ids]] if field.endswith("s") else ids[0]
        with pytest.raises(rpc_error):
            wizard_id = client.call(wizard, "create", [{field: value, **values}])
            client.call(wizard, method, wizard_id)
    with world.env() as env:
        assert _digest(env, collection_desk) == before


def test_collectors_do_not_do_what_supervisors_do(world, collection_desk):
    # Of a person with many refusals in a minute only the first are described.
    key = world.key("collector3")
    sent_id = collection_desk["statement"][0]
    answer = key.post("hc.statement", "action_void", ids=[sent_id], context=FORGED)
    assert (answer.status_code, "ask a supervisor" in answer.text) == (403, True)
    made = key.post("hc.statement.run", "create", vals_list=[{"facility_id": False}])
    run_ids = made.json()
    for method in ("action_preview", "action_start", "action_cancel"):
        answer = key.post("hc.statement.run", method, ids=run_ids, context=FORGED)
        assert (answer.status_code, "not yours" in answer.text) == (403, True), method
    with world.env() as env:
        assert env["hc.statement"].browse(sent_id).state == "sent"
        assert env["hc.statement.run"].browse(run_ids).state == "draft"
        tried = env["hc.refused.attempt"].search(
            [("user_id.login", "=", "at.collector3"), ("reason", "in", ("supervisor", "facility"))]
        )
        assert len(tried) == 4


@pytest.mark.parametrize("wizard", ["hc.contact.wizard", "hc.hold.wizard", "hc.dispute.wizard"])
def test_a_wizard_of_somebody_else_is_not_there(world, rpc_error, collection_desk, wizard):
    field, kind, method, values = WIZARDS[wizard]
    owner, other = world.login("collector"), world.login("collector2")
    ids = collection_desk[kind][:1]
    value = [[6, 0, ids]] if field.endswith("s") else ids[0]
    wizard_id = owner.call(wizard, "create", [{field: value, **values}])
    for call in (method, "read", "unlink"):
        with pytest.raises(rpc_error):
            other.call(wizard, call, wizard_id)
