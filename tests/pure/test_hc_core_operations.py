# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Operations are described completely, and take nothing that is not described."""

from datetime import datetime, timezone

import pytest
from hc_core import operations, schema
from hypothesis import given
from hypothesis import strategies as st

NAME = {"type": "string", "maxLength": 5}
PERSON = {
    "type": "object",
    "properties": {
        "name": NAME,
        "age": {"type": "integer", "minimum": 0, "maximum": 150},
        "tags": {"type": "array", "items": NAME, "maxItems": 2},
        "born": {"type": ["string", "null"], "format": "date", "maxLength": 10},
        "kind": {"type": "string", "enum": ["a", "b"]},
    },
    "required": ["name"],
}

plain_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=12,
)


def define(**changes):
    values = {
        "code": "person.greet",
        "version": 1,
        "summary": "Greets.",
        "schema_in": PERSON,
        "schema_out": {"type": "object", "properties": {}},
        "groups": ("base.group_user",),
        "handler": "_operation_greet",
    }
    return operations.OperationDefinition(**values | changes)


def found(value):
    return [(problem.path, problem.code) for problem in schema.problems(PERSON, value)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"name": "Ada"}, []),
        ({"name": "Ada", "born": None, "tags": ["x"], "age": 3, "kind": "a"}, []),
        ([], [("", "type")]),
        ({}, [("/name", "missing")]),
        ({"name": "Grace!"}, [("/name", "too_long")]),
        ({"name": "a\x00"}, [("/name", "format")]),
        ({"name": "\ud800"}, [("/name", "format")]),
        ({"name": "Ada", "age": True}, [("/age", "type")]),
        ({"name": "Ada", "age": 151}, [("/age", "range")]),
        ({"name": "Ada", "tags": ["a", "b", "c"]}, [("/tags", "too_many")]),
        ({"name": "Ada", "tags": ["a", 5]}, [("/tags/1", "type")]),
        ({"name": "Ada", "born": "2026-02-30"}, [("/born", "format")]),
        ({"name": "Ada", "born": "20260202"}, [("/born", "format")]),
        ({"name": "Ada", "kind": "c"}, [("/kind", "enum")]),
        ({"name": "Ada", "more": 1}, [("/more", "unknown")]),
    ],
)
def test_problems_say_what_and_where(value, expected):
    assert found(value) == expected


@pytest.mark.parametrize(
    ("described", "code"),
    [
        ({"type": "string"}, "schema_unbounded"),
        ({"type": "array", "items": NAME}, "schema_unbounded"),
        ({"type": "array", "maxItems": 3}, "schema_unbounded"),
        ({"type": "stone"}, "schema_type_unknown"),
        ({"type": "string", "maxLength": 3, "pattern": "a+"}, "schema_keyword_unknown"),
        ({"type": "string", "maxLength": 3, "format": "email"}, "schema_format_unknown"),
        ({"type": "object", "properties": {}, "required": ["x"]}, "schema_required_unknown"),
        ({"type": "object", "properties": {"x": {"type": "string"}}}, "schema_unbounded"),
    ],
)
def test_schemas_promise_nothing_that_nobody_verifies(described, code):
    with pytest.raises(schema.SchemaError) as raised:
        define(schema_in=described)
    assert raised.value.code == code


def test_others_read_that_objects_are_closed():
    assert schema.published(PERSON)["additionalProperties"] is False


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("decimal", "-12.50", "1e9"),
        ("decimal", "0", "NaN"),
        ("base64", "aGk=", "a"),
        ("date-time", "2026-03-02T08:00:00Z", "2026-03-02"),
    ],
)
def test_formats(name, good, bad):
    described = {"type": "string", "maxLength": 40, "format": name}
    assert not list(schema.problems(described, good))
    assert list(schema.problems(described, bad))


@given(st.datetimes(timezones=st.none() | st.just(timezone.utc)))
def test_moments_are_read_as_they_are_written(moment):
    assert schema.read_moment(moment.isoformat()) == moment


def test_moments_of_other_systems_are_read():
    half_past = datetime(2026, 3, 2, 8, 0, 0, 500000, timezone.utc)
    for text in ("2026-03-02T08:00:00.5Z", "2026-03-02 09:00:00.50+01:00"):
        assert schema.read_moment(text) == half_past
    for text in (
        "2026-03-02",
        "20260302T080000Z",
        "2026-03-02T25:00:00Z",
        "2026-03-02T08:00:00.5ZZ",
    ):
        with pytest.raises(ValueError):
            schema.read_moment(text)


@given(plain_json)
def test_input_is_taken_or_refused_never_a_crash(value):
    try:
        digest = define().check_input(value)
    except operations.OperationError as error:
        assert error.code == "payload_invalid"
    else:
        assert len(digest) == 64


def test_the_digest_covers_operation_version_and_content():
    digests = {
        define().check_input({"name": "Ada"}),
        define(version=2).check_input({"name": "Ada"}),
        define(code="person.leave").check_input({"name": "Ada"}),
        define().check_input({"name": "Bob"}),
    }
    assert len(digests) == 4
    one, other = {"name": "Ada", "age": 3}, {"age": 3, "name": "Ada"}
    assert define().check_input(one) == define().check_input(other)


@pytest.mark.parametrize("key", [None, "", "short", "with space", "ä" * 9, "x" * 129, 12345678])
def test_writes_need_a_usable_key(key):
    with pytest.raises(operations.OperationError) as raised:
        define().check_key(key)
    assert raised.value.code == "key_missing"
    define(is_write=False).check_key(key)


@given(st.datetimes(), st.integers(0, 2**31))
def test_cursors_read_back(moment, record_id):
    text = operations.cursor_text(moment, record_id)
    assert operations.read_cursor(text) == (moment, record_id)


@given(st.text(max_size=60))
def test_made_up_cursors_are_refused(text):
    try:
        place = operations.read_cursor(text)
    except operations.OperationError:
        return
    assert operations.cursor_text(*place) == text


def test_codes_are_unique_and_well_formed():
    with pytest.raises(operations.OperationError, match="twice"):
        operations.registry([define(), define()])
    with pytest.raises(operations.OperationError):
        define(code="Greet")
