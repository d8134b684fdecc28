# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The registry of canonical events: sound schemas, sound examples, current documents."""

import json

import pytest
from event_documents import FOLDER, documents
from hc_core import schema
from hc_webhook_core import status_maps
from hc_webhook_core.events import EVENTS, business_key, differences, find

PROMISED = {
    "encounter.completed",
    "coding.approved",
    "charge.posted",
    "coverage.verified",
    "authorization.decided",
    "claim.status",
    "claim.rejected",
    "clinical.received",
    "remittance.received",
    "payment.confirmed",
    "payment.failed",
    "payment.refunded",
    "payment.charged_back",
    "payment.reversal_undone",
    "document.received",
    "patient.updated",
    "message.status",
    "source.totals",
}
by_name = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type_name)


def test_every_promised_event_is_there_once():
    assert sorted(event.code for event in EVENTS) == sorted(PROMISED)
    assert find("payment.confirmed", 2) is None


@by_name
def test_the_schema_is_closed_and_bounded(event):
    schema.check_schema(event.schema)


@by_name
def test_the_example_fits_and_without_a_required_part_does_not(event):
    assert list(schema.problems(event.schema, event.example)) == []
    for name in event.schema["required"]:
        rest = {key: value for key, value in event.example.items() if key != name}
        found = [(each.path, each.code) for each in schema.problems(event.schema, rest)]
        assert (f"/{name}", "missing") in found


@by_name
def test_a_stranger_in_the_data_is_refused_with_its_path(event):
    found = [each.path for each in schema.problems(event.schema, {**event.example, "sudo": True})]
    assert found == ["/sudo"]


@by_name
def test_subject_and_business_key_name_parts_of_the_schema(event):
    parts = event.schema["properties"]
    assert {event.subject_path, *event.subject_scope} <= parts.keys()
    assert set(event.business_key) <= parts.keys() | {"*"}
    assert event.subject_of(event.example).strip("|")


def test_the_documents_are_current():
    written = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert written == documents()
    for name, text in written.items():
        if name.endswith(".json"):
            assert json.loads(text)["additionalProperties"] is False


def test_two_messages_about_one_fact_have_one_key():
    event = find("charge.posted", 1)
    data = dict(event.example)
    second = {**data["charges"][0], "external_id": "CH-2"}
    forth = {**data, "charges": [data["charges"][0], second]}
    back = {**data, "charges": [second, data["charges"][0]], "patient_sex": "female"}
    assert business_key(event, forth) == business_key(event, back)
    assert business_key(event, forth) != business_key(event, data)
    assert differences(data, {**data, "patient_sex": "female"}) == ("patient_sex",)


@pytest.mark.parametrize("table", status_maps.MAPS, ids=lambda table: table.system)
def test_every_table_names_its_source(table):
    assert table.source and table.codes
    for code, ours in table.codes.items():
        assert status_maps.translate(table.subject, table.system, code) == ours
    with pytest.raises(status_maps.UnknownStatusError):
        status_maps.translate(table.subject, table.system, "no such code")


@pytest.mark.parametrize(
    ("subject", "code", "part"),
    [
        ("coverage", "coverage.verified", "outcome"),
        ("authorization", "authorization.decided", "decision"),
        ("message", "message.status", "status"),
    ],
)
def test_what_a_table_says_fits_the_event(subject, code, part):
    allowed = find(code, 1).schema["properties"][part]["enum"]
    for system in status_maps.systems(subject):
        table = next(each for each in status_maps.MAPS if each.system == system)
        assert {ours for ours in table.codes.values() if ours} <= set(allowed)
