# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The shipped n8n workflows, looked at without n8n: what a reviewer would look for in each."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "n8n"
sys.path[:0] = [str(FOLDER), str(ROOT / "addons" / "hc_integration")]

from builder.__main__ import render  # noqa: E402
from builder.flow import ERROR_WORKFLOW_ID  # noqa: E402
from builder.workflows import WORKFLOWS  # noqa: E402
from hc_webhook_core import n8n_workflows  # noqa: E402

# Types of nodes that the workflows use, with the versions that were run.
NODES = {
    "n8n-nodes-base.code": {2},
    "n8n-nodes-base.errorTrigger": {1},
    "n8n-nodes-base.httpRequest": {4.2},
    "n8n-nodes-base.if": {2},
    "n8n-nodes-base.respondToWebhook": {1.1},
    "n8n-nodes-base.scheduleTrigger": {1.2},
    "n8n-nodes-base.webhook": {2},
}
SECRET = re.compile(r"whsec_\w{8}|Bearer [^{ ]{8}|[0-9a-f]{32}|[A-Za-z0-9+/]{40}")
OPERATION = re.compile(r"/hc/v1/operations/([a-z_]+\.[a-z_]+)")
READS = {
    "claim.fetch_status",
    "exchange.collect",
    "exchange.list_missing",
    "resource.fetch",
    "source.proof",
}


def _load(code):
    return json.loads((FOLDER / code / "workflow.json").read_text(encoding="utf-8"))


@pytest.fixture(params=sorted(WORKFLOWS))
def code(request):
    return request.param


def _of_type(flow, kind):
    return [node for node in flow["nodes"] if node["type"] == f"n8n-nodes-base.{kind}"]


def test_the_file_is_what_the_builder_writes(code):
    assert (FOLDER / code / "workflow.json").read_text(encoding="utf-8") == render(code)


def test_no_file_without_builder():
    found = {path.parent.name for path in FOLDER.glob("*/workflow.json")}
    assert found == set(WORKFLOWS)


def test_known_nodes_joined_to_known_nodes(code):
    flow = _load(code)
    names = [node["name"] for node in flow["nodes"]]
    assert len(set(names)) == len(names)
    assert all(node["typeVersion"] in NODES[node["type"]] for node in flow["nodes"])
    targets = {
        target["node"]
        for source in flow["connections"].values()
        for output in source["main"]
        for target in output
    }
    assert targets | set(flow["connections"]) <= set(names)
    starts = {node["name"] for node in flow["nodes"] if "rigger" in node["type"]}
    starts |= {node["name"] for node in _of_type(flow, "webhook")}
    assert set(names) - targets == starts, "nodes that nothing leads to"


def test_no_secret_and_no_payload_is_kept(code):
    flow = _load(code)
    for node in flow["nodes"]:
        assert "credentials" not in node
        text = json.dumps(node["parameters"])
        assert not SECRET.search(text), node["name"]
    assert flow["settings"]["saveDataSuccessExecution"] == "none"
    assert flow["pinData"] == {}


def test_failures_reach_a_person(code):
    flow = _load(code)
    assert (flow["id"] == ERROR_WORKFLOW_ID) == (code == "failed-workflow")
    if code != "failed-workflow":
        assert flow["settings"]["errorWorkflow"] == ERROR_WORKFLOW_ID
    for node in _of_type(flow, "httpRequest"):
        assert node["retryOnFail"], node["name"]
        assert node["parameters"]["options"]["timeout"] <= 30_000
        if _of_type(flow, "webhook"):
            _check_way_out(flow, node)


def _check_way_out(flow, node):
    """A call that fails leads elsewhere, or a later question asks what became of it."""
    if node["onError"] == "continueRegularOutput":
        later = json.dumps([each["parameters"] for each in flow["nodes"] if each != node])
        (reader,) = flow["connections"].get(node["name"], {"main": [[]]})["main"]
        assert f"$('{node['name']}')" in later or reader, node["name"]
        return
    outputs = flow["connections"][node["name"]]["main"]
    assert node["onError"] == "continueErrorOutput" and outputs[1], node["name"]


def test_callers_are_checked_and_answered_last(code):
    flow = _load(code)
    for node in _of_type(flow, "webhook"):
        assert node["parameters"]["responseMode"] == "responseNode"
        assert node["parameters"]["path"] == f"hc-{code}"
        (first,) = flow["connections"][node["name"]]["main"][0]
        assert first["node"] == "Check Signature"
        answers = {
            answer["name"]: answer["parameters"]["options"]["responseCode"]
            for answer in _of_type(flow, "respondToWebhook")
        }
        assert answers["Refuse"] == 401 and answers["Ask to Repeat"] == 503
        # Nothing comes behind the answer.
        assert not set(answers) & set(flow["connections"])


def test_operations_exist_and_writes_have_a_key(code):
    flow = _load(code)
    known = "".join(
        path.read_text(encoding="utf-8") for path in ROOT.glob("addons/*/models/hc_operation*.py")
    )
    readme = (FOLDER / code / "README.md").read_text(encoding="utf-8")
    for node in _of_type(flow, "httpRequest"):
        for operation in OPERATION.findall(json.dumps(node["parameters"])):
            assert f'"{operation}"' in known, operation
            assert f"`{operation}`" in readme, f"README does not name {operation}"
            headers = node["parameters"]["headerParameters"]["parameters"]
            has_key = any(header["name"] == "Idempotency-Key" for header in headers)
            assert has_key == (operation not in READS), operation


def test_every_variable_is_explained():
    guide = (ROOT / "docs/admin/n8n.md").read_text(encoding="utf-8")
    example = (ROOT / "docker/n8n.env.example").read_text(encoding="utf-8")
    for code in WORKFLOWS:
        for name in re.findall(r"\$env\.(HC_\w+)", json.dumps(_load(code))):
            assert name in guide or name.removesuffix("_KEY") + "_URL" in guide, name
            assert name in example or name == "HC_ODOO_URL", name


def test_each_workflow_of_an_event_can_be_connected():
    """The dialog that connects n8n subscribes what the workflows begin with, no more, no less."""
    begun = {code: tuple(_load(code)["meta"]["events"]) for code in WORKFLOWS}
    offered = {each.code: each.event_types for each in n8n_workflows.WORKFLOWS}
    assert {code: events for code, events in begun.items() if events} == offered
    example = (ROOT / "docker/n8n.env.example").read_text(encoding="utf-8")
    for name in n8n_workflows.OTHERS:
        assert f"{name}=" in example, name


def test_what_an_event_begins_asks_whether_it_is_meant(code):
    """A test event, or one of a wider subscription, is answered and changes nothing."""
    flow = _load(code)
    for event in flow["meta"]["events"]:
        (asked,) = [node for node in flow["nodes"] if node["name"] == "Is It For Us"]
        assert f'"hc.{event}.v1"' in asked["parameters"]["conditions"]["conditions"][0]["leftValue"]
        yes, no = flow["connections"]["Is It For Us"]["main"]
        assert yes and no == [{"node": "Nothing to Do", "type": "main", "index": 0}]
