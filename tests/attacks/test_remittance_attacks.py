# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Remittances under attack: forged figures, two posters at once, replays, a worker that dies."""

import base64
import os
import time

import office
import pytest
import workers
from simultaneous import at_once

REMITTANCE, ANSWER, CLAIM = "hc.remittance", "hc.remittance.claim", "hc.claim"
PEOPLE = ("clerk", "specialist", "finance", "director", "administrator", "accountant", "system")
CLAIMS = 205
# As many of their services are denied.
DENIED = 150
DRAIN_JOBS = "hc_revenue_base.ir_cron_drain_jobs_1"
# Whatever a client may send along, in the hope that something looks at it.
FORGED = {
    "su": True,
    "uid": 1,
    "hc_guarded": True,
    "install_mode": True,
    "skip_invoice_sync": True,
    "bypass_audit": True,
    "permit": True,
    "default_state": "posted",
}


@pytest.fixture
def remittance_id(world):
    """A proven remittance about two claims, 60 % of which is paid."""

    def make():
        case_ids = [world.new_case(units=1) for _number in range(2)]
        with world.env() as env:
            return office.add_remittance(env, case_ids)

    return world.shared(
        "remittance", make, lambda known: _figures(world, known)["state"] == "proven"
    )


def _figures(world, remittance_id):
    """What the remittance says, and what the ledger has of it."""
    with world.env() as env:
        remittance = env[REMITTANCE].browse(remittance_id)
        answers = remittance.claim_ids
        items = env["account.move.line"].search(
            [
                ("hc_remittance_claim_id", "in", answers.ids),
                ("move_id.move_type", "=", "entry"),
            ]
        )
        return {
            "state": remittance.state,
            "payment": remittance.payment_amount,
            "answers": sorted(answers.mapped(lambda answer: (answer.state, answer.amount_paid))),
            "claims": sorted(answers.claim_id.mapped(lambda claim: (claim.state, claim.name))),
            "entries": len((items.move_id | remittance.cash_move_id).ids),
            "settled": round(sum(items.filtered("credit").mapped("credit")), 2),
        }


@pytest.mark.parametrize("person", PEOPLE)
def test_nobody_writes_what_a_payer_said(world, remittance_id, person):
    before = _figures(world, remittance_id)
    key = world.key(person)
    with world.env() as env:
        remittance = env[REMITTANCE].browse(remittance_id)
        answer, claim = remittance.claim_ids[0], remittance.claim_ids[0].claim_id
        targets = [
            (REMITTANCE, remittance.id, {"state": "posted"}),
            (REMITTANCE, remittance.id, {"payment_amount": 1.0}),
            (REMITTANCE, remittance.id, {"payer_id": False}),
            (ANSWER, answer.id, {"amount_paid": 999.0}),
            (ANSWER, answer.id, {"state": "posted"}),
            (ANSWER, answer.id, {"claim_id": False}),
            (CLAIM, claim.id, {"state": "paid"}),
            (CLAIM, claim.id, {"amount_paid": 999.0}),
            (CLAIM, claim.id, {"amount_charged": 1.0}),
            (CLAIM, claim.id, {"payer_claim_number": "FORGED"}),
        ]
    for model, record_id, values in targets:
        for context in ({}, FORGED):
            answer = key.post(model, "write", ids=[record_id], vals=values, context=context)
            assert answer.status_code in (403, 404, 422), (model, values, answer.text[:300])
    for model, record_id, _values in targets:
        assert key.post(model, "unlink", ids=[record_id]).status_code in (403, 404, 422)
    made = key.post(
        ANSWER, "create", vals_list=[{"remittance_id": remittance_id, "amount_paid": 5.0}]
    )
    assert made.status_code in (403, 404, 422), made.text[:300]
    assert _figures(world, remittance_id) == before


@pytest.mark.parametrize(
    ("model", "method"),
    [
        (REMITTANCE, "_post"),
        (REMITTANCE, "_post_payment"),
        (REMITTANCE, "_job_post_answers"),
        (REMITTANCE, "_transition"),
        (REMITTANCE, "_write_guarded"),
        (ANSWER, "_post_answers"),
        (ANSWER, "_create_guarded"),
        (ANSWER, "_mirror"),
        (CLAIM, "_transition"),
    ],
)
def test_inner_methods_are_out_of_reach(world, remittance_id, model, method):
    answer = world.key("finance").post(model, method, ids=[remittance_id])
    assert answer.status_code in (403, 404, 422)
    assert _figures(world, remittance_id)["state"] == "proven"


def test_who_may_not_post_posts_nothing(world, remittance_id):
    before = _figures(world, remittance_id)
    for person in ("compliance", "executive", "integration", "outsider", "employee", "system"):
        answer = world.key(person).post(REMITTANCE, "action_post", ids=[remittance_id])
        assert answer.status_code in (403, 404, 422), (person, answer.text[:300])
    assert _figures(world, remittance_id) == before


def test_two_posters_at_once_post_once(world, remittance_id):
    people = [world.login(name) for name in ("specialist", "specialist2", "clerk")]
    results = at_once(
        *(lambda p=p: p.call(REMITTANCE, "action_post", [remittance_id]) for p in people)
    )
    refused = [each for each in results if isinstance(each, Exception)]
    assert len(refused) < len(people), results
    for error in refused:
        assert error.name.rpartition(".")[2] in ("UserError", "LockError"), error
    assert _is_posted_once(_figures(world, remittance_id), claims=2)


