# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A file in which an agency reports what it collected: cost per payment, however many."""

import base64
import time
from datetime import timedelta

import population
import pytest

_PAYMENTS_PER_ACCOUNT = 10
_HEADER = "kind,reference,placement,amount,currency,paid_on"


def _place(env, count, prefix):
    """An agency, and a placement with it for each of some accounts that owe 200."""
    from odoo.addons.hc_revenue_base.models.hc_controlled_action import GateDecision

    bank = env["account.journal"].search(
        [("company_id", "=", env.company.id), ("type", "=", "bank")], limit=1
    )
    agency = env["hc.collection.agency"].create(
        {
            "name": "Bench Agency",
            "code": prefix,
            "commission_percent": 20.0,
            "agreement": base64.b64encode(b"signed"),
            "agreement_name": "agreement.pdf",
            "agreement_from": "2020-01-01",
            "source_id": env["hc.payment.source"]
            .create({"name": "Bench Agency", "code": prefix.lower(), "journal_id": bank.id})
            .id,
        }
    )
    accounts = population.owing_accounts(env, count, prefix)
    told_on = env["hc.aging.item"]._get_as_of() - timedelta(days=200)
    for account in accounts:
        for case in account._get_open_by_case():
            case._write_guarded({"first_statement_on": told_on})
        account._transition_where_allowed("pre_collections")
        placement = env["hc.placement"]._request(
            account,
            agency,
            justification="Three letters were not answered.",
            idempotency_key=f"{prefix} {account.id}",
        )
        if placement.action_id.state == "pending":
            placement.action_id._settle(GateDecision("allow"))
    return agency, accounts


@pytest.mark.parametrize("per_account", [_PAYMENTS_PER_ACCOUNT, None], ids=["many", "one"])
@pytest.mark.parametrize("payment_count", [100, 500])
def test_agency_file(odoo_env, figures, stopwatch, payment_count, per_account):
    """Aim: linear; the payments are of many accounts, or all of a single one."""
    with odoo_env() as env:
        account_count = payment_count // per_account if per_account else 1
        prefix = f"A{payment_count}{time.time_ns() % 10**8}"
        agency, accounts = _place(env, account_count, prefix)
        today = env["hc.aging.item"]._get_as_of()
        currency = env.company.currency_id.name
        numbers = accounts.placement_ids.mapped("name")
        assert len(numbers) == account_count
        rows = [
            f"PAYMENT,R-{n},{numbers[n % account_count]},0.25,{currency},{today}"
            for n in range(payment_count)
        ]
        content = "\n".join([_HEADER, *rows, ""]).encode()
        owed = sum(accounts.mapped("amount_open"))
        exchange, _verdict = env["hc.exchange"]._receive_agency_report(agency, content, "file.csv")
        env.flush_all()
        env.invalidate_all()
        steps = []

        def checkpoint(_done, _left):
            env.flush_all()
            steps.append(time.process_time())
            return True

        start = time.process_time()
        spent, _done = stopwatch(lambda: exchange._process(checkpoint))
        assert (exchange.imported_count, exchange.failed_count) == (payment_count, 0)
        accounts._refresh()
        assert round(owed - sum(accounts.mapped("amount_open")), 2) == payment_count * 0.25
        what = f"{payment_count} payments on {account_count} accounts"
        figures.add(what, spent / payment_count * 1e3, "ms CPU each")
        rows_per_step = payment_count / len(steps)
        costs = [
            (end - begin) / rows_per_step * 1e3
            for begin, end in zip([start, *steps], steps, strict=False)
        ]
        fifth = max(1, len(costs) // 5)
        note = f"last fifth {sum(costs[-fifth:]) / fifth:.1f}"
        figures.add("  first fifth of the file", sum(costs[:fifth]) / fifth, "ms CPU each", note)
        env.cr.rollback()
