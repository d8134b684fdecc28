# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""JSON with bounds: nothing a sender writes costs more than its size.

The nesting is measured on the bytes, before the recursive parser sees them. Names that come twice,
``NaN``, infinities and numbers of absurd length are refused: two readers would understand them
differently.

Source: RFC 8259, sections 4 (names), 6 (numbers) and 9 (limits).
"""

import json
import re
from math import isfinite
from typing import Any

from .errors import BorderError

_MAX_NUMBER_CHARACTERS = 40
# A text in quotes, closed or not (a pattern that can fail would look at the rest again and
# again), or a bracket.
_TOKENS = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)


def parse(body: bytes, max_depth: int) -> Any:
    """Return what a JSON text says.

    >>> parse(b'{"a": [1, 2.5, null]}', 4)
    {'a': [1, 2.5, None]}

    :param body: UTF-8, without a byte order mark; its size is the caller's to bound
    :param max_depth: how deep objects and lists may be nested
    :raises BorderError: status 400; ``body_not_utf8``, ``json_too_deep``, ``json_invalid``,
        ``json_name_twice``, ``json_number``
    """
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BorderError(
            "body_not_utf8", 400, f"Byte {error.start} of the body is not UTF-8."
        ) from None
    check_depth(body, max_depth)
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise BorderError(
            "json_invalid", 400, f"The body is no JSON: line {error.lineno}, column {error.colno}."
        ) from None


def check_depth(body: bytes, max_depth: int) -> None:
    """Refuse what is nested deeper than it may be.

    :raises BorderError: ``json_too_deep``
    """
    if body.count(b"[") + body.count(b"{") <= max_depth:
        return
    depth = 0
    for match in _TOKENS.finditer(body):
        first = match[0][:1]
        if first in b"[{":
            depth += 1
            if depth > max_depth:
                raise BorderError(
                    "json_too_deep", 400, f"The body is nested deeper than {max_depth} levels."
                )
        elif first in b"]}":
            depth -= 1


def _read_pairs(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BorderError("json_name_twice", 400, "An object of the body has a name twice.")
    return result


def _read_integer(text):
    if len(text) > _MAX_NUMBER_CHARACTERS:
        raise _number_error()
    return int(text)


def _read_fraction(text):
    number = float(text) if len(text) <= _MAX_NUMBER_CHARACTERS else float("inf")
    if not isfinite(number):
        raise _number_error()
    return number


def _refuse_constant(_name):
    raise _number_error()


def _number_error():
    return BorderError(
        "json_number",
        400,
        f"A number of the body is not finite or longer than {_MAX_NUMBER_CHARACTERS} characters.",
    )


_DECODER = json.JSONDecoder(
    object_pairs_hook=_read_pairs,
    parse_int=_read_integer,
    parse_float=_read_fraction,
    parse_constant=_refuse_constant,
)
