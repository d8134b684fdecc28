# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Two people do the same with a patient's account at one moment."""

from datetime import timedelta

import pytest
from simultaneous import at_once
from test_collections_portal import Visitor

WHY = "They said so on the telephone."
_TOLD = ("UserError", "LockError", "ValidationError", "AccessError", "ConcurrencyError")


def _check_told(results):
    """Whoever did not get through is told in words."""
    for error in results:
        if isinstance(error, Exception):
            assert error.name.rpartition(".")[2] in _TOLD, (error.name, error)


@pytest.fixture(scope="module")
def provider_id(world):
    """A payment provider that answers nothing."""
    with world.env() as env:
        method = env.ref("payment.payment_method_unknown")
        values = {"name": "Silent", "code": "none", "state": "test"}
        provider = env["payment.provider"].create(
            {**values, "company_id": env.company.id, "payment_method_ids": [(6, 0, method.ids)]}
        )
        method.write({"active": True, "support_tokenization": True})
        return provider.id


def _press(client, wizard, method, values):
    return client.call(wizard, method, client.call(wizard, "create", [values]))


def test_an_account_gets_one_statement(world, collection_desk):
    account_id = collection_desk["account"][2]
    people = [world.login(name) for name in ("collector", "collector2", "supervisor")]
    results = at_once(
        *(
            lambda p=p: p.call("hc.collection.account", "action_send_statement", [account_id])
            for p in people
        )
    )
    _check_told(results)
    with world.env() as env:
        account = env["hc.collection.account"].browse(account_id)
        assert len(account.statement_ids) == 1
        assert len(account.contact_ids) == 1


def test_two_runs_issue_each_statement_once(world, collection_desk):
    """Two people start runs of the same accounts; their jobs run side by side."""
    people = [world.login(name) for name in ("collector", "collector2")]
    results = at_once(*(lambda p=p: p.call("hc.statement.run", "create", [{}]) for p in people))
    runs = [made if isinstance(made, int) else made[0] for made in results]
    for person, run_id in zip(people, runs, strict=True):
        person.call("hc.statement.run", "action_preview", [run_id])
    at_once(
        *(
            lambda p=p, run_id=run_id: p.call("hc.statement.run", "action_start", [run_id])
            for p in people
            for run_id in runs
        )
    )
    with world.env() as env:
        started = env["hc.statement.run"].browse(runs)
        assert set(started.mapped("state")) <= {"running", "done"}
        jobs = env["hc.job"].search([("batch", "in", [f"statements:{run_id}" for run_id in runs])])
        keys = jobs.mapped("key")
        assert len(keys) == len(set(keys)), "starting twice enters no job twice"
        for job in jobs:
            run_id = int(job.batch.partition(":")[2])
            env["hc.statement.run"].browse(run_id)._job_issue(**job.arguments)
        accounts = env["hc.collection.account"].browse(collection_desk["account"])
        for account in accounts:
            current = account.statement_ids.filtered(lambda one: one.state != "void")
            assert len(current) <= 1
        assert sum(len(account.statement_ids) for account in accounts) >= 2


def test_a_promise_is_taken_once(world, collection_desk):
    account_id = collection_desk["account"][3]
    values = {"account_id": account_id, "amount": 25.0, "note": WHY}
    people = [world.login(name) for name in ("collector", "collector2")]
    wizard = "hc.payment.promise.wizard"
    results = at_once(*(lambda p=p: _press(p, wizard, "action_confirm", values) for p in people))
    _check_told(results)
    with world.env() as env:
        account = env["hc.collection.account"].browse(account_id)
        promised = account.promise_ids.filtered(lambda one: one.state == "open")
        assert sum(promised.mapped("amount")) <= account.amount_open
        assert len(promised) == 1, "the later one is told, or replaces the earlier one"
        holds = account.hold_ids.filtered(lambda one: one.state == "active")
        assert len(holds.filtered(lambda one: one.kind == "promise")) == 1


def test_a_hold_is_released_once(world, collection_desk):
    account_id = collection_desk["account"][4]
    with world.env() as env:
        account = env["hc.collection.account"].browse(account_id)
        today = account.company_id._get_office_day()
        hold = env["hc.collection.hold"]._place(
            account, "manual", WHY, date_to=today + timedelta(days=5)
        )
        hold_id = hold.id
    values = {"hold_id": hold_id, "reason": WHY}
    people = [world.login(name) for name in ("collector", "supervisor")]
    results = at_once(
        *(lambda p=p: _press(p, "hc.hold.release.wizard", "action_confirm", values) for p in people)
    )
    _check_told(results)
    with world.env() as env:
        hold = env["hc.collection.hold"].browse(hold_id)
        moves = env["hc.transition"].search(
            [
                ("res_model", "=", hold._name),
                ("res_id", "=", hold_id),
                ("from_state", "=", "active"),
            ]
        )
        assert len(moves) == 1


