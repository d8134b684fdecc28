# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guide to claims shows; `HC_SCREENSHOTS=1` takes their pictures."""


def test_guide_to_claims(log_in, picture, odoo_env):
    page = log_in("claims")
    page.goto("/odoo/revenue-claims")
    page.wait_for_selector(".o_data_row")
    picture(page, "claims-worklist")
    with odoo_env() as env:
        claims = env["hc.claim"]
        claim_id = claims.search([("state", "=", "rejected")], order="id desc", limit=1).id
    page.goto(f"/odoo/revenue-claims/{claim_id}")
    page.wait_for_selector(".o_form_view .alert-danger")
    picture(page, "claims-rejected")
    assert page.locator("button[name='action_open_correction']").count() == 1
