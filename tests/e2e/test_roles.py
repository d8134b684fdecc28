# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""People open every screen that their menus offer, without an error.

A screen that the server describes to two roles in the very same words is drawn once; the second
role reads the records of its list as the screen would. Client actions are drawn for each role.
"""

from hashlib import sha256

import pytest
from lxml import etree

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


@pytest.fixture(scope="module")
def drawn():
    """Fingerprints of the screens that an earlier role has drawn without an error."""
    return set()


def _describe(client, menu):
    """What the server tells a role about a screen; None where the client makes the screen."""
    if menu["actionModel"] != "ir.actions.act_window":
        return None
    action = client.post("/web/action/load", action_id=menu["actionID"])
    options = {"action_id": action["id"], "load_filters": True, "toolbar": True}
    views = [*action["views"], (action["search_view_id"] and action["search_view_id"][0], "search")]
    return action, client.call(action["res_model"], "get_views", views=views, options=options)


def _fingerprint(described):
    return sha256(repr(described).encode()).hexdigest()


def _read_list(client, described):
    """Read what the list of a screen shows, with the rights of the role."""
    action, screen = described
    if "list" not in screen["views"]:
        return
    fields = screen["models"][action["res_model"]]["fields"]
    arch = etree.fromstring(screen["views"]["list"]["arch"])
    names = {node.get("name") for node in arch.findall(".//field")}
    named = {"fields": {"display_name": {}}}
    asked = {name: named if fields[name]["type"] == "many2one" else {} for name in names}
    client.call(action["res_model"], "web_search_read", [], asked, limit=80)


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
def test_a_role_opens_all_its_screens(role, connect, log_in, problems, odoo_env, drawn):
    refusals = _count_refusals(odoo_env, role)
    client = connect(role)
    menus = _menus(client)
    assert menus, f"{role} sees the app"
    fresh = set()
    page = log_in(role)
    page.goto("/odoo/revenue")
    page.wait_for_selector(".o_hc_home header")
    for menu in menus:
        described = _describe(client, menu)
        if described and _fingerprint(described) in drawn:
            _read_list(client, described)
            continue
        fresh.add(_fingerprint(described))
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
    # What a role of wider rights has drawn says nothing of a page that reported an error.
    drawn |= fresh
    assert _count_refusals(odoo_env, role) == refusals, "looking is no attempt at anything"
