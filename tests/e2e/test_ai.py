# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Advice in the browser: asked for, read, posted by the clerk; gone when it is switched off."""

import pytest

PANEL = ".o_hc_ai_panel"
ASK = f"{PANEL} button:has-text('Ask for an AI suggestion')"


@pytest.fixture
def held_case(odoo_env):
    """A case that waits for the clerk; summaries of cases are live."""
    with odoo_env() as env:
        clerk = env["res.users"].search([("login", "=", "clerk")])
        case = (
            env["hc.billing.case"].with_user(clerk).search([("stage", "=", "exception")], limit=1)
        )
        # Nothing of an earlier visit waits on it.
        waiting = [("res_model", "=", case._name), ("res_id", "=", case.id)]
        env["hc.ai.suggestion"].search([*waiting, ("state", "=", "pending")])._transition(
            "superseded"
        )
        policy = env["hc.ai.policy"].search(
            [
                ("company_id", "=", case.company_id.id),
                ("res_model", "=", "hc.billing.case"),
                ("field_name", "=", "summary"),
            ]
        )
        policy.responsible_id = clerk
        # The trial in shadow is the module's own tests; here is what people see after it.
        policy._write_guarded({"mode": "live"})
        return {"id": case.id, "policy": policy.id}


def test_a_summary_is_asked_for_and_posted(log_in, held_case):
    page = log_in("clerk")
    page.goto(f"/odoo/revenue-cases/{held_case['id']}")
    page.locator(ASK).click()
    page.wait_for_selector(f"{PANEL} :text('Summary')")
    sentence = page.locator(f"{PANEL} li").first.inner_text().strip()
    assert sentence
    page.keyboard.press("Alt+Shift+A")
    page.wait_for_selector(f".o-mail-Message:has-text('{sentence}')")
    page.wait_for_selector(f"{PANEL} li", state="detached")


def test_who_switches_it_off_sees_nothing(log_in, held_case, odoo_env):
    with odoo_env() as env:
        clerk = env["res.users"].search([("login", "=", "clerk")])
        clerk.has_hc_ai_switched_off = True
    try:
        page = log_in("clerk")
        page.goto(f"/odoo/revenue-cases/{held_case['id']}")
        page.wait_for_selector(".o_form_view .o_field_widget")
        assert page.locator(PANEL).count() == 0
    finally:
        with odoo_env() as env:
            env["res.users"].browse(clerk.id).has_hc_ai_switched_off = False


def test_a_policy_that_is_off_gives_no_advice(log_in, held_case):
    page = log_in("supervisor")
    page.goto(f"/odoo/revenue-ai-policies/{held_case['policy']}")
    page.locator("button[name='action_off']").click()
    page.wait_for_selector(".o_statusbar_status .o_arrow_button_current:has-text('Off')")
    page.goto(f"/odoo/revenue-cases/{held_case['id']}")
    page.wait_for_selector(".o_form_view .o_field_widget")
    assert page.locator(ASK).count() == 0
