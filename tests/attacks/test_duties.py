# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Who asks does not decide, and nobody writes what the machinery writes."""

import random
import string
import uuid

import office
import pytest

REQUEST = "hc.approval.request"
# Refusals of a control; a traceback of another kind is a defect of its own.
CLEAR = ("AccessError", "UserError", "ValidationError", "AccessDenied", "MissingError", "LockError")


def refused(rpc_error, client, model, method, *arguments, **keywords):
    """The call must fail, by a clear error."""
    with pytest.raises(rpc_error) as caught:
        client.call(model, method, *arguments, **keywords)
    assert caught.value.name.rpartition(".")[2] in CLEAR, (caught.value.name, caught.value)
    return str(caught.value)


@pytest.fixture
def waiting(world):
    return world.shared_request()


def test_approvers_do_not_approve_what_they_requested(world, rpc_error):
    request_id, action_id = world.new_request(300.0, by="lead")
    lead = world.login("lead")
    assert "You requested it" in refused(rpc_error, lead, REQUEST, "action_approve", [request_id])
    for model, record_id in ((REQUEST, request_id), ("hc.controlled.action", action_id)):
        values = {"requester_id": world.login("clerk").user_id}
        refused(rpc_error, lead, model, "write", [record_id], values)
    # Odoo lets this pass and writes nothing.
    lead.call(REQUEST, "write", [request_id], {"create_uid": world.login("clerk").user_id})
    assert lead.call(REQUEST, "read", [request_id], ["create_uid"])[0]["create_uid"][0] != (
        world.login("clerk").user_id
    )
    answer = world.key("lead").post(REQUEST, "action_approve", ids=[request_id])
    assert answer.status_code in (403, 422), answer.text
    assert world.state(request_id)[:2] == ("waiting", "pending")


def test_whoever_gave_evidence_or_prepared_the_act_does_not_approve(world, rpc_error):
    """A colleague presses the button; the papers are still the approver's own."""
    lead, clerk = world.login("lead"), world.login("clerk")
    case_id = world.new_case()
    request_id, action_id = world.new_request(300.0, case_id=case_id)
    with world.env() as env:
        document = env["hc.controlled.action"].browse(action_id).evidence_ids.attachment_id[:1]
        evidence = env["hc.action.evidence"]
        evidence.with_user(lead.user_id).sudo()._create_guarded(
            [
                {
                    "action_id": action_id,
                    "evidence_type": "attachment",
                    "type_id": world.ids["legal_note"],
                    "attachment_id": document.copy().id,
                }
            ]
        )
        request = env[REQUEST].browse(request_id)
        request._write_guarded({"content_digest": request._get_content_digest()})
    assert "prepared" in refused(rpc_error, lead, REQUEST, "action_approve", [request_id])
    assert clerk.call(REQUEST, "read", [request_id], ["state"])[0]["state"] == "waiting"


@pytest.mark.parametrize(
    "name", ["clerk2", "compliance", "administrator", "executive", "integration", "system"]
)
def test_people_without_a_step_decide_nothing(world, rpc_error, waiting, name):
    refused(rpc_error, world.login(name), REQUEST, "action_approve", [waiting[0]])
    assert world.state(waiting[0])[2] == []


@pytest.mark.parametrize("name", ["employee", "portal", "outsider"])
def test_strangers_learn_and_decide_nothing(world, rpc_error, waiting, name):
    client = world.login(name)
    refused(rpc_error, client, REQUEST, "action_approve", [waiting[0]])
    refused(rpc_error, client, REQUEST, "read", [waiting[0]], ["name", "amount"])
    for model in (REQUEST, "hc.approval.step", "hc.action.evidence", "hc.approval.decision"):
        try:
            found = client.call(model, "search", [])
        except rpc_error:
            continue
        assert name == "outsider"
        with world.env() as env:
            facility = env[REQUEST].browse(waiting[0]).facility_id
            records = env[model].browse(found)
            path = "facility_id" if "facility_id" in records._fields else "action_id.facility_id"
            assert facility not in records.mapped(path)
    if name == "outsider":
        assert client.call(REQUEST, "name_search", "Denial") == []
    else:
        refused(rpc_error, client, "hc.approval.route", "search_read", [], ["amount_from"])
        refused(rpc_error, client, REQUEST, "name_search", "Denial")


