# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The workflows in a real n8n, against a real Odoo and stand-ins of the other systems.

n8n is connected as an administrator connects it, and what the dialog shows once is its environment.
What Odoo starts comes by Odoo's own subscriptions; what others start, they sign.
"""

import json
import os
import sys
import time
import uuid
from pathlib import Path

import psycopg2
import pytest
import requests

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "n8n"), str(HERE.parents[0])]

import office  # noqa: E402
import service as services  # noqa: E402
import stubs  # noqa: E402
from builder.workflows import WORKFLOWS  # noqa: E402

SECRET = "of-this-test-run-only-abcdefgh"
# The clock of the nightly workflow strikes so often that no test waits for it.
_NIGHTLY = "*/4 * * * * *"


@pytest.fixture(scope="session")
def stub():
    """Every other system at once; what nobody is asked about has usual answers."""
    with stubs.serving() as serving:
        serving.on("POST", "/chat", lambda _body: (200, {"ok": True}))
        serving.on("GET", "/clearinghouse/remittances", lambda _body: (200, {"remittances": []}))
        yield serving


@pytest.fixture(scope="session")
def database():
    """URL of a database of n8n's own, dropped at the end."""
    url = os.environ["HC_TEST_DB_URL"]
    name = f"hc_test_n8n_{uuid.uuid4().hex[:8]}"
    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        yield f"{url.rpartition('/')[0]}/{name}"
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    connection.close()


@pytest.fixture(scope="session")
def n8n(tmp_path_factory, database, stub, odoo_env, base_url):
    """n8n, connected with Odoo, with all workflows published."""
    running = services.Service(tmp_path_factory.mktemp("n8n"), database)
    with odoo_env() as env:
        variables = office.connect_n8n(env, running.url)
    # Other callers sign with a secret of their own.
    variables["HC_WEBHOOK_SECRETS"] += f" {SECRET}"
    variables |= {
        "HC_ODOO_URL": base_url,
        "HC_CHAT_URL": f"{stub.url}/chat",
        "HC_PAYMENT_SOURCE": office.PAYMENT_SOURCE,
        "HC_NIGHTLY_TIMES": _NIGHTLY,
        "HC_PROOF_SOURCES": office.PROVEN,
    }
    for system in ("CLEARINGHOUSE", "PAYER", "PAYER_FALLBACK", "MESSAGING"):
        variables[f"HC_{system}_URL"] = f"{stub.url}/{system.lower()}"
    for system in ("CLEARINGHOUSE", "PAYER", "MESSAGING", "CHAT"):
        variables[f"HC_{system}_KEY"] = f"key-of-{system.lower()}"
    running.environ |= variables
    try:
        running.load({code: make()["id"] for code, make in WORKFLOWS.items()})
        yield running
    finally:
        running.stop()


@pytest.fixture
def deliver(n8n, odoo_env):
    """Have Odoo send what waits for n8n, as its Scheduled Action does."""

    def send():
        with odoo_env() as env:
            env.ref("hc_integration.ir_cron_drain_events_1").method_direct_trigger()

    return send


@pytest.fixture
def call(n8n):
    """Call a workflow as another system does: ``call(code, data)``."""

    def send(code, data, *, message_id=None, timestamp=None, secret=SECRET):
        message_id = message_id or f"msg-{uuid.uuid4().hex}"
        timestamp = timestamp or int(time.time())
        event = {
            "specversion": "1.0",
            "id": message_id,
            "type": code,
            "time": "2026-03-02T16:00:00Z",
            "data": data,
        }
        body = json.dumps(event).encode()
        return requests.post(
            f"{n8n.url}/webhook/hc-{code}",
            data=body,
            headers=office.signed_headers(message_id, body, secret, timestamp),
            timeout=90,
        )

    return send
