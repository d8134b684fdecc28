# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Bounded JSON, envelopes, rates and refusals: hostile input costs no more than its size."""

import doctest
import importlib
import json
import pkgutil
import re
import time
from datetime import datetime, timedelta, timezone

import hc_webhook_core
import pytest
from hc_webhook_core import rate
from hc_webhook_core.envelope import check_allowed, read_event
from hc_webhook_core.errors import BorderError
from hc_webhook_core.events import find
from hc_webhook_core.json_bounds import check_depth, parse
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)
EVENT = {
    "specversion": "1.0",
    "id": "e1",
    "source": "ehr",
    "type": "encounter.completed.v1",
    "time": "2026-05-04T11:59:58.25+00:00",
    "subject": "V-17",
    "sequence": "3",
    "data": {"note": "x"},
}
STRIPE = {
    "id": "evt_1",
    "object": "event",
    "type": "payment_intent.succeeded",
    "created": 1770000000,
    "data": {"object": {"id": "pi_1"}},
}
MODULES = sorted(
    module.name for module in pkgutil.walk_packages(hc_webhook_core.__path__, "hc_webhook_core.")
)


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def refused(call, *arguments, **keywords):
    with pytest.raises(BorderError) as refusal:
        call(*arguments, **keywords)
    return refusal.value.code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[" * 10_000 + b"]" * 10_000, "json_too_deep"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "json_too_deep"),
        (b"[" * 10_000, "json_too_deep"),
        (b'{"a": 1, "a": 2}', "json_name_twice"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', "json_name_twice"),
        (b'{"a": NaN}', "json_number"),
        (b'{"a": -Infinity}', "json_number"),
        (b'{"a": 1e999}', "json_number"),
        (b'{"a": ' + b"9" * 5000 + b"}", "json_number"),
        (b'{"a": 0.' + b"9" * 5000 + b"}", "json_number"),
        (b'{"a": "\xe9"}', "body_not_utf8"),
        ('{"a": "é"}'.encode("utf-16"), "body_not_utf8"),
        (b"\xef\xbb\xbf{}", "json_invalid"),
        (b'{"a": 1} {"a": 2}', "json_invalid"),
        (b"", "json_invalid"),
        (b'{"a": "\n"}', "json_invalid"),
    ],
)
def test_hostile_json_is_refused(body, code):
    assert refused(parse, body, 32) == code


def test_brackets_in_texts_are_no_nesting():
    text = json.dumps({"a": "[" * 500 + '\\"[[' + "{" * 500})
    assert parse(text.encode(), 4) == json.loads(text)


@pytest.mark.parametrize(
    "body", [b'"\\' * 300_000, b'"' + b'\\"' * 300_000, b"[]" * 300_000, b'"' * 300_001]
)
def test_the_depth_is_measured_in_linear_time(body):
    start = time.process_time()
    check_depth(body + b"[{" * 3, 10)
    assert time.process_time() - start < 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_what_python_writes_is_read_as_it_reads_it(value):
    body = json.dumps(value).encode()
    assert parse(body, 200) == json.loads(body)


def test_an_event_is_read():
    event = read_event(EVENT, NOW, message_id="msg_1")
    assert (event.message_id, event.event_type, event.version) == (
        "msg_1",
        "encounter.completed",
        1,
    )
    assert event.occurred_at == datetime(2026, 5, 4, 11, 59, 58, 250000)
    assert (event.subject_key, event.sequence_number) == ("V-17", 3)


def test_without_a_signed_id_the_envelope_names_the_message():
    assert read_event(EVENT, NOW).message_id == "e1"