def _is_posted_once(figures, claims, denied=0):
    """Each claim's 200 is settled: 120 paid, 60 allowed off, 20 moved to the patient.

    Of each denied service 30 are left open, instead of allowed off.
    """
    assert figures["state"] == "posted"
    assert {state for state, _paid in figures["answers"]} == {"posted"}
    assert figures["payment"] == 120.0 * claims
    return figures["settled"] == 200.0 * claims - 30.0 * denied


def _upload(world, name, content):
    """Upload a file as a person does; what the client shows next."""
    person = world.login(name)
    wizard = "hc.remittance.upload.wizard"
    file = {
        "name": "attack.835",
        "datas": base64.b64encode(content).decode(),
        "res_model": wizard,
    }
    file_ids = person.call("ir.attachment", "create", [file])
    wizard_id = person.call(wizard, "create", [{"attachment_ids": [[6, 0, file_ids]]}])
    return person.call(wizard, "action_upload", wizard_id)


def test_one_file_from_two_people_is_one_remittance(world):
    case_id = world.new_case(units=1)
    with world.env() as env:
        content = office.add_remittance(env, [case_id], proven=False)
    results = at_once(
        lambda: _upload(world, "specialist", content), lambda: _upload(world, "clerk", content)
    )
    _upload(world, "specialist2", content)
    with world.env() as env:
        claims = env["hc.billing.case"].browse(case_id).claim_ids
        found = env[ANSWER].search([("claim_id", "in", claims.ids)])
        assert len(found.remittance_id) == 1, results
        assert found.remittance_id.state == "proven"


def test_undoing_takes_somebody_else(world, remittance_id):
    """The poster's manager asks; until another person agrees, everything stands as posted."""
    world.login("specialist").call(REMITTANCE, "action_post", [remittance_id])
    posted = _figures(world, remittance_id)
    manager = world.login("manager")
    wizard = manager.call(
        "hc.remittance.undo.wizard",
        "create",
        [{"remittance_id": remittance_id, "reason": "The payer took the whole payment back."}],
    )
    manager.call("hc.remittance.undo.wizard", "action_confirm", wizard)
    assert _figures(world, remittance_id) == posted
    with world.env() as env:
        request = env["hc.approval.request"].search([("kind", "=", "remittance_undo")], limit=1)
        assert request.state == "waiting"
    for context in ({}, FORGED):
        answer = world.key("manager").post(
            "hc.approval.request", "action_approve", ids=[request.id], context=context
        )
        assert answer.status_code in (403, 422), answer.text[:300]
    assert _figures(world, remittance_id) == posted


@pytest.mark.parametrize("beginning", [b"", b"ISA*00*"])
def test_50_megabytes_of_anything_are_no_remittance(world, remittance_id, beginning):
    before = _figures(world, remittance_id)
    with world.env() as env:
        known = env[REMITTANCE].search_count([("id", ">", 0)])
    start = time.monotonic()
    _upload(world, "specialist", beginning + os.urandom(1000) * 50_000)
    assert time.monotonic() - start < 60
    assert _figures(world, remittance_id) == before
    with world.env() as env:
        assert env[REMITTANCE].search_count([("id", ">", 0)]) == known


def test_a_worker_that_dies_while_posting_doubles_and_loses_nothing(world, database_name):
    with world.env() as env:
        case_ids = office.add_cases(env, CLAIMS)
    with world.env() as env:
        remittance_id = office.add_remittance(env, case_ids, denied=DENIED)
    with world.env() as env:
        env[REMITTANCE].browse(remittance_id)._post()
    workers.kill_while(DRAIN_JOBS, database_name, lambda: _is_being_posted(world, remittance_id))
    with world.env() as env:
        left = env[ANSWER].search_count(
            [("remittance_id", "=", remittance_id), ("state", "=", "matched")]
        )
        assert left, "the worker was killed too late"
        env.cr.execute("UPDATE hc_job SET leased_until = '2000-01-01' WHERE state = 'running'")
    for _time in range(2):
        workers.work(DRAIN_JOBS, database_name)
    assert _is_posted_once(_figures(world, remittance_id), claims=CLAIMS, denied=DENIED)
    with world.env() as env:
        denials = env[REMITTANCE].browse(remittance_id).claim_ids.denial_ids
        assert len(denials) == len(denials.service_id) == DENIED
        items = [("dedup_key", "in", list({each._get_work_key() for each in denials}))]
        assert env["hc.work.item"].search_count(items)
        balances = env["hc.balance"].search([("case_id", "in", case_ids)])
        by_party = balances.grouped("responsibility")
        assert round(sum(by_party["patient"].mapped("amount_open")), 2) == 20.0 * CLAIMS
        assert round(sum(by_party["payer_1"].mapped("amount_open")), 2) == 30.0 * DENIED


def _is_being_posted(world, remittance_id):
    """Whether the worker has taken the jobs of the remittance."""
    batch = ("batch", "=", f"remittance:{remittance_id}")
    with world.env() as env:
        return env["hc.job"].search_count([batch, ("state", "=", "running")], limit=1)
