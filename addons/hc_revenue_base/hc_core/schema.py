# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A small, closed part of JSON Schema (2020-12): enough to describe operations, nothing hidden.

Known are ``type`` (one name or several), ``properties``, ``required``, ``items``, ``enum``,
``minLength``, ``maxLength``, ``minimum``, ``maximum``, ``maxItems``, ``format`` (``date``,
``date-time``, ``decimal``, ``base64``), ``title`` and ``description``. Objects are closed: what
``properties`` does not name is refused. Any other keyword is refused when the schema is checked,
so that no schema promises what nobody verifies.
"""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import HcError

_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_KEYWORDS = {
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "maxItems",
    "format",
    "title",
    "description",
}
# NUL and halves of surrogate pairs, which JSON can write.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)


class SchemaError(HcError):
    """A schema uses what is not supported, or leaves a size open."""

    messages = {
        "schema_keyword_unknown": "{path}: the keyword {keyword} is not supported.",
        "schema_type_unknown": "{path}: the type {type} is not supported.",
        "schema_unbounded": "{path}: give {keyword}, input must be bounded.",
        "schema_format_unknown": "{path}: the format {format} is not supported.",
        "schema_required_unknown": "{path}: {name} is required but not described.",
    }


@dataclass(frozen=True)
class Problem:
    """What is wrong with a value, and where (a JSON pointer)."""

    path: str
    code: str
    message: str


def _is_date(text: str) -> bool:
    return len(text) == 10 and bool(date.fromisoformat(text))


def read_moment(text: str) -> datetime:
    """Return the moment that an RFC 3339 text names, of no zone where it tells none.

    Python itself reads the ending ``Z`` and short fractions only from 3.11 on.

    :raise ValueError: it names none
    """
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(text)
    day, clock, fraction, zone = match.groups()
    exact = f"{day}T{clock}.{fraction:0<6}" if fraction else f"{day}T{clock}"
    return datetime.fromisoformat(exact + ("+00:00" if zone == "Z" else zone or ""))


def _is_datetime(text: str) -> bool:
    moment = read_moment(text)
    # At either end of the calendar some moments have no day in UTC.
    return bool(moment.tzinfo is None or moment.astimezone(timezone.utc))


def _is_decimal(text: str) -> bool:
    return bool(_DECIMAL.fullmatch(text)) and Decimal(text).is_finite()


def _is_base64(text: str) -> bool:
    b64decode(text, validate=True)
    return True


_FORMATS = {
    "date": _is_date,
    "date-time": _is_datetime,
    "decimal": _is_decimal,
    "base64": _is_base64,
}


def check_schema(schema: Mapping[str, Any], path: str = "#") -> None:
    """Refuse a schema with unknown keywords or without bounds.

    :raise SchemaError: what and where
    """
    names = _type_names(schema)
    _check_words(schema, names, path)
    if "string" in names and not {"maxLength", "enum"} & schema.keys():
        raise SchemaError("schema_unbounded", path=path, keyword="maxLength")
    if "array" in names:
        for keyword in ("maxItems", "items"):
            if keyword not in schema:
                raise SchemaError("schema_unbounded", path=path, keyword=keyword)
        check_schema(schema["items"], f"{path}/items")
    for name in schema.get("required", ()):
        if name not in schema.get("properties", {}):
            raise SchemaError("schema_required_unknown", path=path, name=name)
    for name, part in schema.get("properties", {}).items():
        check_schema(part, f"{path}/properties/{name}")


def _check_words(schema, names, path):
    for keyword in schema:
        if keyword not in _KEYWORDS:
            raise SchemaError("schema_keyword_unknown", path=path, keyword=keyword)
    for name in names:
        if name not in _TYPES:
            raise SchemaError("schema_type_unknown", path=path, type=name)
    if "format" in schema and schema["format"] not in _FORMATS:
        raise SchemaError("schema_format_unknown", path=path, format=schema["format"])


def problems(schema: Mapping[str, Any], value: Any, path: str = "") -> Iterator[Problem]:
    """What is wrong with a value, in the order of the schema.

    >>> name = {"type": "string", "maxLength": 3}
    >>> person = {"type": "object", "properties": {"name": name}, "required": ["name"]}
    >>> list(problems(person, {"name": "Ada"}))
    []
    >>> [(p.path, p.code) for p in problems(person, {"name": "Grace", "age": 3})]
    [('/age', 'unknown'), ('/name', 'too_long')]
    >>> [(p.path, p.code) for p in problems(person, {})]
    [('/name', 'missing')]
    """
    names = _type_names(schema)
    if not any(_has_type(value, name) for name in names):
        yield Problem(path, "type", f"must be {' or '.join(names)}")
        return
    if "enum" in schema and value not in schema["enum"]:
        choices = ", ".join(map(str, schema["enum"]))
        yield Problem(path, "enum", f"must be one of {choices}")
    elif isinstance(value, str):
        yield from _text_problems(schema, value, path)
    elif isinstance(value, dict):
        yield from _object_problems(schema, value, path)
    elif isinstance(value, list):
        yield from _array_problems(schema, value, path)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield from _number_problems(schema, value, path)


def _type_names(schema: Mapping[str, Any]) -> tuple[str, ...]:
    names = schema.get("type", ())
    return (names,) if isinstance(names, str) else tuple(names)


def _has_type(value: Any, name: str) -> bool:
    if name in ("integer", "number") and isinstance(value, bool):
        return False
    return isinstance(value, _TYPES[name])


def _text_problems(schema, value, path):
    if len(value) > schema.get("maxLength", len(value)):
        yield Problem(path, "too_long", f"has more than {schema['maxLength']} characters")
    elif len(value) < schema.get("minLength", 0):
        yield Problem(path, "too_short", f"has less than {schema['minLength']} characters")
    elif UNSTORABLE.search(value):
        yield Problem(path, "format", "holds a character that no database keeps")
    elif "format" in schema and not _fits(schema["format"], value):
        yield Problem(path, "format", f"is no {schema['format']}")


def _fits(name: str, value: str) -> bool:
    try:
        return _FORMATS[name](value)
    except (ValueError, OverflowError, InvalidOperation, binascii.Error):
        return False


def _object_problems(schema, value, path):
    described = schema.get("properties", {})
    for name in sorted(str(name) for name in value.keys() - described.keys()):
        yield Problem(f"{path}/{name[:40]}", "unknown", "is not part of this object")
    for name, part in described.items():
        if name in value:
            yield from problems(part, value[name], f"{path}/{name}")
        elif name in schema.get("required", ()):
            yield Problem(f"{path}/{name}", "missing", "is missing")


def _array_problems(schema, value, path):
    if len(value) > schema["maxItems"]:
        yield Problem(path, "too_many", f"has more than {schema['maxItems']} items")
        return
    for position, item in enumerate(value):
        yield from problems(schema["items"], item, f"{path}/{position}")


def _number_problems(schema, value, path):
    if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
        low, high = schema.get("minimum", "any"), schema.get("maximum", "any")
        yield Problem(path, "range", f"must lie between {low} and {high}")


def published(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema as others read it: that objects are closed is said, not only done."""
    result = dict(schema)
    if "object" in _type_names(schema):
        result["additionalProperties"] = False
        result["properties"] = {
            name: published(part) for name, part in schema.get("properties", {}).items()
        }
    if "items" in schema:
        result["items"] = published(schema["items"])
    return result
