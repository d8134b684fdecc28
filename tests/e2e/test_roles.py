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


def _menu_actions(client):
    """Paths of the actions of the Revenue app's menus that a user sees."""
    menus = client.session.get(client._base_url + "/web/webclient/load_menus", timeout=60).json()
    root = next(menu for menu in menus.values() if menu.get("xmlid", "").endswith("menu_hc_root"))
    stack, actions = list(root["children"]), []
    while stack:
        menu = menus[str(stack.pop())]
        stack += menu["children"]
        if menu.get("actionID"):
            actions.append(menu.get("actionPath") or f"action-{menu['actionID']}")
    return sorted(set(actions))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_all_its_screens(role, connect, log_in, problems):
    actions = _menu_actions(connect(role))
    assert actions, f"{role} sees the app"
    page = log_in(role)
    for action in actions:
        page.goto(f"/odoo/{action}")
        page.wait_for_selector(
            ".o_list_view, .o_kanban_view, .o_form_view, .o_pivot_view, .o_graph_view, "
            ".o_hc_home header, .o_calendar_view, .o_view_nocontent",
            timeout=20_000,
        )
        dialogs = page.locator(".modal .o_error_dialog, .modal:has-text('Access Error')")
        assert dialogs.count() == 0, f"{role} {action}: {dialogs.first.inner_text()}"
    serious = [text for text in problems if not any(part in text for part in HARMLESS)]
    assert serious == []
