# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guides about approvals show; `HC_SCREENSHOTS=1` takes their pictures."""

import pytest


@pytest.fixture
def request_of(odoo_env):
    """Find a request of the demo by its state and whatever else tells it from the others."""

    def find(state, *more):
        with odoo_env() as env:
            domain = [("state", "=", state), *more]
            return env["hc.approval.request"].search(domain, order="id", limit=1).id

    return find


def _open(page, request_id):
    page.goto(f"/odoo/revenue-approvals/{request_id}")
    page.wait_for_selector(".o_hc_approval_path")


def test_guide_of_requesters(log_in, picture, request_of):
    page = log_in("clerk")
    mine = ("requester_id.login", "=", "clerk")
    _open(page, request_of("waiting", mine, ("amount", "=", 225.0)))
    page.wait_for_selector(".alert:has-text('Still needed')")
    picture(page, "approval-request")
    _open(page, request_of("approved", mine))
    page.wait_for_selector(".alert:has-text('Approved, not applied')")
    assert page.locator("button[name='action_apply_again']").count() == 0
    assert page.locator("button[name='action_withdraw']").count() == 1
    picture(page, "approval-not-applied")


def test_guide_of_requesters_asked(sit_down, request_of):
    request_id = request_of("waiting", ("amount", "=", 9648.0))
    manager = sit_down("manager")
    _open(manager, request_id)
    manager.locator("button[name='action_open_ask']").click()
    question = "Was the coverage checked at admission?"
    manager.locator(".modal [name='text'] textarea").fill(question)
    manager.locator(".modal footer .btn-primary").click()
    requester = sit_down("claims")
    requester.goto("/odoo/revenue")
    requester.locator(".o_hc_approval_systray").click()
    requester.wait_for_selector(".o_hc_approval_asked")
    _open(requester, request_id)
    requester.wait_for_selector(f".alert:has-text('{question}')")
    requester.locator("button[name='action_open_answer']").click()
    requester.locator(".modal [name='text'] textarea").fill("On the day before, by phone.")
    requester.locator(".modal footer .btn-primary").click()
    requester.wait_for_selector(".alert:has-text('It waits for')")


def test_guide_of_approvers(sit_down, picture, request_of):
    supervisor = sit_down("supervisor")
    supervisor.goto("/odoo/revenue-approvals-to-decide")
    supervisor.wait_for_selector(".o_data_row")
    supervisor.locator(".o_hc_approval_systray").click()
    supervisor.wait_for_selector(".o_hc_approval_item")
    picture(supervisor, "approval-inbox")
    manager = sit_down("manager")
    _open(manager, request_of("waiting", ("amount", "=", 9648.0)))
    manager.wait_for_selector(".o_hc_evidence_piece")
    picture(manager, "approval-decide")


def test_guide_of_policy_administrators(sit_down, picture, odoo_env):
    manager = sit_down("manager")
    manager.goto("/odoo/action-hc_billing_approvals.hc_approval_route_action")
    manager.wait_for_selector(".o_list_view .o_data_row")
    picture(manager, "approval-matrix")
    with odoo_env() as env:
        policy_id = env.ref("hc_billing_approvals.hc_approval_policy_shipped").id
    page = sit_down("administrator")
    page.goto("/odoo/action-hc_billing_approvals.hc_approval_policy_action")
    page.goto(f"/odoo/action-hc_billing_approvals.hc_approval_policy_action/{policy_id}")
    page.locator("button[name='action_new_version']").click()
    page.wait_for_selector("button[name='action_submit']")
    page.locator(".o_notebook .nav-link[name='backtest']").click()
    page.wait_for_selector("[name='backtest_html'] table")
    picture(page, "approval-policy-test")
    page.locator("button[name='action_discard']").click()
    page.locator(".modal footer .btn-primary").click()
    page.wait_for_selector("button[name='action_submit']", state="detached")


def test_guide_of_those_who_oversee(sit_down, picture, request_of, odoo_env):
    director = sit_down("director")
    untouched = ("break_glass_ids", "=", False)
    _open(director, request_of("waiting", untouched, ("amount", "in", (1240.0, 2350.0))))
    director.locator("button[name='action_open_break_glass']").click()
    dialog = director.locator(".modal")
    dialog.locator("[name='justification'] textarea").fill(
        "Supervisor and manager are away; the payer's offer ends tonight."
    )
    dialog.locator("[name='knows_of_review'] input").click()
    dialog.locator("footer .btn-danger").click()
    # Leave to decide shows where one decides.
    director.locator("button[name='action_approve']").click()
    director.wait_for_selector(".o_hc_approval_path:has-text('Break-glass')")
    compliance = sit_down("compliance")
    compliance.goto("/odoo/action-hc_billing_approvals.hc_approval_break_glass_action")
    compliance.locator(".o_data_row td[name='name']").first.click()
    compliance.locator("button[name='action_open_review']").click()
    compliance.locator(".modal [name='verdict'] input").first.wait_for()
    picture(compliance, "approval-break-glass")
    with odoo_env() as env:
        while env["hc.transition.seal"]._seal():
            continue
    compliance.goto("/odoo/action-hc_billing_approvals.hc_approval_export_wizard_action")
    compliance.locator(".modal button[name='action_export']").click()
    compliance.wait_for_selector("[name='proof']:has-text('Every Chain Holds')")
    picture(compliance, "approval-export")
