# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Denials, appeals, credits, takebacks, contracts, variances, questions: who reaches what."""

import pytest
from probes import FORGED, REFUSED, forge, reads

MODELS = {
    "denial": "hc.denial",
    "appeal": "hc.appeal",
    "credit": "hc.credit.balance",
    "takeback": "hc.takeback",
    "variance": "hc.payment.variance",
    "contract": "hc.payer.contract",
    "question": "hc.eligibility.inquiry",
}
# Derived from answers and the ledger; nobody has a say in them.
DERIVED = {
    "hc.eligibility.answer": "coverage",
    "hc.coverage.benefit": "coverage",
    "hc.appeal.analysis": None,
    "hc.adjustment.analysis": None,
    "hc.payment.variance.line": None,
    "hc.provider.adjustment": None,
    "hc.claim.status": None,
    "hc.claim.status.question": None,
}
WIZARDS = {
    "hc.denial.close.wizard": ("denial_ids", "denial", "action_confirm"),
    "hc.denial.write.off.wizard": ("denial_ids", "denial", "action_request"),
    "hc.appeal.submit.wizard": ("appeal_id", "appeal", "action_confirm"),
    "hc.appeal.decision.wizard": ("appeal_id", "appeal", "action_confirm"),
    "hc.credit.decision.wizard": ("credit_id", "credit", "action_confirm"),
    "hc.takeback.decision.wizard": ("takeback_id", "takeback", "action_confirm"),
    "hc.payment.variance.wizard": ("variance_ids", "variance", "action_request"),
    "hc.payment.variance.close.wizard": ("variance_id", "variance", "action_confirm"),
    "hc.eligibility.manual.wizard": ("coverage_id", "coverage", "action_record"),
    "hc.claim.correction.wizard": ("claim_ids", "claim", "action_confirm"),
}


def _digest(env, desk):
    """Everything that the desks say, to see that nothing moved."""
    return {
        kind: env[model]
        .browse(desk[kind])
        .read(sorted(env[model]._get_guarded_fields() - {"packet", "decision_document", "content"}))
        for kind, model in MODELS.items()
    }


@pytest.mark.parametrize("kind", MODELS)
def test_nobody_forges_figures_or_states(world, desk, kind):
    model, record_id = MODELS[kind], desk[kind][0]
    with world.env() as env:
        before = _digest(env, desk)
        changes = list(forge(env, model, record_id))
    every = dict(changes)
    for person in ("clerk", "specialist", "finance", "manager", "administrator", "system"):
        key = world.key(person)
        one_by_one = changes if person == "specialist" else [*changes[:1]]
        for vals in (*({name: value} for name, value in one_by_one), every):
            answer = key.post(model, "write", ids=[record_id], vals=vals, context=FORGED)
            assert answer.status_code in REFUSED, (person, vals, answer.text[:200])
        made = key.post(model, "create", vals_list=[every], context=FORGED)
        assert made.status_code in REFUSED, (person, made.text[:200])
        for method in ("unlink", "copy"):
            if (kind, method) == ("contract", "copy"):
                continue  # a new draft of what is published is everybody's to write
            assert key.post(model, method, ids=[record_id]).status_code in REFUSED, person
    with world.env() as env:
        assert _digest(env, desk) == before


@pytest.mark.parametrize("model", DERIVED)
def test_nobody_writes_what_is_derived(world, desk, model):
    with world.env() as env:
        records = env[model].search([("id", "!=", 0)], limit=1)
        record_id = records.id or 1
        name = next(
            name
            for name, field in env[model]._fields.items()
            if field.store and field.type in ("char", "date", "selection", "many2one")
        )
    for person in ("specialist", "finance", "manager", "administrator", "system"):
        key = world.key(person)
        for method, body in (
            ("write", {"ids": [record_id], "vals": {name: False}}),
            ("create", {"vals_list": [{name: False}]}),
            ("unlink", {"ids": [record_id]}),
            ("_create_guarded", {"vals_list": [{}]}),
            ("_write_guarded", {"ids": [record_id], "values": {}}),
        ):
            answer = key.post(model, method, **body)
            assert answer.status_code in REFUSED, (person, method, answer.text[:200])