EVERYBODY = ["clerk", "lead", "manager", "compliance", "administrator", "system"]


@pytest.fixture
def records(world, waiting):
    """Ids of a waiting request and of what belongs to it, by model."""
    with world.env() as env:
        request = env[REQUEST].browse(waiting[0])
        return {
            REQUEST: request.id,
            "hc.approval.step": request.step_ids[:1].id,
            "hc.controlled.action": waiting[1],
            "hc.action.evidence": request.evidence_ids[:1].id,
            "hc.billing.case": request.case_id.id,
            "hc.approval.policy": request.policy_id.id,
            "hc.approval.route": request.route_id.id,
        }


def _decision(records, user_id):
    return {
        "request_id": records[REQUEST],
        "user_id": user_id,
        "verdict": "approve",
        "decided_at": "2020-01-01 00:00:00",
        "content_digest": "x",
        "round": 1,
        "requester_id": 1,
        "company_id": 1,
    }


@pytest.mark.parametrize("name", EVERYBODY)
def test_nobody_writes_the_records_of_the_machinery(world, rpc_error, records, name):
    client = world.login(name)
    forged = {
        REQUEST: {"state": "approved", "round": 9, "action_id": 1},
        "hc.approval.step": {"state": "approved", "needed_count": 0, "request_id": 1},
        "hc.controlled.action": {"state": "applied", "amount": 1.0, "name": "x"},
        "hc.action.evidence": {"text": "forged", "action_id": 1},
    }
    for model, values in forged.items():
        record_id = records[model]
        for key, value in values.items():
            change = {key: value}
            refused(rpc_error, client, model, "write", [record_id], change)
            refused(rpc_error, client, model, "web_save", [record_id], change, specification={})
        refused(rpc_error, client, model, "create", [values])
        refused(rpc_error, client, model, "web_save", [], values, specification={})
        refused(rpc_error, client, model, "copy", [record_id])
        refused(rpc_error, client, model, "unlink", [record_id])
        for method, arguments in (("action_archive", [[record_id]]), ("name_create", ["x"])):
            try:
                # Without a field to set, both do nothing.
                assert not client.call(model, method, *arguments)
            except rpc_error:
                continue
        assert not client_load(client, rpc_error, model, record_id)
    assert world.state(records[REQUEST]) == ("waiting", "pending", [])


@pytest.mark.parametrize("name", EVERYBODY)
def test_no_command_reaches_them_from_another_record(world, rpc_error, records, name):
    client, request_id = world.login(name), records[REQUEST]
    decision, step_id = _decision(records, client.user_id), records["hc.approval.step"]
    route_id = records["hc.approval.route"]
    approved = {"state": "approved"}
    refused(rpc_error, client, "hc.approval.decision", "create", [decision])
    for model, commands in (
        ("hc.billing.case", {"approval_request_ids": [[1, request_id, approved]]}),
        ("hc.billing.case", {"approval_request_ids": [[2, request_id, 0]]}),
        ("hc.controlled.action", {"evidence_ids": [[5, 0, 0]]}),
        ("hc.controlled.action", {"approval_request_ids": [[0, 0, {"round": 3}]]}),
        (REQUEST, {"step_ids": [[1, step_id, approved]]}),
        (REQUEST, {"decision_ids": [[0, 0, decision]]}),
        ("hc.approval.policy", {"route_ids": [[1, route_id, {"amount_to": 9e9}]]}),
        ("hc.approval.policy", {"state": "withdrawn"}),
        ("hc.approval.route", {"is_automatic": True}),
        ("hc.approval.route", {"step_rule_ids": [[5, 0, 0]]}),
    ):
        refused(rpc_error, client, model, "write", [records[model]], commands)
    policy_id = records["hc.approval.policy"]
    refused(rpc_error, client, "hc.approval.policy", "action_discard", [policy_id])
    refused(rpc_error, client, "hc.approval.route", "unlink", [route_id])
    assert world.state(request_id) == ("waiting", "pending", [])


def client_load(client, rpc_error, model, record_id):
    """What Odoo's import let through, as ids."""
    try:
        return client.call(model, "load", [".id", "state"], [[str(record_id), "applied"]])["ids"]
    except rpc_error:
        return False


