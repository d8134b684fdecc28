# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The nightly search for credits after a remittance, as the Scheduled Action does it."""

from test_remittances import _take_in

# One case in so many has a credit.
_CASES_PER_CREDIT = 10


def _overpay(env, cases):
    """Money on the cases beyond what is owed, by one entry."""
    receivable = env["account.account"].search(
        [("account_type", "=", "asset_receivable"), ("company_ids", "in", env.company.ids)], limit=1
    )
    income = env["account.account"].search(
        [("account_type", "=", "income"), ("company_ids", "in", env.company.ids)], limit=1
    )
    lines = [
        (
            0,
            0,
            {
                "account_id": receivable.id,
                "partner_id": case._get_party("payer_1").id,
                "hc_case_id": case.id,
                "hc_responsibility": "payer_1",
                "credit": 500.0,
            },
        )
        for case in cases
    ]
    lines.append((0, 0, {"account_id": income.id, "debit": 500.0 * len(cases)}))
    entries = env["account.move"]._create_guarded([{"move_type": "entry", "line_ids": lines}])
    entries.action_post()
    env.flush_all()
    env.invalidate_all()


def _search(env):
    env["hc.credit.balance"].sudo()._find_in_company(env.company)
    env.flush_all()
    env.invalidate_all()


def test_credits_are_found(odoo_env, size, figures, stopwatch):
    """CPU of the search: nothing to find, new credits with their work items, the same again."""
    with odoo_env() as env:
        cases, _remittance = _take_in(env, size)
        env.invalidate_all()
        credits_ = env["hc.credit.balance"].sudo()
        _search(env)
        before = credits_.search_count([("state", "!=", "resolved")])
        nothing, _ = stopwatch(lambda: _search(env))
        overpaid = cases[::_CASES_PER_CREDIT]
        _overpay(env, overpaid)
        new, _ = stopwatch(lambda: _search(env))
        found = credits_.search_count([("state", "!=", "resolved")]) - before
        assert found == len(overpaid)
        known, _ = stopwatch(lambda: _search(env))
        figures.add(f"credit search, none new, {size} posted claims", nothing, "s CPU")
        figures.add(f"credit search, {found} new", new / found * 1e3, "ms CPU/credit")
        figures.add(f"credit search, {found} known", known, "s CPU")
        env.cr.rollback()