def test_the_subject_of_the_type_goes_before_that_of_the_envelope():
    data = "V-18"
    for name in reversed(re.split(r"[/.]", find("encounter.completed", 1).subject_path)):
        data = {name: data} if name else data
    event = EVENT | {"data": data}
    assert read_event(event, NOW).subject_key == "V-18"
    event = {name: value for name, value in EVENT.items() if name != "subject"}
    assert read_event(event, NOW).subject_key == ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"specversion": "0.3"}, "envelope_invalid"),
        ({"id": None}, "envelope_invalid"),
        ({"id": 7}, "envelope_invalid"),
        ({"id": "x" * 256}, "envelope_invalid"),
        ({"id": "a\x00"}, "envelope_invalid"),
        ({"id": "\ud800"}, "envelope_invalid"),
        ({"source": " "}, "envelope_invalid"),
        ({"type": "encounter.completed"}, "envelope_invalid"),
        ({"type": "Encounter.Completed.v1"}, "envelope_invalid"),
        ({"type": "encounter.completed.v0"}, "envelope_invalid"),
        ({"type": "encounter.completed.v19"}, "event_version_unknown"),
        ({"type": "encounter.deleted.v1"}, "event_type_unknown"),
        ({"time": None}, "envelope_invalid"),
        ({"time": "2026-05-04T11:59:58"}, "envelope_invalid"),
        ({"time": "2026-02-30T11:59:58Z"}, "envelope_invalid"),
        ({"time": "0001-01-01T00:00:00+14:00"}, "envelope_invalid"),
        ({"time": "2026-05-05T12:00:01Z"}, "envelope_invalid"),
        ({"sequence": -1}, "envelope_invalid"),
        ({"sequence": True}, "envelope_invalid"),
        ({"sequence": 2**31}, "envelope_invalid"),
        ({"sequence": "٣"}, "envelope_invalid"),
        ({"data": []}, "envelope_invalid"),
        ({"data": None}, "envelope_invalid"),
        ({"subject": {"a": 1}}, "envelope_invalid"),
    ],
)
def test_a_bad_envelope_is_refused_with_the_member(change, code):
    with pytest.raises(BorderError) as refusal:
        read_event(EVENT | change, NOW)
    assert (refusal.value.code, refusal.value.status) == (code, 422)
    assert next(iter(change)) in refusal.value.message


@pytest.mark.parametrize("document", [[], None, "x", 1])
def test_what_is_no_object_is_no_envelope(document):
    assert refused(read_event, document, NOW) == "envelope_invalid"


def test_stripe_events_go_through_the_same_checks():
    changes = (
        {"created": "x"},
        {"created": 2**32},
        {"id": None},
        {"id": "\x00"},
        {"type": "A B"},
        {"specversion": "1.0"},
    )
    for change in changes:
        code = refused(read_event, STRIPE | change, NOW, scheme="stripe")
        assert code == "envelope_invalid", change


def test_stripe_events_that_mean_nothing_here_are_kept():
    for change in ({"type": "payout.paid"}, {"data": []}, {"data": {"object": {}}}, {}):
        event = read_event(STRIPE | change, NOW, scheme="stripe")
        assert event.event_type == f"stripe.{(STRIPE | change)['type']}"
        check_allowed(event, ("claim.*",))


def test_a_source_sends_what_it_may():
    event = read_event(EVENT, NOW)
    for patterns in (("*",), ("encounter.completed",), ("payment.*", "encounter.*")):
        check_allowed(event, patterns)
    for patterns in ((), ("payment.*",)):
        assert refused(check_allowed, event, patterns) == "event_type_not_allowed"


@given(st.lists(st.floats(0, 3), max_size=200), st.integers(1, 600))
def test_no_minute_brings_more_than_twice_the_rate(pauses, per_minute):
    """The full bucket at its start and the minute's own tokens, never more."""
    start = now = datetime(2026, 1, 1)
    bucket, taken = None, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        grant = rate.take(bucket, now, per_minute, per_minute)
        bucket, taken = grant.bucket, taken + grant.tokens
        assert (grant.tokens == 0) == (grant.wait_seconds > 0)
        passed = (now - start).total_seconds()
        assert taken <= per_minute + passed * per_minute / 60 + 1e-6


def test_who_waits_as_told_is_let_in():
    start = datetime(2026, 1, 1)
    empty = rate.take(None, start, 7, 7).bucket
    wait = rate.take(empty, start, 7, 1).wait_seconds
    assert rate.take(empty, start + timedelta(seconds=wait), 7, 1).tokens == 1


def test_a_clock_that_goes_back_gives_nothing():
    start = datetime(2026, 1, 1)
    empty = rate.take(None, start, 60, 60).bucket
    assert rate.take(empty, start - timedelta(hours=1), 60, 1).tokens == 0
