# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What lies on the desks of those who work for the money that payers keep back."""

import uuid
from decimal import Decimal

import claim_answers
import office

CLAIMS = 8
# As many services are denied; the others are paid below the contract.
_DENIED = 8


def build(env):
    """Denials, credits, takebacks, variances and questions, all of one remittance.

    Returns:
        ids by what they are of; of each there are enough for every attack to spoil one.
    """
    claim_answers.take_claims(env)
    cases = env["hc.billing.case"].browse(office.add_cases(env, CLAIMS))
    waiting = env["hc.billing.case"].browse(office.add_cases(env, 2))
    for case in (*cases, *waiting):
        case.claim_ids.filtered(lambda claim: claim.state == "held")._run_edits()
    claims = claim_answers.send_claims(env, cases)
    contract_id = _publish_contract(env)
    remittance = _deny(env, claims)
    answers = remittance.claim_ids
    answers._check_contracts()
    credits_ = _overpay(env, cases[0].payer_id)
    # Of the others nobody knows yet of which claim they are.
    takebacks = remittance.provider_adjustment_ids.takeback_id.sorted("id")
    takebacks[0]._pick_claim(claims[0])
    questions = _ask(env, cases)
    in_wait = claim_answers.send_claims(env, waiting)
    in_wait.action_ask_status()
    denials = claims.denial_ids.sorted("id")
    appeals = [env["hc.appeal"].browse(each.action_appeal()["res_id"]) for each in denials[:3]]
    env.flush_all()
    return {
        "case": cases.ids,
        "claim": claims.ids,
        "waiting": in_wait.ids,
        "answer": answers.ids,
        "remittance": remittance.ids,
        "denial": denials[3:].ids,
        "appeal": [appeal.id for appeal in appeals],
        "variance": answers.variance_ids.sorted("id").ids,
        "takeback": takebacks.ids,
        "credit": credits_.ids,
        "contract": [contract_id],
        "question": questions.ids,
        "coverage": questions.coverage_id.ids,
    }


def _deny(env, claims):
    """Half of what would be allowed off is denied, and something is taken back."""
    taken = [(f"TB{uuid.uuid4().hex[:8].upper()}", Decimal(15 + n)) for n in range(5)]
    content = claim_answers.answer(claims, uuid.uuid4().hex[:12].upper(), taken)
    content = content.replace(b"CAS*CO*45", b"CAS*CO*197", _DENIED)
    exchange, _verdict = env["hc.exchange"]._receive_remittance(content, "attack", "denied.835")
    exchange._process(lambda done, left: True)
    remittance = exchange.remittance_ids
    assert remittance.state == "proven", remittance.hold_reason
    remittance._post()
    assert remittance.state == "posted", remittance.claim_ids.mapped("hold_note")
    return remittance


def _publish_contract(env):
    """The payer has agreed to all of the charge."""
    known = env["hc.payer.contract"].search([("code", "=", "ATTACK"), ("state", "=", "published")])
    if known:
        return known.id
    contract = env["hc.payer.contract"].create(
        {
            "name": "Attacked",
            "code": "ATTACK",
            "payer_id": env["hc.payer"].search([("code", "=", "BENCH")]).id,
            "date_from": "2020-01-01",
            "term_ids": [(0, 0, {"method": "percent_of_charge", "percent": 100.0})],
        }
    )
    contract._publish()
    return contract.id


def _overpay(env, payer):
    """Payments of the payer that settle nothing."""
    payments = env["account.payment"].create(
        [
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": payer.partner_id.id,
                "amount": 50.0,
            }
            for _number in range(3)
        ]
    )
    payments.action_post()
    credits_ = env["hc.credit.balance"]
    credits_._find_in_company(env.company)
    items = payments.move_id.line_ids
    return credits_.search([("item_id", "in", items.ids)])


def _ask(env, cases):
    """Questions about the members, in a file that went out."""
    coverages = cases.encounter_id.primary_coverage_id
    coverages.patient_id.facility_ids = cases.facility_id
    questions = env["hc.eligibility.inquiry"]._request(
        [
            {"coverage_id": coverage.id, "service_date_from": cases[0]._get_today()}
            for coverage in coverages
        ]
    )
    questions._submit()
    assert set(questions.mapped("state")) == {"sent"}, questions.mapped("objection")
    return questions
