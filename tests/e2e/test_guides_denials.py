# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guide to denials shows; `HC_SCREENSHOTS=1` takes their pictures."""


def test_guide_to_denials(log_in, picture, odoo_env):
    with odoo_env() as env:
        denial = env["hc.denial"].search(
            [("state", "=", "new"), ("remedy", "=", "appeal")], limit=1
        )
        denial_id = denial.id
    page = log_in("claims")
    page.goto("/odoo/revenue-denials")
    page.wait_for_selector(".o_data_row:has-text('Authorization')")
    picture(page, "denial-worklist")
    page.goto(f"/odoo/revenue-denials/{denial_id}")
    page.wait_for_selector("button[name='action_appeal']")
    picture(page, "denial-form")


def test_guide_to_appeals(log_in, picture, odoo_env):
    with odoo_env() as env:
        appeal_id = env["hc.appeal"].search([("state", "=", "submitted")], limit=1).id
    page = log_in("claims")
    page.goto(f"/odoo/revenue-appeals/{appeal_id}")
    page.locator(".o_notebook .nav-link:has-text('Letter')").click()
    page.wait_for_selector(".o_form_view button[name='action_open_decide']")
    picture(page, "appeal-letter")
    page.locator(".o_notebook .nav-link:has-text('Packet')").click()
    page.wait_for_selector(".o_notebook .tab-pane.active")
