# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One canonical text, and digest, for named values.

Equal values give equal text, whatever their order in the mapping or their spelling
(``Decimal("1.50")`` and ``Decimal("1.5")``); different values and different kinds give
different text (``"1"`` is not ``1``). The format is frozen: stored digests need it.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring_ascii
from typing import Any

from .errors import FactError

_PLAIN_EXPONENT = 40


def canonical_digest(values: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical text of ``values``.

    >>> first = canonical_digest({"amount": Decimal("1.50"), "code": "J1100"})
    >>> first == canonical_digest({"code": "J1100", "amount": Decimal("1.5")})
    True
    >>> first == canonical_digest({"code": "J1100", "amount": "1.5"})
    False

    :raises FactError: ``fact_type_unsupported``
    """
    lines = []
    for name in sorted(values):
        value = values[name]
        try:
            writer = _WRITERS.get(type(value)) or _inherited_writer(value)
            lines.append(_name_text(name) + writer(value))
        except _Unsupported as error:
            raise FactError("fact_type_unsupported", name=name, type=str(error)) from None
    return sha256("\n".join(lines).encode("ascii")).hexdigest()


class _Unsupported(Exception):
    """A value of a type without canonical text; the argument names the type."""


def _text(value: Any) -> str:
    writer = _WRITERS.get(type(value)) or _inherited_writer(value)
    return writer(value)


def _inherited_writer(value: Any) -> Callable[[Any], str]:
    for kind in _SUBCLASSABLE:
        if isinstance(value, kind):
            return _WRITERS[kind]
    raise _Unsupported(type(value).__name__)


@lru_cache(maxsize=4096)
def _name_text(name: str) -> str:
    # An ASCII JSON string: a name cannot imitate a separator.
    return encode_basestring_ascii(name) + ":"


# The same few hundred days come again in every case of a batch.
@lru_cache(maxsize=4096)
def _date_text(value: date) -> str:
    return "@" + value.isoformat()


def _datetime_text(value: datetime) -> str:
    return "@" + value.isoformat()


def _number_text(value: Decimal) -> str:
    """Plain digits without trailing zeros, so that 1, 1.0 and 1E+0 are one number."""
    text = str(value)
    # Exponents have an E; NaN, sNaN and Infinity an a or an n.
    if len(text) > _PLAIN_EXPONENT or "E" in text or "a" in text or "n" in text:
        return _unusual_number_text(value)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "#0" if text == "-0" else "#" + text


def _unusual_number_text(value: Decimal) -> str:
    if not value.is_finite():
        return f"#{value}"
    if not value:
        return "#0"
    # Every magnitude whose plain text could also have taken the short way above.
    if -_PLAIN_EXPONENT <= value.adjusted() <= _PLAIN_EXPONENT:
        text = format(value, "f")
        return "#" + (text.rstrip("0").rstrip(".") if "." in text else text)
    # Far outside any amount: never write out a million zeros.
    sign, digits, exponent = value.as_tuple()
    kept = "".join(map(str, digits)).rstrip("0")
    exponent += len(digits) - len(kept)
    return f"#{'-' if sign else ''}{kept}E{exponent}"


def _integer_text(value: int) -> str:
    if -(10**_PLAIN_EXPONENT) < value < 10**_PLAIN_EXPONENT:
        return f"#{value:d}"
    return _number_text(Decimal(value))


def _sequence_text(values: Iterable[Any]) -> str:
    return "[" + ",".join([_text(value) for value in values]) + "]"


def _set_text(values: Iterable[Any]) -> str:
    return "{" + ",".join(sorted([_text(value) for value in values])) + "}"


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    type(None): lambda value: "~",
    bool: lambda value: "yes" if value else "no",
    int: _integer_text,
    Decimal: _number_text,
    date: _date_text,
    datetime: _datetime_text,
    str: encode_basestring_ascii,
    tuple: _sequence_text,
    list: _sequence_text,
    set: _set_text,
    frozenset: _set_text,
}
# datetime before date: it is one in Python's eyes.
_SUBCLASSABLE = (str, Decimal, int, datetime, date, list, tuple, set, frozenset)
