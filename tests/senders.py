# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Connected systems that send, for tests over HTTP."""

import http.client
import json
import time
import uuid
from datetime import datetime, timezone
from urllib.parse import urlsplit

from hc_webhook_core.signatures import sign_standard

SECRET = "whsec_c2FtcGxlLXNlY3JldC1vZi10ZXN0cw=="


def connect_source(env, code=None, company=None, **values):
    """Make a connected system with a user and a secret of its own; return its code and id."""
    code = code or f"system-{uuid.uuid4().hex[:12]}"
    company = company or env.company
    groups = [env.ref("base.group_user").id, env.ref("hc_revenue_base.group_hc_integration").id]
    user = env["res.users"].with_context(no_reset_password=True).create(
        {
            "name": code,
            "login": code,
            "group_ids": [(6, 0, groups)],
            "company_id": company.id,
            "company_ids": [(6, 0, company.ids)],
        }
    )  # fmt: skip
    secret = env["hc.secret"].create({"name": code, "code": f"inbound.{code}", "value": SECRET})
    source = env["hc.integration.source"].create(
        {
            "name": code,
            "code": code,
            "company_id": company.id,
            "user_id": user.id,
            "secret_id": secret.id,
            "rate_per_minute": 60000,
            **values,
        }
    )
    source.action_activate()
    # Servers that run already are told, as at the end of a request.
    env.cr.commit()
    env.registry.signal_changes()
    return source


def event_body(message_id, data=None, **attributes):
    """The JSON of an event, as bytes."""
    event = {
        "specversion": "1.0",
        "id": message_id,
        "source": "test",
        "type": "encounter.completed.v1",
        "time": datetime.now(timezone.utc).replace(microsecond=0).isoformat(),
        "data": data or {},
    }
    return json.dumps(event | attributes).encode()


def signed_headers(message_id, body, secret=SECRET, moment=None):
    """Headers of a genuine message; ``moment`` is in seconds since 1970."""
    seconds = int(time.time() if moment is None else moment)
    return {
        "Content-Type": "application/cloudevents+json",
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign_standard(secret, message_id, seconds, body),
    }


def post(base_url, path, body, headers):
    """Send a request; return ``(status, headers, document)``."""
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
    try:
        connection.request("POST", path, body=body, headers=headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    is_json = "json" in answer.headers.get("Content-Type", "")
    return answer.status, answer.headers, json.loads(content) if is_json else content


def send(base_url, code, message_id=None, body=None, **headers):
    """Send a genuine message of a source; further headers replace those of the signature."""
    message_id = message_id or f"msg_{uuid.uuid4().hex}"
    body = event_body(message_id) if body is None else body
    genuine = signed_headers(message_id, body)
    changes = {name.replace("_", "-"): value for name, value in headers.items()}
    kept = {name: value for name, value in (genuine | changes).items() if value is not None}
    return post(base_url, f"/hc/v1/inbound/{code}", body, kept)
