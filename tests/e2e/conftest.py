# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A browser for the tests that use the web client as people do."""

import os

import pytest

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
def page(browser, base_url):
    """A fresh page on the test server, nobody logged in."""
    context = browser.new_context(
        base_url=base_url, viewport={"width": 1440, "height": 900}, locale="en-US"
    )
    yield context.new_page()
    context.close()


@pytest.fixture
def log_in(page):
    """Log in as a user of the demo and return the page in the web client."""

    def open_as(login: str, password: str | None = None):
        page.goto("/web/login")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", password or login)
        page.click("form.oe_login_form button[type=submit]")
        page.wait_for_selector(".o_web_client")
        return page

    return open_as
