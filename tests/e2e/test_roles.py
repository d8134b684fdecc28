# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""People open every screen that their menus offer, without an error."""

import pytest

# One of each kind of menu; the module's own tests open every menu for all roles, without a browser.
ROLES = ("clerk", "supervisor", "coder", "finance", "compliance", "administrator")
# Presence updates that end when a page is left, which is no error of the page.
HARMLESS = ("bus/websocket_worker_bundle", "net::ERR_ABORTED")


@pytest.fixture
def problems(page):
    """Errors that the page reports while a test runs."""
    found = []
    page.on("pageerror", lambda error: found.append(f"page error: {error}"))
    page.on(
        "console",
        lambda message: (
            found.append(f"console: {message.text} ({message.location})")
            if message.type == "error"
            else None
        ),
    )
    return found


# What the web client does when one of its menus is chosen.
CHOOSE = "menu => odoo.__WOWL_DEBUG__.root.env.services.menu.selectMenu(menu)"
SHOWN_ACTION = "() => odoo.__WOWL_DEBUG__.root.env.services.action.currentController.action.id"
SHOWN = (
    ".o_list_view, .o_kanban_view, .o_form_view, .o_pivot_view, .o_graph_view, "
    ".o_hc_home header, .o_calendar_view, .o_view_nocontent"
)


def _menus(client):
    """Menus of the Revenue app that open something, by the numbers of their actions."""
    menus = client.session.get(client._base_url + "/web/webclient/load_menus", timeout=60).json()
    root = next(menu for menu in menus.values() if menu.get("xmlid", "").endswith("menu_hc_root"))
    stack, actions = list(root["children"]), {}
    while stack:
        menu = menus[str(stack.pop())]
        stack += menu["children"]
        if menu.get("actionID"):
            actions[menu["actionID"]] = menu
    return sorted(actions.values(), key=lambda menu: menu["id"])


def test_who_gives_name_and_password_is_let_in(page):
    page.goto("/web/login")
    page.fill("input[name=login]", "clerk")
    page.fill("input[name=password]", "clerk")
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_selector(".o_web_client .o_main_navbar")


def _count_refusals(odoo_env, login):
    with odoo_env() as env:
        return env["hc.refused.attempt"].search_count([("user_id.login", "=", login)])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_all_its_screens(role, connect, log_in, problems, odoo_env):
    refusals = _count_refusals(odoo_env, role)
    menus = _menus(connect(role))
    assert menus, f"{role} sees the app"
    page = log_in(role)
    page.goto("/odoo/revenue")
    page.wait_for_selector(".o_hc_home header")
    for menu in menus:
        page.evaluate(CHOOSE, menu["id"])
        page.wait_for_selector(SHOWN, timeout=20_000)
        failures = page.locator(".modal .o_error_dialog, .modal:has-text('Access Error')")
        assert failures.count() == 0, f"{role} {menu['xmlid']}: {failures.first.inner_text()}"
        if page.locator(".modal").count():
            # The first key closes the calendar of a dialog that begins with a day.
            if page.locator(".o_datetime_picker").count():
                page.keyboard.press("Escape")
            page.keyboard.press("Escape")
            page.wait_for_selector(".modal", state="detached")
        elif menu["actionModel"] == "ir.actions.act_window":
            assert page.evaluate(SHOWN_ACTION) == menu["actionID"], f"{role} {menu['xmlid']}"
    serious = [text for text in problems if not any(part in text for part in HARMLESS)]
    assert serious == []
    assert _count_refusals(odoo_env, role) == refusals, "looking is no attempt at anything"
