# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Words in which the schemas of operations are written."""

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]


def text(max_length: int = 128, **extra: Any) -> Schema:
    """Schema of a text."""
    return {"type": "string", "maxLength": max_length, **extra}


def optional(described: Schema) -> Schema:
    """The same, or null."""
    return {**described, "type": [described["type"], "null"]}


def record(required: Iterable[str] = (), **properties: Schema) -> Schema:
    """Schema of a closed object."""
    return {"type": "object", "properties": properties, "required": list(required)}


def rows(items: Schema, max_items: int = 1000) -> Schema:
    """Schema of a list."""
    return {"type": "array", "items": items, "maxItems": max_items}


ID = {"type": "integer", "minimum": 1}
DAY = {"type": ["string", "null"], "format": "date", "maxLength": 10}
MOMENT = {"type": ["string", "null"], "format": "date-time", "maxLength": 40}
AMOUNT = text(32, format="decimal")
FLAG = {"type": "boolean"}
