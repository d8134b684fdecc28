# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Requests and decisions, clicked by the people whose work they are."""

import base64

import pytest

# A document of one pixel.
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
OVERPAID = 37.5


@pytest.fixture
def overpaid_case(odoo_env):
    """A case of the collector whose patient paid too much."""
    with odoo_env() as env:
        company = env.ref("hc_revenue_base.demo_company")
        cases = env["hc.billing.case"].search(
            [("stage", "=", "invoiced"), ("company_id", "=", company.id)], order="id desc"
        )
        case = next(
            case
            for case in cases
            if case._get_adjustable_amount("administrative_write_off", "patient") > OVERPAID
            and not case.approval_request_ids
        )
        owed = case._get_adjustable_amount("administrative_write_off", "patient")
        receivable = case.invoice_ids.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable" and not line.reconciled
        )
        payment = (
            env["account.payment"]
            .with_company(company)
            .create(
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": receivable.partner_id[:1].id,
                    "amount": owed + OVERPAID,
                    "memo": case.name,
                }
            )
        )
        payment.action_post()
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_type == "asset_receivable"
        )
        (credit | receivable).reconcile()
        return case.id


def _choose(page, scope, field, text):
    scope.locator(f"[name='{field}'] input").click()
    scope.locator(f"[name='{field}'] input").fill(text)
    page.locator(".o-autocomplete--dropdown-item", has_text=text).first.click()


def _open_request(page, request_id):
    page.goto(f"/odoo/hc.approval.request/{request_id}")
    page.wait_for_selector(".o_hc_approval_path")


def _add_evidence(page, kind):
    page.locator(".o_statusbar_buttons button[name='action_open_add_evidence']").click()
    dialog = page.locator(".modal")
    dialog.wait_for()
    _choose(page, dialog, "type_id", kind)
    document = {"name": f"{kind}.png", "mimeType": "image/png", "buffer": PNG}
    dialog.locator("[name='file'] input[type='file']").set_input_files(document)
    dialog.locator("[name='file']", has_text=document["name"]).or_(
        dialog.locator("[name='file'] .o_clear_file_button")
    ).first.wait_for()
    dialog.locator("footer .btn-primary").click()
    dialog.wait_for(state="detached")


def test_a_refund_takes_a_collector_a_supervisor_and_finance(sit_down, overpaid_case, odoo_env):
    collector = sit_down("collector")
    collector.goto(f"/odoo/hc.billing.case/{overpaid_case}")
    collector.locator("button[name='action_open_adjustment']").first.click()
    dialog = collector.locator(".modal")
    dialog.wait_for()
    dialog.locator("[name='kind'] input").click()
    collector.locator(".o_select_menu_item", has_text="Refund to Patient").click()
    _choose(collector, dialog, "reason_code_id", "Coverage found")
    dialog.locator("[name='justification'] textarea").fill(
        "The patient paid at the desk; coverage was found a week later."
    )
    dialog.locator("footer .btn-primary").click()
    dialog.wait_for(state="detached")
    with odoo_env() as env:
        request = env["hc.approval.request"].search([("case_id", "=", overpaid_case)], limit=1)
        request_id = request.id
        assert (request.state, request.kind, request.amount) == (
            "waiting",
            "refund_patient",
            OVERPAID,
        )
    _open_request(collector, request_id)
    assert collector.locator("button[name='action_approve']").count() == 0
    _add_evidence(collector, "Proof of Payment")
    _add_evidence(collector, "Account Ledger")

    supervisor = sit_down("supervisor")
    _open_request(supervisor, request_id)
    supervisor.locator("button[name='action_approve']").click()
    supervisor.wait_for_selector("button[name='action_approve']", state="detached")

    finance = sit_down("finance")
    _open_request(finance, request_id)
    finance.locator("button[name='action_approve']").click()
    password = finance.locator(".modal input[type='password']")
    password.wait_for()
    password.fill("finance")
    finance.locator(".modal footer .btn-primary").click()
    finance.locator(".o_statusbar_status .o_arrow_button_current", has_text="Applied").wait_for()
    with odoo_env() as env:
        request = env["hc.approval.request"].browse(request_id)
        people = [decision.user_id.login for decision in request.decision_ids.sorted("id")]
        assert people == ["supervisor", "finance"]
        payment = env["account.payment"].search([("hc_action_id", "=", request.action_id.id)])
        assert (payment.amount, payment.payment_type) == (OVERPAID, "outbound")


def test_a_clerk_is_told_why_and_asks_again(sit_down, odoo_env):
    with odoo_env() as env:
        refused = env["hc.approval.request"].search([("state", "=", "rejected")], limit=1)
        reason = refused.decision_ids.filtered(lambda each: each.verdict == "reject").reason
        request_id, login = refused.id, refused.requester_id.login
    page = sit_down(login)
    page.goto(f"/odoo/hc.approval.request/{request_id}")
    page.locator(".o_notebook .nav-link[name='decisions']").click()
    page.wait_for_selector(f".o_data_row:has-text('{reason[:30]}')")


def test_nobody_sees_a_button_on_their_own_request(sit_down, odoo_env):
    with odoo_env() as env:
        waiting = env["hc.approval.request"].search(
            [("state", "=", "waiting"), ("requester_id.login", "=", "claims")], limit=1
        )
        request_id = waiting.id
    page = sit_down("claims")
    _open_request(page, request_id)
    assert page.locator("button[name='action_approve']").count() == 0
    assert page.locator("button[name='action_withdraw']").count() == 1


def test_a_document_opens_in_place(sit_down, odoo_env):
    with odoo_env() as env:
        lead = env.ref("hc_revenue_base.demo_user_team_lead")
        requests = env["hc.approval.request"].with_user(lead)
        request_id = (
            requests.search([("is_mine_to_decide", "=", True)])
            .filtered("evidence_ids.attachment_id")[:1]
            .id
        )
    page = sit_down("lead")
    _open_request(page, request_id)
    page.locator(".o_hc_evidence_open").first.click()
    viewer = page.frame_locator(".o-FileViewer iframe")
    viewer.locator(".page[data-loaded='true']").first.wait_for(timeout=20_000)


def test_the_lead_decides_from_the_inbox(sit_down, odoo_env):
    page = sit_down("lead")
    page.goto("/odoo/action-hc_billing_approvals.hc_approval_request_action_inbox")
    page.wait_for_selector(".o_data_row")
    before = page.locator(".o_data_row").count()
    complete = page.locator(".o_data_row:has-text('145.00')").first
    complete.locator("td.o_data_cell").nth(2).click()
    page.wait_for_selector(".o_hc_approval_path")
    page.locator("button[name='action_approve']").click()
    page.locator(".o_statusbar_status .o_arrow_button_current", has_text="Applied").wait_for()
    page.locator(".breadcrumb a, .o_back_button").first.click()
    page.wait_for_function(
        "rows => document.querySelectorAll('.o_list_view .o_data_row').length === rows",
        arg=before - 1,
    )
