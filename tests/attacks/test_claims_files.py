# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Answers of payers under attack: hostile files, two clerks at once, a dead worker; figures."""

import os
import time

import office
import pytest
import workers
from simultaneous import at_once

ANSWER, CREDIT = "hc.eligibility.answer", "hc.credit.balance"
UPLOAD, MANUAL = "hc.claim.answer.wizard", "hc.eligibility.manual.wizard"
PROCESS = "hc_revenue_base.ir_cron_process_exchanges"
MEMBERS = 1500
# A slow machine does not get through them in the time of one run.
_RUNS = 6


def _answers(env, question_ids, count, *, copay=1):
    """A 271 of answers to questions, each with another copay."""
    from odoo.addons.hc_claims.demo_data.eligibility_answers import (
        Answer,
        active,
        eligibility_answers,
    )

    questions = env["hc.eligibility.inquiry"].browse(question_ids)
    people = [(each, each.coverage_id, each.patient_id) for each in questions]
    answers = []
    for number in range(count):
        question, coverage, patient = people[number % len(people)]
        answers.append(
            Answer(
                trace=question.name,
                member_id=coverage.member_id,
                last_name=patient.last_name.upper(),
                first_name=patient.first_name.upper(),
                birth_date=patient.birth_date,
                segments=active(f"EB*B**98****{copay + number}"),
                payer_identifier=coverage.payer_id.payer_identifier,
            )
        )
    return eligibility_answers(answers, env.cr.now().date(), partner="BENCHHOUSE")


def _upload(world, name, content):
    """Upload a file as a person does."""
    person = world.login(name)
    file = {"name": "attack.271", "datas": office.encode(content), "res_model": UPLOAD}
    file_ids = person.call("ir.attachment", "create", [file])
    with world.env() as env:
        house = env["hc.clearinghouse"].search([("code", "=", "BENCH")]).id
    values = {"attachment_ids": [[6, 0, file_ids]], "clearinghouse_id": house}
    return person.call(UPLOAD, "action_upload", person.call(UPLOAD, "create", [values]))


def _count(world, desk):
    with world.env() as env:
        return env[ANSWER].search_count([("coverage_id", "in", desk["coverage"])])


def test_one_answer_from_two_people_is_one_answer(world, desk):
    before = _count(world, desk)
    with world.env() as env:
        content = _answers(env, desk["question"][:3], 3, copay=5000)
    results = at_once(
        lambda: _upload(world, "specialist", content), lambda: _upload(world, "clerk", content)
    )
    _upload(world, "specialist2", content)
    assert _count(world, desk) == before + 3, results


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sound: os.urandom(1000) * 20_000,
        lambda sound: sound[: len(sound) // 2],
        lambda sound: sound.replace(b"005010X279A1", b"005010X221A1"),
        lambda sound: sound.replace(b"TRN*2*", b"TRN*2*X"),
        lambda sound: sound.replace(b"*BENCH", b"*OTHER").replace(b"*W0", b"*X9"),
        lambda sound: sound.replace(b"EB*B**98****", b"EB*B**98****1E9"),
        lambda sound: sound.replace(b"EB*1*", b"EB*1*" + b"X" * 2_000_000),
        lambda sound: sound.replace(b"~", b"~\x00"),
    ],
    ids=[
        "noise",
        "half",
        "version",
        "trace",
        "member",
        "exponent",
        "huge element",
        "zeros",
    ],
)
def test_hostile_answers_are_put_on_nobody(world, rpc_error, desk, spoil):
    before = _count(world, desk)
    with world.env() as env:
        sound = _answers(env, desk["question"][:2], 2, copay=7000)
    start = time.monotonic()
    try:
        _upload(world, "specialist", spoil(sound))
    except rpc_error as error:
        assert error.name.endswith(("UserError", "ValidationError")), error
    assert time.monotonic() - start < 60
    assert _count(world, desk) == before


def test_a_worker_that_dies_amid_answers_doubles_and_loses_none(world, database_name, desk):
    before = _count(world, desk)
    with world.env() as env:
        content = _answers(env, desk["question"], MEMBERS, copay=10_000)
        exchange, verdict = env["hc.exchange"]._receive_acknowledgement(
            content, "BENCH", "long.271"
        )
        assert verdict == "new"
        exchange_id = exchange.id
    # The first step of answers is stored before the second is begun.
    workers.kill_while(
        PROCESS, database_name, lambda: _count(world, desk) > before, after_seconds=0.2
    )
    stored = _count(world, desk) - before
    assert 0 < stored < MEMBERS, "the worker was killed too late"
    with world.env() as env:
        env.cr.execute("UPDATE ir_cron SET lastcall = NULL")
    for _time in range(_RUNS):
        workers.work(PROCESS, database_name)
        with world.env() as env:
            if env["hc.exchange"].browse(exchange_id).state == "done":
                break
    assert _count(world, desk) - before == MEMBERS
    with world.env() as env:
        exchange = env["hc.exchange"].browse(exchange_id)
        assert (exchange.state, exchange.processed_count) == ("done", MEMBERS)
        assert (exchange.imported_count, exchange.failed_count) == (MEMBERS, 0)


@pytest.mark.parametrize(
    "values",
    [
        {"has_copay": True, "copay": -5.0},
        {"has_copay": True, "copay": 1e30},
        {"has_coinsurance_percent": True, "coinsurance_percent": 900.0},
        {"has_deductible_left": True, "deductible_left": -0.01},
        {"checked_on": "1800-01-01"},
        {"checked_on": "2999-01-01"},
        {"reference": " "},
        {"evidence": office.encode(b"MZ" + bytes(99))},
        {"evidence": office.encode(b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>")},
    ],
    ids="-".join,
)
def test_a_manual_check_has_sane_figures_and_evidence(world, rpc_error, desk, values):
    before = _count(world, desk)
    clerk = world.login("clerk")
    given = {"coverage_id": desk["coverage"][0], "channel": "phone", "reference": "CALL-1"}
    with pytest.raises(rpc_error):
        clerk.call(MANUAL, "action_record", clerk.call(MANUAL, "create", [given | values]))
    assert _count(world, desk) == before


@pytest.mark.parametrize(
    "values",
    [
        {"decision": "refund", "amount": -5.0},
        {"decision": "refund", "amount": 50.01},
        {"decision": "refund", "amount": 1e30},
        {"decision": "identified", "day": "1800-01-01"},
        {"decision": "identified", "day": "2999-01-01"},
        {"decision": "reconsider"},
        {"decision": "conclude"},
        {"decision": "cause", "cause": "other", "note": " "},
    ],
    ids=lambda values: "-".join(map(str, values.values())),
)
def test_a_credit_is_decided_within_its_bounds(world, rpc_error, desk, values):
    finance, wizard = world.login("finance"), "hc.credit.decision.wizard"
    with world.env() as env:
        reason = env["hc.reason.code"].search([("usage", "=", "refund")], limit=1).id
        before = env[CREDIT].browse(desk["credit"][2]).read(sorted(env[CREDIT]._guarded_fields))
    given = {
        "credit_id": desk["credit"][2],
        "case_id": desk["case"][0],
        "reason_code_id": reason,
        "note": "It was told at the desk.",
    }
    with pytest.raises(rpc_error):
        finance.call(wizard, "action_confirm", finance.call(wizard, "create", [given | values]))
    with world.env() as env:
        after = env[CREDIT].browse(desk["credit"][2]).read(sorted(env[CREDIT]._guarded_fields))
    assert after == before
