# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The screens that the guides show: they open, and `HC_SCREENSHOTS=1` takes their pictures."""

import pytest


@pytest.fixture
def case_of(odoo_env):
    """Find a case of the first clerk's facility by its stage."""

    def find(stage):
        with odoo_env() as env:
            clerk = env.ref("hc_revenue_base.demo_user_clerk_a")
            return (
                env["hc.billing.case"]
                .search(
                    [("stage", "=", stage), ("facility_id", "in", clerk.hc_facility_ids.ids)],
                    order="blocking_finding_count DESC, id",
                    limit=1,
                )
                .id
            )

    return find


def test_guide_of_clerks(log_in, picture, case_of):
    page = log_in("clerk")
    page.goto("/odoo/revenue")
    page.wait_for_selector(".o_hc_home header")
    picture(page, "clerk-home")
    page.goto(f"/odoo/hc.billing.case/{case_of('exception')}")
    page.wait_for_selector(".o_hc_findings .alert")
    picture(page, "clerk-exception")
    page.goto(f"/odoo/hc.billing.case/{case_of('invoiced')}")
    page.locator(".o_notebook .nav-link[name='history']").click()
    page.wait_for_selector(".o_hc_timeline_entry")
    picture(page, "clerk-history")


def test_guide_of_supervisors(log_in, picture):
    page = log_in("supervisor")
    page.goto("/odoo/revenue")
    page.wait_for_selector(".o_hc_home table")
    picture(page, "supervisor-home")
    page.locator(".o_hc_home table tbody tr button").first.click()
    page.wait_for_selector(".o_data_row, .o_kanban_record")
    if page.locator(".o_list_view").count() == 0:
        page.locator("button.o_switch_view.o_list").click()
    for row in range(3):
        page.locator(".o_data_row .o_list_record_selector input").nth(row).click()
    page.locator("button", has_text="Reassign").first.click()
    page.wait_for_selector(".modal footer .btn-primary")
    picture(page, "supervisor-reassign")


def test_guide_of_coders(log_in, picture, odoo_env):
    with odoo_env() as env:
        encounter_id = (
            env["hc.encounter"]
            .search(
                [
                    ("state", "=", "completed"),
                    ("coding_state", "=", "open"),
                    ("service_line_ids", "!=", False),
                ],
                limit=1,
            )
            .id
        )
    page = log_in("coder")
    page.goto(f"/odoo/hc.encounter/{encounter_id}")
    page.wait_for_selector("button[name='action_approve_coding']")
    picture(page, "coder-encounter")


def test_guide_of_administrators(log_in, picture, odoo_env):
    with odoo_env() as env:
        rule_id = env["hc.readiness.rule"].search([("code", "=", "ELG-01")], limit=1).id
    page = log_in("administrator")
    page.goto(f"/odoo/hc.readiness.rule/{rule_id}")
    page.wait_for_selector(".o_form_view .o_field_x2many")
    picture(page, "administrator-rule")
    page.goto("/odoo/revenue-automations")
    page.wait_for_selector(".o_list_view .o_data_row")
    picture(page, "administrator-automation")
    with odoo_env() as env:
        change = env["hc.config.change"].search([("state", "=", "submitted")], limit=1)
    page.goto(f"/odoo/revenue-config-changes/{change.id}")
    page.wait_for_selector(".o_form_view .o_statusbar_status")
    picture(page, "administrator-change")


def test_guide_of_clinicians(log_in, picture, odoo_env):
    with odoo_env() as env:
        clinician = env.ref("hc_revenue_base.demo_user_clinician")
        domain = [("practitioner_id.user_id", "=", clinician.id), ("state", "=", "sent")]
        query_id = env["hc.coding.query"].search(domain, limit=1).id
    page = log_in("clinician")
    page.goto(f"/odoo/revenue-coding-queries/{query_id}")
    page.wait_for_selector("button[name='action_answer']")
    picture(page, "clinician-query")


def test_guide_of_managers(log_in, picture):
    page = log_in("manager")
    page.goto("/odoo/revenue-dashboard")
    page.wait_for_selector(".o_hc_kpi_cards svg.o_hc_kpi_sparkline")
    picture(page, "manager-dashboard")


def test_guide_of_compliance_and_finance(log_in, picture):
    page = log_in("compliance")
    page.goto("/odoo/revenue-audit-log")
    page.wait_for_selector(".o_list_view .o_data_row")
    picture(page, "compliance-log")
    page.goto("/odoo/revenue-balances")
    page.wait_for_selector(".o_list_view .o_data_row, .o_pivot_view")
    picture(page, "finance-balances")


def test_guide_to_adjustments(log_in, picture, case_of, odoo_env):
    page = log_in("manager")
    page.goto(f"/odoo/hc.billing.case/{case_of('invoiced')}")
    page.locator("button[name='action_open_adjustment']").click()
    page.locator(".modal div[name='kind'] input").click()
    page.get_by_text("Administrative Write-Off", exact=True).click()
    page.wait_for_function(
        "document.querySelector(\".modal div[name='amount'] input\")?.value > '0'"
    )
    page.locator(".modal div[name='amount'] input").fill("25.00")
    page.locator(".modal div[name='reason_code_id'] input").click()
    page.locator(".o-autocomplete--dropdown-item", has_text="Filing deadline passed").click()
    page.locator(".modal div[name='justification'] textarea").fill(
        "Sent eleven days after the filing deadline; no proof of an earlier try."
    )
    picture(page, "adjustment-wizard")
    page.locator(".modal button[name='action_request']").click()
    page.wait_for_selector(".o_notification")
    with odoo_env() as env:
        applied = [("kind", "=", "administrative_write_off"), ("state", "=", "applied")]
        action_id = env["hc.controlled.action"].search(applied, limit=1).id
    page.goto(f"/odoo/hc.controlled.action/{action_id}")
    page.wait_for_selector("button[name='action_open_reversal']")
    picture(page, "adjustment-action")
