# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""JSON from outside: bounded in size, depth and numbers, every element once, numbers exact.

>>> load_json(b'{"a": 0.10}', JsonLimits())
{'a': Decimal('0.10')}
"""

import json
from dataclasses import dataclass
from decimal import Decimal

from .findings import DocumentError

_MAX_DIGITS = 40


@dataclass(frozen=True, slots=True)
class JsonLimits:
    """How much is read at all."""

    size_bytes: int = 50 * 1024 * 1024
    depth: int = 64


class _RepeatedNameError(ValueError):
    """An object names an element twice; which one counts would be luck."""


def load_json(content, limits):
    """Parse a JSON document.

    :param bytes content: UTF-8, with or without byte order mark
    :param JsonLimits limits: what is refused before it can do harm
    :return: dicts, lists, texts, booleans, None, int and Decimal
    :raises DocumentError: ``too_large``, ``too_deep``, ``not_utf8``, ``not_json``
    """
    if len(content) > limits.size_bytes:
        raise DocumentError(
            "too_large",
            f"The document has {len(content)} bytes, more than {limits.size_bytes}. Split it.",
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(
            "not_utf8", f"The document is not UTF-8 (byte {error.start}). Send it as UTF-8."
        ) from None
    try:
        document = json.loads(
            text,
            parse_float=_number,
            parse_int=_number,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise DocumentError(
            "not_json", f"The document is no JSON: {error.msg}, line {error.lineno}."
        ) from None
    except (_RepeatedNameError, ValueError) as error:
        raise DocumentError("not_json", f"The document is no sound JSON: {error}.") from None
    except RecursionError:
        raise _too_deep(limits.depth) from None
    if isinstance(document, (dict, list)):
        _check_depth(document, limits.depth)
    return document


def _check_depth(document, limit):
    """Go down level by level; the parser itself has refused what no program could follow."""
    level = [document]
    for _depth in range(limit):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) in (dict, list)
        ]
        if not level:
            return
    raise _too_deep(limit)


def _too_deep(limit):
    return DocumentError("too_deep", f"The document is nested deeper than {limit} levels.")


def _object(pairs):
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RepeatedNameError("an object names an element twice")
    return found


def _number(text):
    if len(text) > _MAX_DIGITS:
        raise ValueError("a number has too many digits")
    if text.lstrip("-").isdigit():
        return int(text)
    value = Decimal(text)
    if value and not -_MAX_DIGITS < value.adjusted() < _MAX_DIGITS:
        raise ValueError("a number is out of all bounds")
    return value


def _no_number(name):
    raise ValueError(f"{name} is no number")
