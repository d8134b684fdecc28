# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Many receivable items: their aging, its snapshot, and their adoption by the module."""

import os
import time
from datetime import timedelta

import receivables

ITEMS = int(os.environ.get("HC_BENCH_ITEMS", "100000"))


def _read(env, as_of):
    items = env["hc.aging.item"].with_context(hc_as_of=as_of.isoformat())
    return items._read_group([], ["bucket_id"], ["amount_open:sum", "__count"])


def test_aging_of_many_items(odoo_env, figures):
    """Seconds to age all open items by bucket, now and at a past day; aim: 5 s at 1,000,000."""
    with odoo_env() as env:
        account_ids = receivables.insert_items(env, ITEMS)
        today = env["hc.aging.item"]._get_as_of()
        for label, as_of in (("today", today), ("200 days ago", today - timedelta(days=200))):
            start = time.perf_counter()
            groups = _read(env, as_of)
            figures.add(f"aging of {ITEMS} items, {label}", time.perf_counter() - start, "s")
            expected = sum(1 for _group in groups)
            assert expected >= 2
        total = sum(amount for _bucket, amount, _count in _read(env, today))
        env.cr.execute(
            "SELECT sum(amount_residual) FROM account_move_line line"
            " JOIN account_account account ON account.id = line.account_id"
            " JOIN hc_collection_account known ON known.partner_id = line.partner_id"
            " AND known.company_id = line.company_id"
            " WHERE account.account_type = 'asset_receivable' AND line.parent_state = 'posted'"
        )
        assert abs(total - float(env.cr.fetchone()[0])) < 0.005
        account = env["hc.collection.account"].browse(account_ids[len(account_ids) // 2])
        start = time.perf_counter()
        account._refresh()
        figures.add("amounts of one account among them", (time.perf_counter() - start) * 1e3, "ms")
        assert account.amount_open == round(5 * 123.45, 2)
        env.cr.rollback()


def _forget_accounts(env, account_ids):
    """Leave the ledger as it was before the module came."""
    env.cr.execute(
        "UPDATE account_move_line SET hc_collection_account_id = NULL"
        " WHERE hc_collection_account_id = ANY(%s)",
        [account_ids],
    )
    env.cr.execute("DELETE FROM hc_collection_account WHERE id = ANY(%s)", [account_ids])
    env.invalidate_all()


def test_snapshot_and_adoption_of_many_items(odoo_env, figures):
    """Seconds to keep the aging of a day, and to open the accounts of a ledger that was there."""
    with odoo_env() as env:
        account_ids = receivables.insert_items(env, ITEMS)
        company = env["hc.collection.account"].browse(account_ids[0]).company_id
        snapshots = env["hc.aging.snapshot"]
        day = env["hc.aging.item"]._get_as_of() - timedelta(days=1)
        start = time.perf_counter()
        assert snapshots._take(company, day)
        figures.add(f"snapshot of {ITEMS} items", time.perf_counter() - start, "s")
        start = time.perf_counter()
        env["hc.collection.account"].browse(account_ids[:500])._assign_segments()
        cost = (time.perf_counter() - start) / 500 * 1e3
        figures.add("sorting into segments, one account", cost, "ms")
        env.flush_all()
        _forget_accounts(env, account_ids)
        start = time.perf_counter()
        assert env["hc.collection.account"]._adopt_ledger() == 0
        cost = (time.perf_counter() - start) / len(account_ids) * 1e3
        figures.add(f"adoption of {ITEMS} items, one account", cost, "ms")
        env.cr.rollback()
