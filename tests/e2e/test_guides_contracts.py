# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guide to contracts shows; `HC_SCREENSHOTS=1` takes their pictures."""


def test_guide_to_variances(log_in, picture):
    page = log_in("claims")
    page.goto("/odoo/revenue-payment-variances")
    page.wait_for_selector(".o_data_row:has-text('Disputed with Payer')")
    picture(page, "contract-variances")
    page.locator(".o_data_row td[name='name']").first.click()
    page.wait_for_selector(".o_form_view [name='line_ids'] .o_data_row")
    page.wait_for_selector("text=the contract allows")
    picture(page, "contract-variance")


def test_guide_to_contracts(log_in, picture):
    page = log_in("claims")
    page.goto("/odoo/revenue-payer-contracts")
    page.locator(".o_data_row:has-text('Published') td[name='name']").first.click()
    page.wait_for_selector("[name='term_ids'] .o_data_row")
    assert page.locator("button[name='action_publish']").count() == 0
    page.locator("button[name='action_open_simulation']").click()
    page.locator(".modal [name='amount_charged'] input").fill("100")
    page.locator(".modal [name='code'] input").fill("XYZ")
    page.locator(".modal [name='units'] input").click()
    page.wait_for_selector(".modal [name='amount_expected']:has-text('72.00')")
    picture(page, "contract-simulation")


def test_guide_to_indicators_of_claims(log_in, picture):
    page = log_in("manager")
    page.goto("/odoo/revenue-claim-indicators")
    page.wait_for_selector("text=Clean claim rate")
    page.wait_for_selector("text=Underpayment rate")
    picture(page, "claim-indicators")
