# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One canonical text, and digest, for named values.

Equal values give equal text, whatever their order in the mapping or their spelling
(``Decimal("1.50")`` and ``Decimal("1.5")``); different values and different kinds give
different text (``"1"`` is not ``1``). The format is frozen: stored digests depend on it.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
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
    # ASCII JSON strings as keys: a name cannot imitate a separator.
    lines = [
        f"{encode_basestring_ascii(name)}:{_text(values[name], name)}"
        for name in sorted(values)
    ]
    return sha256("\n".join(lines).encode("ascii")).hexdigest()


def _text(value: Any, name: str) -> str:
    writer = _WRITERS.get(type(value))
    if writer is not None:
        return writer(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_text(item, name) for item in value) + "]"
    if isinstance(value, (set, frozenset)):
        return "{" + ",".join(sorted(_text(item, name) for item in value)) + "}"
    for kind in _SUBCLASSABLE:
        if isinstance(value, kind):
            return _WRITERS[kind](value)
    raise FactError("fact_type_unsupported", name=name, type=type(value).__name__)


def _number_text(value: Decimal) -> str:
    """Plain digits without trailing zeros, so that 1, 1.0 and 1E+0 are one number."""
    if not value.is_finite():
        return f"#{value}"
    if not value:
        return "#0"
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


_WRITERS: dict[type, Callable[[Any], str]] = {
    type(None): lambda value: "~",
    bool: lambda value: "yes" if value else "no",
    int: _integer_text,
    Decimal: _number_text,
    date: lambda value: "@" + value.isoformat(),
    datetime: lambda value: "@" + value.isoformat(),
    str: encode_basestring_ascii,
}
_SUBCLASSABLE = (str, Decimal, int, datetime, date)
