# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The daily journeys, clicked as people click them, in the demonstration group."""

import re
from datetime import date, timedelta

import pytest


@pytest.fixture
def held_case(odoo_env):
    """A held case of the first clerk whose only blocking finding is eligibility."""
    with odoo_env() as env:
        clerk = env.ref("hc_revenue_base.demo_user_clerk_a")
        cases = env["hc.billing.case"].search(
            [
                ("stage", "=", "exception"),
                ("blocking_finding_count", "=", 1),
                ("facility_id", "in", clerk.hc_facility_ids.ids),
            ]
        )
        for case in cases.filtered(lambda case: not case.approval_request_ids):
            finding = case.open_finding_ids.filtered("is_blocking")
            if finding.rule_code in ("DEM-01", "ELG-01"):
                return case.id, case.name, finding.rule_code
    pytest.fail("the demo has no case held for demographics or eligibility")


def _open_case(page, case_id):
    page.goto(f"/odoo/hc.billing.case/{case_id}")
    page.wait_for_selector(".o_form_view")


def test_a_clerk_sees_what_needs_them_and_drills_down(log_in):
    page = log_in("clerk")
    page.goto("/odoo/revenue")
    card = page.locator(".o_hc_home button[data-stage='exception']")
    card.wait_for()
    count = int(re.sub(r"\D", "", card.locator(".o_hc_home_figure").inner_text()))
    assert count > 0
    card.click()
    page.wait_for_selector(".o_list_view .o_data_row, .o_kanban_record")
    pager = page.locator(".o_pager_limit").first.inner_text()
    assert int(re.sub(r"\D", "", pager)) == count


def test_a_clerk_asks_for_an_override_and_a_supervisor_agrees(sit_down, held_case, odoo_env):
    case_id, _name, rule_code = held_case
    page = sit_down("clerk")
    _open_case(page, case_id)
    alert = page.locator(".o_hc_findings .alert", has_text=rule_code).first
    alert.locator("button[name='action_override']").click()
    dialog = page.locator(".modal")
    dialog.wait_for()
    dialog.locator("[name='justification'] textarea").fill(
        "Payer confirmed by phone, reference 4711; the portal is down today."
    )
    dialog.locator("[name='expires_on'] input").fill(
        (date.today() + timedelta(days=14)).strftime("%m/%d/%Y")
    )
    reason = dialog.locator("[name='reason_code_id'] input")
    reason.click()
    page.locator(".o-autocomplete--dropdown-item").first.click()
    dialog.locator("footer .btn-primary").click()
    dialog.wait_for(state="detached")
    with odoo_env() as env:
        action = env["hc.controlled.action"].search(
            [("case_id", "=", case_id), ("kind", "=", "billing_override")], limit=1
        )
        assert (action.state, action.requester_id.login) == ("pending", "clerk")
        assert env["hc.billing.case"].browse(case_id).stage == "exception"
        request_id = action.approval_request_ids.id
    supervisor = sit_down("supervisor")
    supervisor.goto(f"/odoo/hc.approval.request/{request_id}")
    supervisor.locator("button[name='action_approve']").click()
    supervisor.locator(".o_statusbar_status .o_arrow_button_current", has_text="Applied").wait_for()
    with odoo_env() as env:
        assert env["hc.billing.case"].browse(case_id).stage in ("ready", "invoiced")


def test_a_clerk_without_the_other_facility_cannot_open_its_case(log_in, odoo_env):
    with odoo_env() as env:
        other = env.ref("hc_revenue_base.demo_user_clerk_b").hc_facility_ids
        case = env["hc.billing.case"].search([("facility_id", "in", other.ids)], limit=1)
        case_id, case_name = case.id, case.name
    page = log_in("clerk")
    page.goto(f"/odoo/hc.billing.case/{case_id}")
    page.wait_for_selector(".modal, .o_notification, .o_error_dialog")
    assert case_name not in page.inner_text("body")


def test_a_supervisor_reassigns_work(log_in, odoo_env):
    page = log_in("supervisor")
    page.goto("/odoo/revenue")
    page.wait_for_selector(".o_hc_home table")
    page.locator(".o_hc_home table tbody tr button").first.click()
    page.wait_for_selector(".o_list_view .o_data_row, .o_kanban_view .o_kanban_record")
    if page.locator(".o_list_view").count() == 0:
        page.locator("button.o_switch_view.o_list").click()
    page.wait_for_selector(".o_list_view .o_data_row")
    for row in range(min(2, page.locator(".o_data_row").count())):
        page.locator(".o_data_row .o_list_record_selector input").nth(row).click()
    page.locator("button", has_text="Reassign").first.click()
    dialog = page.locator(".modal")
    dialog.wait_for()
    user = dialog.locator("[name='assignee_id'] input, [name='user_id'] input").first
    user.fill("Cody")
    page.locator(".o-autocomplete--dropdown-item", has_text="Cody").first.click()
    dialog.locator("footer .btn-primary").click()
    dialog.wait_for(state="detached")
    with odoo_env() as env:
        log = env["hc.transition"].search(
            [("res_model", "=", "hc.work.item"), ("actor_id.login", "=", "supervisor")], limit=1
        )
        assert log.kind == "decision"


def test_finance_sees_amounts_but_no_names(log_in, odoo_env):
    with odoo_env() as env:
        patient = env["hc.patient"].search([("case_ids", "!=", False)], limit=1)
        case_id, case_name = patient.case_ids[0].id, patient.case_ids[0].name
        mrn, last_name = patient.mrn, patient.last_name
    page = log_in("finance")
    _open_case(page, case_id)
    text = page.inner_text("body")
    assert case_name in text
    assert mrn in text
    assert last_name not in text