@pytest.mark.parametrize(
    ("kind", "methods"),
    [
        ("denial", ("_close", "_reopen", "_transition", "_move_denied", "_request_write_off")),
        ("appeal", ("_decide", "_submit", "_tell_denials", "_store_packet", "_open_for")),
        ("credit", ("_set_clock", "_refresh", "_request_refund", "_release_refused", "_resolve")),
        ("takeback", ("_accept", "_book", "_pick_claim", "_dispute", "_write_guarded")),
        ("variance", ("_close", "_close_as_none", "_post_adjustment", "_follow", "_transition")),
        ("contract", ("_publish", "_compare_again", "_note_author", "_write_guarded")),
        ("question", ("_submit", "_request", "_mark_sent", "_transition_where_allowed")),
    ],
)
def test_inner_methods_are_out_of_reach(world, rpc_error, desk, kind, methods):
    key, client = world.key("finance"), world.login("specialist")
    for method in methods:
        answer = key.post(MODELS[kind], method, ids=desk[kind][:1], context=FORGED)
        assert answer.status_code in REFUSED, method
        with pytest.raises(rpc_error):
            client.call(MODELS[kind], method, desk[kind][:1], context=FORGED)


@pytest.mark.parametrize("person", ["elsewhere", "foreigner", "employee", "portal"])
def test_others_records_are_not_there(world, rpc_error, desk, person):
    """Records of another facility or company are neither listed nor named nor counted."""
    client = world.login(person)
    kinds = {**MODELS, "claim": "hc.claim", "answer": "hc.remittance.claim"}
    if person == "elsewhere":
        # Contracts are the company's; money on no case belongs to no facility yet.
        del kinds["contract"], kinds["credit"]
    for kind, model in kinds.items():
        ids = desk[kind][:1] if kind == "takeback" else desk[kind]
        for way, ask in reads(client, model, ids):
            try:
                found = ask()
            except rpc_error as error:
                assert "Error" in error.name.rpartition(".")[2], (kind, way, error)
            else:
                assert not found, (kind, way, found)


ACTS = {
    "denial": ("action_take", "action_route", "action_appeal", "action_transfer"),
    "appeal": ("action_approve", "action_take_back", "action_withdraw", "action_draft_letter"),
    "credit": ("action_refresh",),
    "variance": ("action_review", "action_dispute", "action_recover"),
    "contract": ("action_publish", "action_withdraw", "action_compare_again", "action_discard"),
    "question": ("action_cancel", "action_ask_again", "action_submit"),
    "coverage": ("action_check_eligibility",),
    "waiting": ("action_ask_status",),
}


@pytest.mark.parametrize(
    "person", ["compliance", "executive", "elsewhere", "foreigner", "employee"]
)
def test_who_may_not_act_changes_nothing(world, rpc_error, desk, person):
    key, client = world.key(person), world.login(person)
    models = {**MODELS, "coverage": "hc.coverage", "waiting": "hc.claim"}
    with world.env() as env:
        before = _digest(env, desk)
    for kind, methods in ACTS.items():
        for method in methods:
            if (person, kind) in (("elsewhere", "contract"), ("elsewhere", "credit")):
                continue
            answer = key.post(models[kind], method, ids=desk[kind][:1], context=FORGED)
            assert answer.status_code in REFUSED, (kind, method, answer.text[:200])
    for wizard, (field, kind, method) in WIZARDS.items():
        ids = desk[kind][:1]
        if (person, kind) == ("elsewhere", "credit"):
            continue
        value = [[6, 0, ids]] if field.endswith("s") else ids[0]
        with pytest.raises(rpc_error):
            wizard_id = client.call(wizard, "create", [{field: value, **_FILLED.get(wizard, {})}])
            client.call(wizard, method, wizard_id)
    with world.env() as env:
        assert _digest(env, desk) == before


_WHY = "The payer has looked at it and stays with it."
_FILLED = {
    "hc.denial.close.wizard": {"reason": _WHY},
    "hc.denial.write.off.wizard": {"justification": _WHY, "reason_code_id": 1},
    "hc.appeal.submit.wizard": {"reference": "X-1"},
    "hc.appeal.decision.wizard": {"note": _WHY, "document": "Zm9yZ2Vk", "outcome": "upheld"},
    "hc.credit.decision.wizard": {"decision": "cause", "cause": "other", "note": _WHY},
    "hc.takeback.decision.wizard": {"decision": "dispute", "note": _WHY},
    "hc.payment.variance.wizard": {"justification": _WHY, "reason_code_id": 1},
    "hc.payment.variance.close.wizard": {"reason": _WHY},
    "hc.eligibility.manual.wizard": {"reference": "CALL-1"},
    "hc.claim.correction.wizard": {},
}
