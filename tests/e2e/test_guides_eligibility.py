# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guide to eligibility shows; `HC_SCREENSHOTS=1` takes their pictures."""


def test_guide_to_eligibility(log_in, picture, odoo_env):
    with odoo_env() as env:
        answer = env["hc.eligibility.answer"].search(
            [("outcome", "=", "active"), ("channel", "=", "x12")], order="id", limit=1
        )
        coverage_id = answer.coverage_id.id
        rejected = env["hc.eligibility.inquiry"].search(
            [("state", "=", "rejected")], order="id desc", limit=1
        )
        inquiry_id = rejected.id
    page = log_in("clerk")
    page.goto(f"/odoo/revenue-coverages/{coverage_id}")
    page.wait_for_selector("[name='eligibility_card']:has-text('Deductible left')")
    picture(page, "eligibility-card")
    page.goto(f"/odoo/revenue-eligibility/{inquiry_id}")
    page.locator("button[name='action_open_manual_check']").click()
    page.wait_for_selector(".modal [name='reference']")
    picture(page, "eligibility-manual")
    page.locator(".modal footer button[name='action_record']").click()
    page.wait_for_selector(".modal:has-text('reference number')")
    page.goto("/odoo/revenue-authorizations")
    page.wait_for_selector(".o_data_row:has-text('Exceeded')")
    picture(page, "eligibility-authorizations")