def test_private_doors_are_shut(world, rpc_error, waiting):
    lead = world.login("lead")
    for method in (
        "_decide",
        "_apply_action",
        "_transition",
        "_write_guarded",
        "_record_decisions",
    ):
        with pytest.raises(rpc_error):
            lead.call(REQUEST, method, [waiting[0]], "approve")
    assert world.state(waiting[0]) == ("waiting", "pending", [])


def _contexts():
    random.seed(4)
    nasty = [
        "tracking_disable",
        "install_mode",
        "install_module",
        "import_file",
        "mail_notrack",
        "mail_create_nolog",
        "active_test",
        "bypass",
        "bypass_access",
        "force",
        "su",
        "sudo",
        "uid",
        "no_check",
        "hc_bypass",
        "hc_permit",
        "hc_force",
        "hc_skip_approval",
        "hc_system",
        "skip_approval",
        "approved",
        "test_enable",
        "module",
        "uninstall",
        "_force_unlink",
        "check_move_validity",
        "dynamic_unlink",
        "skip_account_move_synchronization",
        "skip_readonly_check",
        "noupdate",
        "ir.rule",
        "force_delete",
        "default_hc_action_id",
    ]
    made_up = ["".join(random.choices(string.ascii_lowercase + "_", k=12)) for _n in range(20)]
    everything = dict.fromkeys([*nasty, *made_up], True)
    return [
        everything,
        {**everything, "uid": 1, "active_test": False, "default_state": "approved"},
        {"default_requester_id": 1, "default_round": 7, "default_state": "applied"},
        {"allowed_company_ids": [1, 2, 3]},
        {"tz": "Pacific/Kiritimati", "lang": "xx_YY"},
    ]


@pytest.mark.parametrize("context", _contexts())
def test_no_context_opens_a_door(world, rpc_error, context):
    request_id, action_id = world.new_request(300.0, by="lead")
    lead, clerk = world.login("lead"), world.login("clerk")
    attempts = (
        (lead, REQUEST, "action_approve", [[request_id]]),
        (clerk, REQUEST, "action_approve", [[request_id]]),
        (lead, REQUEST, "write", [[request_id], {"state": "approved"}]),
        (lead, "hc.controlled.action", "write", [[action_id], {"state": "applied"}]),
        (lead, "hc.controlled.action", "create", [{"kind": "denial_write_off", "name": "x"}]),
        (lead, REQUEST, "create", [{"action_id": action_id}]),
        (lead, "hc.approval.delegation", "create", [{"delegator_id": clerk.user_id}]),
        (world.login("system"), REQUEST, "write", [[request_id], {"requester_id": 1}]),
    )
    for client, model, method, arguments in attempts:
        with pytest.raises(rpc_error):
            client.call(model, method, *arguments, context=context)
    answer = world.key("lead").post(REQUEST, "action_approve", ids=[request_id], context=context)
    assert answer.status_code != 200
    assert world.state(request_id) == ("waiting", "pending", [])


def test_a_server_action_decides_for_nobody(world, rpc_error, waiting):
    """A system administrator writes code that approves as somebody else."""
    system, lead = world.login("system"), world.login("lead")
    with world.env() as env:
        model_id = env["ir.model"]._get_id(REQUEST)
        group_id = env.ref("base.group_system").id
    for code in (
        "record.action_approve()",
        "record.sudo().action_approve()",
        f"env['{REQUEST}'].with_user({lead.user_id}).browse(record.id).action_approve()",
        f"record.with_user({lead.user_id}).sudo().action_approve()",
        "record.sudo().write({'state': 'approved'})",
        "env['hc.approval.decision'].sudo().create({'request_id': record.id})",
        "record.action_id.sudo().write({'state': 'applied'})",
        "record.action_id.sudo()._settle(None)",
        "record.sudo().unlink()",
    ):
        action_id = system.call(
            "ir.actions.server",
            "create",
            [
                {
                    "name": f"x{uuid.uuid4()}",
                    "model_id": model_id,
                    "state": "code",
                    "code": code,
                    # Odoo asks for the right to write, unless the action names its groups.
                    "group_ids": [[6, 0, [group_id]]],
                }
            ],
        )
        with pytest.raises(rpc_error):
            system.call(
                "ir.actions.server",
                "run",
                action_id,
                context={
                    "active_model": REQUEST,
                    "active_id": waiting[0],
                    "active_ids": [waiting[0]],
                },
            )
    assert world.state(waiting[0]) == ("waiting", "pending", [])


