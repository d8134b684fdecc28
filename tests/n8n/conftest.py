# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The workflows in a real n8n, against a real Odoo and stand-ins of the other systems."""

import base64
import hashlib
import hmac
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

import service as services  # noqa: E402
import stubs  # noqa: E402
from builder.workflows import WORKFLOWS  # noqa: E402

SECRET = "of-this-test-run-only-abcdefgh"


@pytest.fixture(scope="session")
def stub():
    """Every other system at once."""
    with stubs.serving() as serving:
        yield serving


@pytest.fixture(scope="session")
def key(odoo_env):
    """A key of the connected system that n8n is."""
    with odoo_env() as env:
        facility = env["hc.facility"].search([], limit=1) or env["hc.facility"].create(
            {"name": "Riverside Clinic", "code": "RIV", "npi": "1234567893"}
        )
        groups = env.ref("hc_revenue_base.group_hc_integration") | env.ref("base.group_user")
        user = env["res.users"].create(
            {
                "name": "n8n",
                "login": "system.n8n",
                "group_ids": [(6, 0, groups.ids)],
                "hc_facility_ids": [(6, 0, facility.ids)],
            }
        )
        secret = env["hc.secret"].create({"name": "n8n", "code": "inbound.n8n", "value": SECRET})
        source = env["hc.integration.source"].create(
            {
                "name": "n8n",
                "code": "n8n-orchestrator",
                "kind": "orchestrator",
                "user_id": user.id,
                "secret_id": secret.id,
            }
        )
        source.action_activate()
        return env["hc.integration.key"]._issue(source, "n8n", 30)


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
def n8n(tmp_path_factory, database, stub, key, base_url):
    """n8n with all workflows published."""
    variables = {
        "HC_ODOO_URL": base_url,
        "HC_ODOO_KEY": key,
        "HC_WEBHOOK_SECRETS": SECRET,
        "HC_INBOUND_SECRET": SECRET,
        "HC_INBOUND_SOURCE": "n8n-orchestrator",
        "HC_CHAT_URL": f"{stub.url}/chat",
    }
    for system in ("CLEARINGHOUSE", "PAYER", "PAYER_FALLBACK", "MESSAGING"):
        variables[f"HC_{system}_URL"] = f"{stub.url}/{system.lower()}"
    for system in ("CLEARINGHOUSE", "PAYER", "MESSAGING", "CHAT"):
        variables[f"HC_{system}_KEY"] = f"key-of-{system.lower()}"
    running = services.Service(tmp_path_factory.mktemp("n8n"), database, variables)
    running.publish({code: make()["id"] for code, make in WORKFLOWS.items()})
    with running.running("hc-claim-rejected"):
        yield running


def sign(message_id, timestamp, body, secret=SECRET):
    """The signature of Standard Webhooks."""
    content = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), content, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


@pytest.fixture
def call(n8n):
    """Call a workflow as Odoo, or another system, does: ``call(code, data)``."""

    def send(code, data, *, message_id=None, timestamp=None, secret=SECRET, subject="x/1"):
        message_id = message_id or f"msg-{uuid.uuid4().hex}"
        timestamp = timestamp or int(time.time())
        event = {
            "specversion": "1.0",
            "id": message_id,
            "type": code,
            "time": "2026-03-02T08:00:00Z",
            "subject": subject,
            "data": data,
        }
        body = json.dumps(event).encode()
        return requests.post(
            f"{n8n.url}/webhook/hc-{code}",
            data=body,
            headers={
                "Content-Type": "application/json",
                "webhook-id": message_id,
                "webhook-timestamp": str(timestamp),
                "webhook-signature": sign(message_id, timestamp, body, secret),
            },
            timeout=90,
        )

    return send
