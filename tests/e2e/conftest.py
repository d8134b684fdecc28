# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A browser for the tests that use the web client as people do."""

import os
from pathlib import Path

import pytest
import requests

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
# Pictures that the Apps page of a module shows too.
APPS_PAGES = {
    "hc_revenue_base": {"clerk-home", "clerk-exception", "supervisor-home"},
    "hc_billing_approvals": {"approval-inbox", "approval-decide", "approval-matrix"},
    "hc_claims": {"remittance-proven", "denial-worklist", "eligibility-card"},
    "hc_integration": {"integration-systems", "integration-messages", "integration-deliveries"},
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


@pytest.fixture(scope="session")
def desks(browser, base_url, session_of):
    """Browser contexts that stay for the whole layer: their cache holds the client's code."""
    opened = []
    # The first who comes waits until the server has put the client's code together.
    requests.get(
        f"{base_url}/odoo",
        cookies={cookie["name"]: cookie["value"] for cookie in session_of("clerk")},
        timeout=300,
    ).raise_for_status()

    def desk(number):
        while len(opened) <= number:
            opened.append(
                browser.new_context(
                    base_url=base_url, viewport={"width": 1440, "height": 900}, locale="en-US"
                )
            )
        return opened[number]

    yield desk
    for context in opened:
        context.close()


@pytest.fixture
def new_page(desks, base_url):
    """Open fresh pages on the test server, nobody logged in, each with its own session."""
    pages = []

    def open_page():
        page = desks(len(pages)).new_page()
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        _leave_nothing(page, base_url)
        page.close()


def _leave_nothing(page, base_url):
    """Forget who was there and what the client kept, except files of the server."""
    page.context.clear_cookies()
    kinds = "local_storage,indexeddb,cache_storage,service_workers"
    session = page.context.new_cdp_session(page)
    session.send("Storage.clearDataForOrigin", {"origin": base_url, "storageTypes": kinds})


@pytest.fixture
def page(new_page):
    """A fresh page on the test server, nobody logged in."""
    return new_page()


@pytest.fixture(scope="session")
def session_of(base_url, database_name):
    """Log a user in once for the whole layer and return the cookies of the session."""
    cookies = {}

    def find(login, password=None):
        if login not in cookies:
            session = requests.Session()
            answer = session.post(
                f"{base_url}/web/session/authenticate",
                json={
                    "params": {"db": database_name, "login": login, "password": password or login}
                },
                timeout=60,
            ).json()
            assert answer.get("result", {}).get("uid"), answer
            cookies[login] = [
                {"name": cookie.name, "value": cookie.value, "url": base_url}
                for cookie in session.cookies
            ]
        return cookies[login]

    return find


@pytest.fixture
def log_in(page, session_of):
    """Log in as a user of the demo and return the page, which shows nothing yet."""

    def log_in(login, password=None):
        page.context.add_cookies(session_of(login, password))
        return page

    return log_in


@pytest.fixture
def sit_down(new_page, session_of):
    """Log in as a user of the demo at a desk of their own, beside the others."""

    def sit_down(login, password=None):
        page = new_page()
        page.context.add_cookies(session_of(login, password))
        return page

    return sit_down


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
