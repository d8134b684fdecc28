# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One workflow as a line of nodes with an error branch."""

import hashlib
import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from . import scripts

# Workflow that opens a work item for every execution that fails; see ``failed_workflow``.
ERROR_WORKFLOW_ID = "hcFailedWorkflow"
_STEP_X, _BRANCH_Y = 220, 200
_RETRY = {"retryOnFail": True, "maxTries": 4, "waitBetweenTries": 2000}
_NAMESPACE = uuid.UUID("5b0c4d1e-5f1c-4d53-9a55-70d1f0a9c2b7")


@dataclass
class Flow:
    """A workflow that grows node by node, each connected to the one before.

    :ivar code: folder, path of the webhook and seed of all ids
    :ivar summary: one sentence for the list of workflows
    """

    code: str
    name: str
    summary: str
    workflow_id: str = ""
    nodes: list[dict[str, Any]] = field(default_factory=list)
    connections: dict[str, Any] = field(default_factory=dict)
    last: tuple[str, int] | None = None
    answers_webhook: bool = False

    def add(self, name, kind, version, parameters, *, branch=0, connect=True, **extra):
        """Append a node; the next one follows its first output."""
        place = [len(self.nodes) * _STEP_X, branch * _BRANCH_Y]
        self.nodes.append(
            {
                "id": str(uuid.uuid5(_NAMESPACE, f"{self.code}/{name}")),
                "name": name,
                "type": f"n8n-nodes-base.{kind}",
                "typeVersion": version,
                "position": place,
                "parameters": parameters,
                **extra,
            }
        )
        if connect and self.last:
            self.link(*self.last, name)
        self.last = (name, 0)
        return self

    def link(self, source, output, target):
        """Connect an output of a node with another node."""
        outputs = self.connections.setdefault(source, {"main": []})["main"]
        while len(outputs) <= output:
            outputs.append([])
        outputs[output].append({"node": target, "type": "main", "index": 0})

    def webhook(self):
        """Begin with a signed call: who is not known, or too late, is refused."""
        self.answers_webhook = True
        path = f"hc-{self.code}"
        self.add(
            "Signed Call",
            "webhook",
            2,
            {
                "httpMethod": "POST",
                "path": path,
                "responseMode": "responseNode",
                "options": {"rawBody": True},
            },
            webhookId=str(uuid.uuid5(_NAMESPACE, path)),
        )
        self.code_node("Check Signature", scripts.CHECK_SIGNATURE)
        self.add("Is It Signed", "if", 2, scripts.condition("={{ $json.signed }}"))
        self.answer("Refuse", 401, "unsigned", source=("Is It Signed", 1), branch=2)
        self.last = ("Is It Signed", 0)
        return self

    def schedule(self, hour):
        """Begin every day at an hour."""
        rule = {"interval": [{"field": "days", "triggerAtHour": hour}]}
        return self.add("Every Day", "scheduleTrigger", 1.2, {"rule": rule})

    def code_node(self, name, script):
        """Run a script over the item."""
        return self.add(name, "code", 2, {"jsCode": script.strip()})

    def operation(self, name, code, body, key=None):
        """Call an operation of the suite; a repeated call has the effect once.

        :param code: code of the operation
        :param body: JavaScript expression of its input
        :param key: JavaScript expression of the idempotency key of a write
        """
        headers = [("Authorization", "=Bearer {{ $env.HC_ODOO_KEY }}")]
        if key:
            headers.append(("Idempotency-Key", f"={{{{ {key} }}}}"))
        url = f"={{{{ $env.HC_ODOO_URL }}}}/hc/v1/operations/{code}"
        return self.call(name, "POST", url, headers, body)

    def call(self, name, method, url, headers=(), body=None):
        """Call another system, tried again; where it stays silent the error branch takes over."""
        parameters = {
            "method": method,
            "url": url,
            "sendHeaders": bool(headers),
            "headerParameters": {
                "parameters": [{"name": key, "value": value} for key, value in headers]
            },
            "options": {"timeout": 20000},
        }
        if body is not None:
            parameters |= {
                "sendBody": True,
                "specifyBody": "json",
                "jsonBody": f"={{{{ JSON.stringify({body}) }}}}",
            }
        extra = dict(_RETRY)
        if self.answers_webhook:
            extra["onError"] = "continueErrorOutput"
        self.add(name, "httpRequest", 4.2, parameters, **extra)
        if self.answers_webhook:
            self.answer_later(name)
        return self

    def answer_later(self, source):
        """Whoever called is asked to call again: what was done already is not done twice."""
        if not any(node["name"] == "Ask to Repeat" for node in self.nodes):
            self.answer("Ask to Repeat", 503, "repeat", source=(source, 1), branch=1)
        else:
            self.link(source, 1, "Ask to Repeat")
        self.last = (source, 0)

    def answer(self, name, status, word, *, source=None, branch=0):
        """Answer the call, after everything was delivered."""
        if source:
            self.last = source
        return self.add(
            name,
            "respondToWebhook",
            1.1,
            {
                "respondWith": "json",
                "responseBody": json.dumps({"status": word}),
                "options": {"responseCode": status},
            },
            branch=branch,
        )

    def done(self):
        """The workflow as n8n imports it."""
        digest = hashlib.sha256(self.code.encode()).hexdigest()[:12]
        settings = {
            "executionOrder": "v1",
            # Payloads are not kept by n8n: the record is in Odoo.
            "saveDataSuccessExecution": "none",
            "saveManualExecutions": False,
            "timezone": "UTC",
        }
        own_id = self.workflow_id or f"hc{digest}"
        if own_id != ERROR_WORKFLOW_ID:
            settings["errorWorkflow"] = ERROR_WORKFLOW_ID
        return {
            "id": own_id,
            "name": self.name,
            "active": False,
            "nodes": self.nodes,
            "connections": self.connections,
            "settings": settings,
            "pinData": {},
            "meta": {"description": self.summary},
        }
