# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guide to remittances shows; `HC_SCREENSHOTS=1` takes their pictures."""

import pytest


@pytest.fixture
def remittance_of(odoo_env):
    """Find a remittance of the demo by its state and whatever else tells it from the others."""

    def find(state, *more):
        with odoo_env() as env:
            domain = [("state", "=", state), *more]
            return env["hc.remittance"].search(domain, order="id", limit=1).id

    return find


def _open(page, remittance_id):
    page.goto(f"/odoo/revenue-remittances/{remittance_id}")
    page.wait_for_selector(".o_hc_proof_level")


def test_guide_to_the_proof(log_in, picture, remittance_of):
    page = log_in("claims")
    page.goto("/odoo/revenue-remittances")
    page.wait_for_selector(".o_data_row")
    picture(page, "remittance-list")
    _open(page, remittance_of("proven"))
    assert page.locator(".o_hc_proof_level.border-success").count() == 3
    picture(page, "remittance-proven")
    _open(page, remittance_of("held", ("unproven_count", ">", 0)))
    page.wait_for_selector(".o_hc_proof_level.border-danger:has-text('First difference')")
    assert page.locator("button[name='action_post']").count() == 0
    picture(page, "remittance-held")


def test_guide_to_the_payer(log_in, remittance_of):
    page = log_in("claims")
    _open(page, remittance_of("held", ("payer_id", "=", False)))
    page.locator("button[name='action_open_pick_payer']").click()
    page.wait_for_selector(".modal [name='payer_name']:has-text('PINECREST')")
    page.locator(".modal footer .btn-secondary").click()


def test_guide_to_what_waits(log_in, picture, remittance_of):
    page = log_in("claims")
    page.goto("/odoo/revenue-remittance-waiting")
    page.wait_for_selector(".o_data_row:has-text('Would create a credit')")
    _open(page, remittance_of("posted", ("claim_ids.state", "=", "unmatched")))
    page.locator(".o_notebook .nav-link[name='waiting']").click()
    page.locator("button[name='action_open_pick_claim']").first.click()
    page.wait_for_selector(".modal .o_data_row:has-text('same member')")
    picture(page, "remittance-pick")


def test_guide_to_answers(log_in, picture, odoo_env):
    with odoo_env() as env:
        answer = env["hc.remittance.claim"].search(
            [("amount_denied", ">", 0), ("state", "=", "posted")], order="id", limit=1
        )
        answer_id, case_id = answer.id, answer.case_id.id
    page = log_in("claims")
    page.goto(f"/odoo/revenue-remittance-answers/{answer_id}")
    page.wait_for_selector(".o_data_row:has-text('CO-197')")
    picture(page, "remittance-answer")
    page.goto(f"/odoo/hc.billing.case/{case_id}")
    page.locator(".o_notebook .nav-link[name='remittances']").click()
    page.wait_for_selector("[name='answer_ids'] .o_data_row")
    page.goto("/odoo/revenue-adjustment-analysis")
    page.wait_for_selector(".o_pivot:has-text('Authorization')")
    picture(page, "remittance-analysis")


def test_guide_to_provider_adjustments(log_in, picture):
    page = log_in("finance")
    page.goto("/odoo/revenue-provider-adjustments")
    page.wait_for_selector(".o_data_row:has-text('Recovery of an overpayment')")
    picture(page, "remittance-provider-adjustments")


@pytest.mark.parametrize("login", ["clerk", "finance", "supervisor", "compliance", "coder"])
def test_every_role_reads_without_an_error(log_in, remittance_of, login):
    page = log_in(login)
    for path in (
        "revenue-remittances",
        "revenue-remittance-waiting",
        "revenue-remittance-answers",
        "revenue-provider-adjustments",
        "revenue-adjustment-analysis",
    ):
        page.goto(f"/odoo/{path}")
        page.wait_for_selector(".o_list_view, .o_pivot_view")
        assert page.locator(".o_error_dialog, .modal").count() == 0
    _open(page, remittance_of("posted"))
    for tab in page.locator(".o_notebook .nav-link").all():
        tab.click()
        assert page.locator(".o_error_dialog, .modal").count() == 0
    may_post = login in ("clerk", "finance", "supervisor")
    _open(page, remittance_of("proven"))
    assert page.locator("button[name='action_post']").count() == int(may_post)
