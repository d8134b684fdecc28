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
REFUSED = "Is It Refused"
_STEP_X, _BRANCH_Y = 220, 200
_RETRY = {"retryOnFail": True, "maxTries": 4, "waitBetweenTries": 2000}
# What the caller cannot mend by calling again; a key that has ended (401, 403) can be renewed.
_FINAL_STATUSES = (400, 404, 413, 415, 422)
_NAMESPACE = uuid.UUID("5b0c4d1e-5f1c-4d53-9a55-70d1f0a9c2b7")


@dataclass
class Flow:
    """A workflow that grows node by node, each connected to the one before.

    :ivar code: folder, path of the webhook and seed of all ids
    :ivar summary: one sentence for the list of workflows
    :ivar events: types of the suite's events that begin it; none for other callers
    """

    code: str
    name: str
    summary: str
    workflow_id: str = ""
    nodes: list[dict[str, Any]] = field(default_factory=list)
    connections: dict[str, Any] = field(default_factory=dict)
    last: tuple[str, int] | None = None
    answers_webhook: bool = False
    events: tuple[str, ...] = ()

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

    def event(self, *types):
        """Begin with an event of the suite; others, such as its test event, change nothing.

        :param types: codes of event types, as the suite's catalogue has them
        """
        self.events = types
        self.webhook()
        known = json.dumps([f"hc.{code}.v1" for code in types])
        self.when("Is It For Us", f"{known}.includes($json.event.type)")
        return self

    def when(self, name, expression, branch=2):
        """Go on where an expression is true; elsewhere there is nothing to do."""
        self.add(name, "if", 2, scripts.condition(f"={{{{ {expression} }}}}"))
        if not self._has("Nothing to Do"):
            self.answer("Nothing to Do", 200, "nothing", source=(name, 1), branch=branch)
        else:
            self.link(name, 1, "Nothing to Do")
        self.last = (name, 0)
        return self

    def _has(self, name):
        return any(node["name"] == name for node in self.nodes)

    def schedule(self, variable, usual):
        """Begin at times that a variable names, or at the usual ones (both as of cron)."""
        times = f"={{{{ $env.{variable} || '{usual}' }}}}"
        rule = {"interval": [{"field": "cronExpression", "expression": times}]}
        return self.add("Every Day", "scheduleTrigger", 1.2, {"rule": rule})

    def code_node(self, name, script):
        """Run a script over the item."""
        return self.add(name, "code", 2, {"jsCode": script.strip()})

    def operation(self, name, code, body, key=None, *, is_error_an_item=False):
        """Call an operation of the suite; a repeated call has the effect once.

        :param code: code of the operation
        :param body: JavaScript expression of its input
        :param key: JavaScript expression of the idempotency key of a write
        """
        headers = [("Authorization", "=Bearer {{ $env.HC_ODOO_KEY }}")]
        if key:
            headers.append(("Idempotency-Key", f"={{{{ {key} }}}}"))
        url = f"={{{{ $env.HC_ODOO_URL }}}}/hc/v1/operations/{code}"
        return self.call(name, "POST", url, headers, body, is_error_an_item=is_error_an_item)

    def look_up(self, name, resource):
        """Read the record that the event names: events carry ids and codes, no more."""
        named = "$('Check Signature').first().json.event.data.record_id"
        return self.operation(
            name, "resource.fetch", f"{{ resource: '{resource}', record_id: {named} }}"
        )

    def work_item(self, node, key, **values):
        """Open a work item.

        :param node: name of the node
        :param key: JavaScript expression of the idempotency key
        :param values: JavaScript expressions of the operation's input by name
        """
        limits = {"name": 200, "description": 2000}
        cut = {
            field: f"({value}).slice(0, {limits[field]})" if field in limits else value
            for field, value in values.items()
        }
        body = ",\n".join(f"  {field}: {value}" for field, value in cut.items())
        return self.operation(node, "work_item.open", f"{{\n{body},\n}}", key)

    def call(self, name, method, url, headers=(), body=None, *, is_error_an_item=False):
        """Call another system, tried again; where it stays silent the error branch takes over.

        :param is_error_an_item: what failed goes on among what succeeded; a later node looks
        """
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
        return self.request(name, parameters, is_error_an_item=is_error_an_item)

    def request(self, name, parameters, *, is_error_an_item=False):
        """Add the node of a call, with its retries and its way out."""
        extra = dict(_RETRY)
        if is_error_an_item:
            extra["onError"] = "continueRegularOutput"
        elif self.answers_webhook:
            extra["onError"] = "continueErrorOutput"
        self.add(name, "httpRequest", 4.2, parameters, **extra)
        if self.answers_webhook and not is_error_an_item:
            self.answer_later(name)
        return self

    def answer_later(self, source):
        """A call failed. What can never succeed becomes work; else the caller shall call again."""
        if self._has(REFUSED):
            self.link(source, 1, REFUSED)
        else:
            self._add_refusals(source)
        self.last = (source, 0)

    def _add_refusals(self, source):
        self.last = (source, 1)
        final = f"{json.dumps(list(_FINAL_STATUSES))}.includes({scripts.STATUS})"
        self.add(REFUSED, "if", 2, scripts.condition(f"={{{{ {final} }}}}"), branch=1)
        self.answer("Ask to Repeat", 503, "repeat", source=(REFUSED, 1), branch=1)
        self.last = (REFUSED, 0)
        message = "$('Check Signature').first().json.id"
        self.work_item(
            "Report Refusal",
            f"'n8n-' + {message} + '-refused'",
            name=f"'n8n: {self.code} was refused (' + {scripts.STATUS} + ')'",
            description=f"'Message ' + {message} + ' cannot be worked on as it is. Look at what "
            "was sent; the sender gives it up after some attempts.'",
            queue_code="'operations'",
            severity="'error'",
            dedup_key=f"'n8n-refused-{self.code}-' + {message}",
        )
        # Work that cannot be reported is not given up.
        self.connections["Report Refusal"]["main"][1] = []
        self.link("Report Refusal", 1, "Ask to Repeat")
        self.answer("Give Up", 422, "refused", source=("Report Refusal", 0), branch=1)

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
            "meta": {"description": self.summary, "events": list(self.events)},
        }
