# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The journeys of a collector, a patient and a supervisor, and the pictures of their guides."""

import re
from types import SimpleNamespace

import pytest

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def demo_provider(odoo_env):
    """The payment provider that Odoo ships for trying things out."""
    with odoo_env() as env:
        module = env["ir.module.module"].search([("name", "=", "payment_demo")])
        if module.state != "installed":
            module.button_immediate_install()
    with odoo_env() as env:
        company = env.ref("hc_revenue_base.demo_user_collector").company_id
        provider = env["payment.provider"].search(
            [("code", "=", "demo"), ("company_id", "=", company.id)]
        )
        provider.write({"state": "test", "is_published": True})
        provider.with_context(active_test=False).payment_method_ids.write({"active": True})
        journals = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", provider.company_id.id)], limit=1
        )
        provider.journal_id = provider.journal_id or journals


@pytest.fixture
def patient(odoo_env):
    """A guarantor who owes for one visit, has a statement, and signs in as ``portal``."""
    with odoo_env() as env:
        account = _find_account(env, least=60.0).filtered(lambda one: not one.statement_ids)[:1]
        today = account._fields["create_date"].context_timestamp(account, env.cr.now()).date()
        account.patient_id.write(
            {"street": "9 Elm Street", "city": "Springfield", "zip": "62701", "language": "en_US"}
        )
        made, skipped = env["hc.statement"]._make(account, today, minimum=0.0, days=0)
        assert made, skipped
        made._issue()
        made.action_mark_sent()
        user = env["res.users"].search([("login", "=", "portal")])
        # Who is treated by the group sees its logo, not that of the first company.
        company = account.company_id
        user.write({"company_ids": [(4, company.id)], "company_id": company.id})
        access = env["hc.portal.access"]._create_guarded(
            [{"account_id": account.id, "email": "portal@northwind.example"}]
        )
        access._accept(user)
        return SimpleNamespace(account_id=account.id, statement_id=made.id, name=made.name)


def _find_account(env, least):
    """Patients' accounts of the collector's facility that nothing holds, the smallest first."""
    collector = env.ref("hc_revenue_base.demo_user_collector")
    accounts = env["hc.collection.account"].search(
        [
            ("party", "=", "patient"),
            ("state", "=", "active"),
            ("amount_open", ">=", least),
            ("patient_id.facility_ids", "in", collector.hc_facility_ids.ids),
        ],
        order="amount_open, id",
    )
    return accounts.filtered(
        lambda account: (
            not (
                account.hold_ids or account.plan_ids or account.dispute_ids or account.statement_ids
            )
        )
    )


def _run_jobs(odoo_env):
    with odoo_env() as env:
        env["hc.job"]._drain(lambda _done=0, **_options: 60)


DECIDED = {
    "hc.billing.dispute": ("upheld", "investigating"),
    "hc.assistance.application": ("decided", "complete"),
    "hc.placement": ("placed", "requested"),
}


@pytest.mark.parametrize("model", DECIDED)
def test_the_demonstration_has_decided_and_waiting_ones(odoo_env, model):
    with odoo_env() as env:
        for state in DECIDED[model]:
            assert env[model].search_count([("state", "=", state)], limit=1), state
        actions = env["hc.controlled.action"].search([("idempotency_key", "=like", "demo:%")])
        requests = actions.approval_request_ids
        # What requesters answer to questions stands among the decisions too.
        decisions = requests.decision_ids.filtered(lambda one: one.verdict in ("approve", "reject"))
        assert decisions
        for decision in decisions:
            assert decision.user_id != decision.request_id.requester_id, decision.request_id.name


def test_the_supervisor_sees_the_work_of_all(log_in):
    page = log_in("supervisor")
    page.goto("/odoo/revenue-collection-team-worklist")
    page.wait_for_selector(".o_list_view .o_data_row")
    assert page.locator(".o_data_row").count() > 10


def test_a_patient_pays_asks_and_disputes(log_in, picture, demo_provider, patient, odoo_env):
    page = log_in("portal")
    page.goto("/my/health-bills")
    page.get_by_role("heading", name="My health bills").wait_for()
    picture(page, "portal-bills")
    page.get_by_role("link", name=f"Open {patient.name}").click()
    page.get_by_role("heading", name="Your health care bill").wait_for()
    picture(page, "portal-statement")
    letter = page.request.get(
        f"/my/health-bills/{patient.account_id}/statements/{patient.statement_id}.pdf"
    )
    assert letter.body().startswith(b"%PDF-")
    page.get_by_role("link", name="Pay now").click()
    page.get_by_label("How much do you want to pay?").fill("20")
    page.get_by_role("button", name="Go on").click()
    page.locator("#customer_input").fill("4242")
    picture(page, "portal-pay")
    page.locator("button[name='o_payment_submit_button']").click()
    page.wait_for_url(re.compile(r"/my/health-bills\?done"))
    with odoo_env() as env:
        account = env["hc.collection.account"].browse(patient.account_id)
        paid = env["payment.transaction"].search(
            [("partner_id", "=", account.partner_id.id)], order="id desc", limit=1
        )
        assert (paid.amount, paid.state) == (20.0, "done")
        owed = f"${account.amount_open:.2f}"
    assert owed in page.inner_text("body"), "the page says at once what is left"
    _ask(page, patient, "Pay over time", amount="25", message="25 each month, please")
    page.set_viewport_size(PHONE)
    _ask(page, patient, "Ask us to check a bill", amount="5", message="I paid this already")
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "nothing hangs over the edge of a phone"
    picture(page, "portal-phone")
    page.set_viewport_size(DESK)
    page.goto(f"/my/health-bills/{patient.account_id}/preferences")
    page.get_by_label("Text message").check()
    picture(page, "portal-preferences")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("We saved it").wait_for()
    with odoo_env() as env:
        account = env["hc.collection.account"].browse(patient.account_id)
        assert account.dispute_ids.amount_disputed == 5.0
        assert account.consent_ids.filtered(lambda one: one.channel == "sms").verdict == "granted"
        asked = account.contact_ids.filtered(lambda one: one.direction == "in")
        assert set(asked.mapped("purpose")) == {"plan", "dispute"}


