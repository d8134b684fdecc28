# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two people at once, over HTTP: one of them wins, nothing is done twice."""

import pytest
from simultaneous import at_once


@pytest.fixture
def case_ids(odoo_env):
    """A billed case and its encounter at the first clerk's facility."""
    with odoo_env() as env:
        facility = env.ref("hc_revenue_base.demo_user_clerk_a").hc_facility_ids
        case = env["hc.billing.case"].search(
            [("facility_id", "in", facility.ids), ("stage", "=", "invoiced")], limit=1
        )
        return case.id, case.encounter_id.id


def test_two_users_take_the_same_item(odoo_env, connect, rpc_error):
    with odoo_env() as env:
        facility = env.ref("hc_revenue_base.demo_user_clerk_a").hc_facility_ids[:1]
        item = env["hc.work.item"]._open(
            [
                {
                    "kind": "manual",
                    "queue_code": "billing",
                    "dedup_key": "test-race",
                    "name": "Race",
                    "facility_id": facility.id,
                    "company_id": facility.company_id.id,
                }
            ]
        )
        item_id = item.id
    people = [connect("lead"), connect("supervisor")]
    results = at_once(
        *(lambda p=p: p.call("hc.work.item", "action_take", [item_id]) for p in people)
    )
    errors = [result for result in results if isinstance(result, Exception)]
    assert len(errors) == 1, results
    assert isinstance(errors[0], rpc_error)
    assert any(text in str(errors[0]) for text in ("was taken by", "changing"))
    with odoo_env() as env:
        assert env["hc.work.item"].browse(item_id).assignee_id.id in [
            person.user_id for person in people
        ]


def test_billing_the_same_encounter_twice_at_once_makes_one_case(odoo_env, connect, case_ids):
    _case_id, encounter_id = case_ids
    clerk = connect("clerk")
    results = at_once(
        *[lambda: clerk.call("hc.encounter", "action_prepare_billing", [encounter_id])] * 4
    )
    assert any(not isinstance(result, Exception) for result in results), results
    with odoo_env() as env:
        encounter = env["hc.encounter"].browse(encounter_id)
        live = encounter.case_ids.filtered(lambda case: case.stage != "cancelled")
        assert len(live) == 1
        posted = live.invoice_ids.filtered(lambda move: move.state == "posted")
        assert sum(posted.mapped("amount_total")) == live.amount_charged


def _waiting(odoo_env, case_id, kind):
    """Ids of the approval requests of a case that wait."""
    with odoo_env() as env:
        domain = [("case_id", "=", case_id), ("kind", "=", kind), ("state", "=", "waiting")]
        return env["hc.approval.request"].search(domain, order="id").ids


def test_a_void_asked_for_twice_at_once_credits_once(odoo_env, connect, case_ids):
    case_id, _encounter_id = case_ids
    clerk = connect("clerk")
    with odoo_env() as env:
        reason_id = env["hc.reason.code"].search([("usage", "=", "void_rebill")], limit=1).id

    def void():
        wizard = clerk.call(
            "hc.case.decision.wizard",
            "create",
            [
                {
                    "decision": "void_rebill",
                    "case_ids": [case_id],
                    "reason_code_id": reason_id,
                    "note": "Wrong payer on the claim, called today.",
                }
            ],
        )
        return clerk.call("hc.case.decision.wizard", "action_confirm", wizard)

    results = at_once(void, void)
    (request_id,) = _waiting(odoo_env, case_id, "credit_note")
    people = [connect("lead"), connect("supervisor")]
    results += at_once(
        *(lambda p=p: p.call("hc.approval.request", "action_approve", [request_id]) for p in people)
    )
    if _waiting(odoo_env, case_id, "credit_note"):  # large ones go to finance next
        results.append(
            connect("finance").call("hc.approval.request", "action_approve", [request_id])
        )
    with odoo_env() as env:
        case = env["hc.billing.case"].browse(case_id)
        credit_notes = case.invoice_ids.filtered(lambda move: move.move_type == "out_refund")
        assert case.stage == "cancelled", results
        assert len(credit_notes) == 1
        assert len(case.rebill_case_ids) == 1


def test_two_write_offs_at_once_never_forgive_more_than_is_open(odoo_env, connect, case_ids):
    case_id, _encounter_id = case_ids
    claims = connect("claims")
    with odoo_env() as env:
        case = env["hc.billing.case"].browse(case_id)
        party, open_amount = case.balance_ids[0].responsibility, case.amount_open
        reason_id = env["hc.reason.code"].search([("usage", "=", "write_off")], limit=1).id

    def write_off():
        wizard = claims.call(
            "hc.adjustment.wizard",
            "create",
            [
                {
                    "case_ids": [[6, 0, [case_id]]],
                    "kind": "administrative_write_off",
                    "responsibility": party,
                    "amount": open_amount,
                    "reason_code_id": reason_id,
                    "justification": "Filed too late, root cause known.",
                }
            ],
        )
        return claims.call("hc.adjustment.wizard", "action_request", wizard)

    results = at_once(*[write_off] * 4)
    request_ids = _waiting(odoo_env, case_id, "administrative_write_off")
    assert len(request_ids) == 4, results
    with odoo_env() as env:
        kind_id = env.ref("hc_billing_approvals.evidence_root_cause").id
    for request_id in request_ids:
        values = {"request_id": request_id, "type_id": kind_id, "text": "The desk was closed."}
        wizard = claims.call("hc.approval.evidence.wizard", "create", [values])
        claims.call("hc.approval.evidence.wizard", "action_add", wizard)
    # Together they may be of a higher tier than each; a manager decides both.
    manager = connect("manager")
    results = at_once(
        *(
            lambda each=each: manager.call("hc.approval.request", "action_approve", [each])
            for each in request_ids
        )
    )
    with odoo_env() as env:
        case = env["hc.billing.case"].browse(case_id)
        actions = env["hc.controlled.action"].search(
            [("case_id", "=", case_id), ("kind", "=", "administrative_write_off")]
        )
        assert sorted(actions.mapped("state")) == ["applied", *["pending"] * 3], results
        assert len(actions.entry_ids) == 1
        assert (case.amount_open, case.stage) == (0.0, "closed"), results


def test_reports_about_one_host_are_all_counted(odoo_env):
    """The breaker is shared by all processes: none of them fails on another's report."""
    host = "many-callers.test"

    def report():
        with odoo_env() as env:
            hosts = env["hc.http.host"]
            for _call in range(5):
                hosts._in_own_transaction("_report", host, 443, "500")
                hosts._in_own_transaction("_admit", host, 443)

    try:
        assert at_once(*[report] * 4) == [None] * 4
        with odoo_env() as env:
            row = env["hc.http.host"].search([("host", "=", host)])
            assert (row.state, row.failures) == ("open", 20)
    finally:
        with odoo_env() as env:
            env["hc.http.host"].search([("host", "=", host)]).unlink()
