# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A worker that charges saved payment methods is killed again and again.

No instalment is charged twice and none is forgotten: each is charged, or with a person who asks
the provider, because the worker died between asking and noting the answer.
"""

import os
import time
from collections import Counter

import killed_workers
import population

PLANS = 12
KILLS = 10
# How long the provider takes; the worker dies before, while and after it answers.
ANSWER_SECONDS = 0.05


def _charge_to_the_end(registry, provider_file):
    """One run of the Scheduled Action; the provider writes down what it was asked."""
    asked = os.open(provider_file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def charge(transaction):
        os.write(asked, f"{transaction.hc_instalment_id.id}\n".encode())
        time.sleep(ANSWER_SECONDS)
        transaction._set_done()

    registry["payment.transaction"]._send_payment_request = charge
    with registry.cursor() as cursor:
        killed_workers.open_environment(cursor)["hc.payment.plan.instalment"]._cron_charge()
        cursor.commit()


def _kill_and_start_again(database, provider_file):
    """Fork a worker, kill it at random and fork the next one."""
    registry = killed_workers.load(database)

    def start():
        return killed_workers.fork(_charge_to_the_end, registry, provider_file)

    def has_asked():
        return provider_file.stat().st_size > before

    for _kill in range(KILLS):
        before = provider_file.stat().st_size
        # The last ones may find nothing left to charge.
        killed_workers.kill_at_work(
            start(),
            has_asked,
            (0, 2 * ANSWER_SECONDS),
            killed_workers.PATIENCE_SECONDS / KILLS,
        )
    assert killed_workers.ended_well(start())


def _agree_on_plans(env):
    """Plans that are due today, of parties with a saved payment method."""
    # One day for the office and those who set this up, at any hour.
    env["res.company"].search([("id", ">", 0)]).partner_id.tz = "UTC"
    method = env.ref("payment.payment_method_unknown")
    encounters = population.encounters(env, PLANS, "killed-charges-")
    encounters.write({"primary_coverage_id": False})
    accounts = population.bill_guarantors(encounters)
    company = accounts[0].company_id
    provider = env["payment.provider"].create(
        {"name": "Killed", "code": "none", "company_id": company.id, "state": "test"}
    )
    provider.payment_method_ids = method
    method.write({"active": True, "support_tokenization": True})
    parts = env["hc.payment.plan.instalment"]
    for account in accounts:
        token = env["payment.token"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "partner_id": account.partner_id.id,
                "provider_ref": "saved",
            }
        )
        plan = env["hc.payment.plan"]._propose(
            account,
            account._get_plannable_cases(),
            2,
            account.company_id._get_office_day(),
            pay_by="token",
            token_id=token.id,
            request={"justification": "pays in two parts"},
        )
        if plan.state == "active":
            parts |= plan.instalment_ids[0]
    return parts.ids


def test_killed_workers_charge_at_most_once_and_lose_none(own_env, own_database, tmp_path):
    provider_file = tmp_path / "asked"
    provider_file.touch()
    with own_env() as env:
        ids = _agree_on_plans(env)
    assert len(ids) > KILLS // 2
    killed_workers.run_apart(_kill_and_start_again, own_database, provider_file)
    asked = Counter(map(int, provider_file.read_text().split()))
    assert set(asked.values()) == {1}, "charged twice"
    with own_env() as env:
        parts = env["hc.payment.plan.instalment"].browse(ids)
        for part in parts:
            charge = part.transaction_ids
            assert len(charge) == 1
            assert charge.state == "done" or charge.hc_sent_at, "forgotten"
            assert charge.state != "done" or asked[part.id] == 1
        unknown = parts.filtered("has_unknown_charge")
        assert set(ids) - set(asked) <= set(unknown.ids)
        unknown.transaction_ids.write({"hc_sent_at": "2026-01-01"})
        env["payment.transaction"]._send_charges()
        keys = [f"charge_unknown:{charge.id}" for charge in unknown.transaction_ids]
        items = env["hc.work.item"].search([("dedup_key", "in", keys)])
        assert len(items) == len(unknown), "nobody asks"
        for plan in parts.plan_id:
            plan._cancel("The test is over.")