def _ask(page, patient, link, *, amount, message):
    page.goto("/my/health-bills")
    page.get_by_role("link", name=link).click()
    page.locator("#amount").fill(amount)
    page.locator("#message").fill(message)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("Thank you. We got it.").first.wait_for()


def test_guide_to_follow_up(log_in, picture, odoo_env):
    with odoo_env() as env:
        company = env.ref("hc_revenue_base.demo_user_supervisor").company_id
        runs = env["hc.cadence.run"]
        today = runs._fields["create_date"].context_timestamp(runs, env.cr.now()).date()
        run = runs.search(
            [("company_id", "=", company.id), ("party", "=", "patient"), ("state", "=", "proposed")]
        )
        run_id = (run[:1] or runs._propose(company, "patient", today)).id
    page = log_in("supervisor")
    page.goto(f"/odoo/revenue-follow-up/{run_id}")
    page.wait_for_selector(".o_form_view button[name='action_execute']")
    picture(page, "follow-up-run")


def test_a_supervisor_looks_at_a_run_and_issues_it(log_in, picture, odoo_env):
    page = log_in("supervisor")
    page.goto("/odoo/revenue-statement-runs")
    page.get_by_role("button", name="New").click()
    page.locator("button[name='action_preview']").click()
    page.wait_for_selector("[name='line_ids'] .o_group_header, [name='line_ids'] .o_data_row")
    for group in page.locator("[name='line_ids'] .o_group_header").all():
        group.click()
    page.wait_for_selector("[name='line_ids'] .o_data_row")
    picture(page, "statement-run")
    page.locator("button[name='action_start']").click()
    page.locator(".modal footer .btn-primary").click()
    page.locator(".o_statusbar_status .o_arrow_button_current", has_text="Running").wait_for()
    _run_jobs(odoo_env)
    page.reload()
    page.locator(".o_statusbar_status .o_arrow_button_current", has_text="Done").wait_for()
    with odoo_env() as env:
        run = env["hc.statement.run"].search([], order="id desc", limit=1)
        assert run.issued_count == len(run.statement_ids) > 0
        assert (
            run.facility_id == env.ref("hc_revenue_base.demo_user_supervisor").hc_facility_ids[:1]
        )
        statement_id = run.statement_ids[:1].id
    page.goto(f"/odoo/revenue-statements/{statement_id}")
    page.wait_for_selector("button[name='action_download']")
    picture(page, "statement-form")


def test_a_collector_calls_and_takes_a_promise_and_a_plan(log_in, picture, odoo_env):
    with odoo_env() as env:
        # Who broke a promise is called, and promises again.
        broken = env["hc.payment.promise"].search([("state", "=", "broken")], limit=1)
        account_id = broken.account_id.id
    page = log_in("collector")
    page.goto("/odoo/revenue-collection-worklist")
    page.wait_for_selector(".o_list_view .o_data_row")
    picture(page, "collections-worklist")
    page.goto(f"/odoo/revenue-patient-accounts/{account_id}")
    _press(page, "action_log_call")
    dialog = page.locator(".modal")
    _choose(page, dialog, "outcome", "Spoke With the Party")
    dialog.locator("[name='note'] textarea").fill("Will pay half next week, the rest by a plan.")
    picture(page, "collections-call")
    dialog.locator("footer .btn-primary").click()
    dialog.wait_for(state="detached")
    _press(page, "action_open_promise")
    dialog.locator("[name='amount'] input").fill("40")
    dialog.locator("footer .btn-primary").click()
    dialog.wait_for(state="detached")
    _press(page, "action_open_plan_calculator")
    dialog.locator("[name='months'] input").wait_for()
    picture(page, "payment-plan-offer")
    dialog.locator("footer .btn-primary").click()
    dialog.wait_for(state="detached")
    page.goto(f"/odoo/revenue-patient-accounts/{account_id}")
    page.wait_for_selector(".o_form_view .oe_title")
    picture(page, "collections-account")
    with odoo_env() as env:
        account = env["hc.collection.account"].browse(account_id)
        assert account.promise_ids.filtered(lambda one: one.amount == 40.0)
        assert len(account.plan_ids) == 1
        call = account.contact_ids.filtered(lambda one: one.channel == "call").sorted("id")[-1:]
        assert (call.outcome, call.user_id.login) == ("reached", "collector")


def _press(page, name):
    """Press a button of the form, wherever it is kept."""
    page.wait_for_selector(".o_form_view .o_form_statusbar")
    button = page.locator(f"button[name='{name}']").first
    if not button.is_visible():
        page.locator(
            ".o_form_statusbar .dropdown-toggle, .o_statusbar_button_dropdown_item"
        ).first.click()
    button.click()
    page.locator(".modal footer .btn-primary").wait_for()


def _choose(page, dialog, field, label):
    dialog.locator(f"[name='{field}'] input").click()
    page.locator(".o_select_menu_item", has_text=label).click()