def test_a_delegation_is_what_the_delegator_proposed(world, rpc_error):
    cfo, director, supervisor = (world.login(name) for name in ("cfo", "director", "supervisor"))
    delegation = cfo.call(
        "hc.approval.delegation",
        "create",
        [
            {
                "delegate_id": director.user_id,
                "date_to": "2099-01-01",
                "amount_limit": 100.0,
                "reason": "leave",
            }
        ],
    )
    for client, values in (
        (director, {"amount_limit": 0.0}),
        (director, {"date_to": "2100-01-01"}),
        (supervisor, {"delegate_id": supervisor.user_id}),
        (world.login("administrator"), {"delegate_id": supervisor.user_id}),
        (cfo, {"state": "accepted"}),
        (supervisor, {"delegator_id": supervisor.user_id}),
    ):
        refused(rpc_error, client, "hc.approval.delegation", "write", delegation, values)
    for client in (cfo, supervisor):
        refused(rpc_error, client, "hc.approval.delegation", "action_accept", delegation)
        if client is supervisor:
            refused(rpc_error, client, "hc.approval.delegation", "copy", delegation)
    director.call("hc.approval.delegation", "action_accept", delegation)
    cfo.call("hc.approval.delegation", "action_revoke", delegation)


def test_the_clients_clock_prolongs_no_delegation(world, rpc_error):
    """A delegate in another time zone is at the office's day, whatever the client claims."""
    manager, clerk2 = world.login("lead2"), world.login("clerk2")
    with world.env() as env:
        today = env.cr.now().date()
        delegation = (
            env["hc.approval.delegation"]
            .with_user(manager.user_id)
            .create({"delegate_id": clerk2.user_id, "date_to": today, "reason": "leave"})
        )
        delegation.with_user(clerk2.user_id).action_accept()
    try:
        for shift, zone in ((-1, "Pacific/Pago_Pago"), (1, "Pacific/Kiritimati")):
            with world.env() as env:
                day = office.shift_day(env, shift)
                env.cr.execute(
                    "UPDATE hc_approval_delegation SET date_from = %s, date_to = %s WHERE id = %s",
                    [day, day, delegation.id],
                )
            request_id, _action_id = world.new_request(300.0)
            clerk2.call("res.users", "write", [clerk2.user_id], {"tz": zone})
            for context in ({}, {"tz": zone}):
                refused(rpc_error, clerk2, REQUEST, "action_approve", [request_id], context=context)
    finally:
        with world.env() as env:
            env["hc.approval.delegation"].browse(delegation.id)._transition("revoked")


def test_family_and_their_colleagues_learn_nothing_of_each_other(world, rpc_error):
    lead, clerk = world.login("lead"), world.login("clerk")
    waiting = world.new_request(300.0)
    with world.env() as env:
        patient = env[REQUEST].browse(waiting[0]).case_id.patient_id
        patient.hc_related_user_ids = [(4, lead.user_id)]
    refused(rpc_error, lead, REQUEST, "action_approve", [waiting[0]])
    for client in (lead, clerk):
        for model, path in (
            ("hc.patient", "hc_related_user_ids"),
            ("hc.billing.case", "patient_id.hc_related_user_ids"),
            (REQUEST, "case_id.patient_id.hc_related_user_ids"),
        ):
            refused(rpc_error, client, model, "search", [[path, "in", [lead.user_id]]])
        refused(rpc_error, client, "hc.patient", "read", [patient.id], ["hc_related_user_ids"])
        refused(
            rpc_error, client, "hc.patient", "write", [patient.id], {"hc_related_user_ids": [[5]]}
        )


def test_only_those_in_charge_apply_again(world, rpc_error):
    """What is approved, not applied is tried again by whoever decided it, never by the asker."""
    request_id, _action_id = world.new_request(300.0)
    with world.env() as env:
        request = env[REQUEST].browse(request_id)
        request.step_ids._transition("void")
        request._transition("approved")
    for name in ("clerk", "clerk2", "executive", "integration"):
        refused(rpc_error, world.login(name), REQUEST, "action_apply_again", [request_id])
    assert world.state(request_id)[:2] == ("approved", "pending")
