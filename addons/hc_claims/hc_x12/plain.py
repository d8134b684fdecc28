# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Frozen dataclasses as plain values (JSON) and back, exactly.

Fields that have their default are left out; amounts are text, so that no float is in between.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints


def to_plain(value: Any) -> Any:
    """Return a dataclass as dictionaries, lists, text, whole numbers and truth values.

    Raises:
        TypeError: a value is of a kind that the dataclasses of this package do not hold.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if not is_dataclass(value):
        raise TypeError(f"{type(value).__name__} has no plain form")
    return {
        field.name: to_plain(getattr(value, field.name))
        for field in fields(value)
        if getattr(value, field.name) != _default(field)
    }


def from_plain(kind: Any, value: Any) -> Any:
    """Return the value of a kind, such as a dataclass, from its plain form.

    Raises:
        ValueError, TypeError, KeyError: the plain form is not of that kind.
    """
    if kind is Decimal:
        return Decimal(value)
    if kind in (date, time):
        return kind.fromisoformat(value)
    if is_dataclass(kind):
        return _dataclass_from_plain(kind, value)
    if get_origin(kind) is tuple:
        return tuple(from_plain(get_args(kind)[0], item) for item in value)
    if get_origin(kind) in (Union, UnionType):
        if value is None:
            return None
        [kind] = [each for each in get_args(kind) if each is not NoneType]
        return from_plain(kind, value)
    if not isinstance(value, kind):
        raise TypeError(f"{type(value).__name__} stands where {kind.__name__} is expected")
    return value


def _dataclass_from_plain(kind: type, value: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    unknown = value.keys() - hints.keys()
    if unknown:
        raise ValueError(f"{kind.__name__} has no {', '.join(sorted(unknown))}")
    return kind(**{name: from_plain(hints[name], each) for name, each in value.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _default(field: Field) -> Any:
    return field.default if field.default is not MISSING else MISSING
