# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guide to credits and takebacks shows."""


def test_guide_to_credits(log_in, picture, odoo_env):
    with odoo_env() as env:
        credit = env["hc.credit.balance"].search([("deadline", "!=", False)], limit=1)
        by_hand = env["hc.credit.balance"].search(
            [("source", "=", "answer"), ("deadline", "=", False)], limit=1
        )
        credit_id, answer_id = credit.id, by_hand.answer_id.id
    page = log_in("finance")
    page.goto("/odoo/revenue-credit-balances")
    page.wait_for_selector(".o_data_row:has-text('Due Soon')")
    picture(page, "credit-balances")
    page.goto(f"/odoo/revenue-credit-balances/{credit_id}")
    page.wait_for_selector(".alert-warning:has-text('To be returned by')")
    picture(page, "credit-clock")
    page.goto(f"/odoo/revenue-remittance-answers/{answer_id}")
    page.locator("button[name='action_open_settlement']").click()
    page.wait_for_selector(".modal .o_data_row")
    picture(page, "credit-settle")


def test_guide_to_takebacks(log_in, picture):
    page = log_in("finance")
    page.goto("/odoo/revenue-takebacks")
    page.wait_for_selector(".o_data_row:has-text('Taken, Not Explained')")
    picture(page, "takebacks")
    page.locator(".o_data_row:has-text('UC2025-118834') td[name='reference']").click()
    page.wait_for_selector(".alert-danger:has-text('Not explained')")
