# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A browser for the tests that use the web client as people do."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
# Pictures that the Apps page of a module shows too.
APPS_PAGES = {
    "hc_revenue_base": {"clerk-home", "clerk-exception", "supervisor-home"},
    "hc_billing_approvals": {"approval-inbox", "approval-decide", "approval-matrix"},
}

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium for the whole layer."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["HC_TEST_CHROMIUM"], args=ARGUMENTS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser, base_url):
    """Open fresh pages on the test server, nobody logged in, each with its own session."""
    contexts = []

    def open_page():
        context = browser.new_context(
            base_url=base_url, viewport={"width": 1440, "height": 900}, locale="en-US"
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page):
    """A fresh page on the test server, nobody logged in."""
    return new_page()


def _log_in(page, login, password):
    page.goto("/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password or login)
    page.click("form.oe_login_form button[type=submit]")
    page.wait_for_selector(".o_web_client")
    return page


@pytest.fixture
def log_in(page):
    """Log in as a user of the demo and return the page in the web client."""
    return lambda login, password=None: _log_in(page, login, password)


@pytest.fixture
def sit_down(new_page):
    """Log in as a user of the demo at a desk of their own, beside the others."""
    return lambda login, password=None: _log_in(new_page(), login, password)


@pytest.fixture
def picture():
    """Take the picture of the guides, where `HC_SCREENSHOTS=1` asks for it."""

    def take(page, name):
        page.wait_for_function("!document.querySelector('.o_loading_indicator, .o_blockUI')")
        if not os.environ.get("HC_SCREENSHOTS"):
            return
        IMAGES.mkdir(exist_ok=True)
        page.screenshot(path=IMAGES / f"{name}.png")
        for module, names in APPS_PAGES.items():
            if name in names:
                folder = ROOT / "addons" / module / "static" / "description"
                page.screenshot(path=folder / f"{name}.png")

    return take