def test_the_portal_takes_ten_requests_a_day_however_they_come(world, collection_desk):
    guarantor = Visitor(world, "guarantor")
    with world.env() as env:
        account = env["hc.portal.access"].browse(collection_desk["access"]).account_id
        account_id, today = account.id, account._fields["create_date"]
        day = today.context_timestamp(account, env.cr.now()).date()
        account._write_guarded({"portal_requests_on": day, "portal_request_count": 7})
        before = len(account.contact_ids)
    token = guarantor.csrf_token()
    path = f"/my/health-bills/{account_id}/ask/assistance"
    answers = at_once(*(lambda: guarantor.form(path, token, message=WHY) for _time in range(6)))
    assert {answer.status_code for answer in answers} == {200}, answers
    with world.env() as env:
        account = env["hc.collection.account"].browse(account_id)
        assert account.portal_request_count == 10
        asked = account.contact_ids.filtered(lambda one: one.direction == "in")
        assert len(account.contact_ids) - before == 3, asked


def _charge_of_plan(world, account_id, provider_id, hours_ago):
    """An instalment that is due, and its charge where it was handed over some hours ago."""
    with world.env() as env:
        account = env["hc.collection.account"].browse(account_id)
        today = account.company_id._get_office_day()
        token = env["payment.token"].create(
            {
                "provider_id": provider_id,
                "payment_method_id": env.ref("payment.payment_method_unknown").id,
                "partner_id": account.partner_id.id,
                "provider_ref": "saved",
            }
        )
        plan = env["hc.payment.plan"]._propose(
            account,
            account._get_plannable_cases(),
            2,
            today,
            pay_by="token",
            token_id=token.id,
            request={"justification": WHY},
        )
        assert plan.state == "active", plan.tier_note
        part = plan.instalment_ids[0]
        if hours_ago:
            part._prepare_charge()
            part.transaction_ids.hc_sent_at = env.cr.now() - timedelta(hours=hours_ago)
        return part.id


def test_an_instalment_is_charged_once_by_workers_at_once(world, collection_desk, provider_id):
    part_id = _charge_of_plan(world, collection_desk["account"][5], provider_id, 0)

    def work():
        with world.env() as env:
            env["hc.payment.plan.instalment"]._cron_charge()

    with world.env() as env:
        cron_id = env.ref("hc_collections.ir_cron_charge_instalments").id
    people = [world.login("system"), world.login("administrator")]
    at_once(
        work,
        work,
        work,
        *(lambda p=p: p.call("ir.cron", "method_direct_trigger", [cron_id]) for p in people),
    )
    work()
    with world.env() as env:
        part = env["hc.payment.plan.instalment"].browse(part_id)
        assert len(part.transaction_ids) == 1
        assert part.transaction_ids.hc_sent_at, "written down, handed over, and only then sent"


def test_a_lost_charge_is_given_up_once_and_charged_once_again(world, collection_desk, provider_id):
    part_id = _charge_of_plan(world, collection_desk["account"][6], provider_id, 3)
    wizard = "hc.payment.charge.wizard"
    values = {"instalment_id": part_id, "reason": WHY}
    people = [world.login(name) for name in ("supervisor", "finance", "manager")]
    results = at_once(
        *(lambda p=p: _press(p, wizard, "action_confirm_unknown", values) for p in people)
    )
    _check_told(results)
    assert sum(not isinstance(one, Exception) for one in results) == 1, results

    def work():
        with world.env() as env:
            env["hc.payment.plan.instalment"]._cron_charge()

    at_once(work, work)
    work()
    with world.env() as env:
        charges = env["hc.payment.plan.instalment"].browse(part_id).transaction_ids
        assert charges.sorted("id").mapped("state") == ["cancel", "draft"]


def test_of_two_windows_one_begins_to_pay(world, collection_desk, provider_id):
    """Both begin to pay all that is owed at one moment: the provider gets one of them."""
    from odoo.addons.payment import utils as payment_utils

    with world.env() as env:
        provider = env["payment.provider"].browse(provider_id)
        arch = "<template><form method='post'/></template>"
        view = env["ir.ui.view"].create({"name": "silent", "type": "qweb", "arch": arch})
        provider.write({"is_published": True, "redirect_form_view_id": view.id})
        account = env["hc.portal.access"].browse(collection_desk["access"]).account_id
        account_id, amount = account.id, account._get_payable_amount()
        names = (account.partner_id.id, amount, account.currency_id.id)
        parameters = {
            "provider_id": provider_id,
            "payment_method_id": env.ref("payment.payment_method_unknown").id,
            "token_id": None,
            "amount": amount,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "/",
            "is_validation": False,
            "access_token": payment_utils.generate_access_token(*names, env=env),
        }
        before = env["payment.transaction"].search_count([("provider_id", "=", provider_id)])
    assert amount > 0
    windows = [Visitor(world, "guarantor") for _number in range(3)]
    path = f"/my/health-bills/{account_id}/transaction"
    answers = at_once(*(lambda w=w: w.call(path, **parameters) for w in windows))
    told = [answer["error"]["data"]["message"] for answer in answers if "error" in answer]
    assert len(told) == 2, answers
    assert all("was begun a moment ago" in text for text in told)
    with world.env() as env:
        begun = env["payment.transaction"].search([("provider_id", "=", provider_id)])
        assert len(begun) == before + 1
        begun[0]._set_canceled()
