# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The facts that rules may speak about: a closed register of named, typed values.

| type        | Python value              | written in a rule as          |
|-------------|---------------------------|-------------------------------|
| `boolean`   | bool                      | `yes`, `no`                   |
| `integer`   | int                       | `30`                          |
| `decimal`   | Decimal (finite) or int   | `12.50`                       |
| `date`      | date                      | `2026-01-31`                  |
| `text`      | str                       | the text itself               |
| `text_list` | list, tuple or set of str | (items are texts)             |
| `list`      | list, tuple or set        | (only counted)                |

Unknown is ``None``. A list is never unknown: an empty list says that nothing was found.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from .errors import RuleSetError

MAX_TEXT_VALUE_LENGTH = 1000

LIST_TYPES = ("text_list", "list")

_CLASSES: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "boolean": (bool,),
        "integer": (int,),
        "decimal": (Decimal, int),
        "date": (date,),
        "text": (str,),
        "text_list": (tuple, list, set, frozenset),
        "list": (tuple, list, set, frozenset),
    }
)
FACT_TYPES = tuple(_CLASSES)

_BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}
_INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,18}(\.\d{1,9})?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact: its name in rules, its type, and the label people read.

    :param may_be_unknown: whether ``None`` is a possible value; lists are never unknown
    """

    name: str
    type: str
    label: str
    may_be_unknown: bool = True

    def __post_init__(self) -> None:
        if self.type not in _CLASSES:
            raise ValueError(f"fact {self.name}: no type {self.type}")

    @property
    def accepts_unknown(self) -> bool:
        return self.may_be_unknown and self.type not in LIST_TYPES

    def plain_classes(self) -> frozenset[type]:  # noqa: A003
        """Return the exact classes whose values need no closer look."""
        classes = set(_CLASSES[self.type])
        if self.accepts_unknown:
            classes.add(type(None))
        return frozenset(classes)

    def problem(self, value: Any) -> str | None:
        """Return why ``value`` is no value of this fact, or None.

        >>> FactSpec("units", "integer", "Units").problem(True)
        'units is a bool, expected integer'
        """
        if value is None:
            return None if self.accepts_unknown else f"{self.name} is missing"
        if not isinstance(value, _CLASSES[self.type]) or (
            # bool is an int and datetime a date only in Python's eyes.
            isinstance(value, (bool, datetime)) and self.type != "boolean"
        ):
            return f"{self.name} is a {type(value).__name__}, expected {self.type}"
        return self.content_problem(value)

    def content_problem(self, value: Any) -> str | None:
        """Return what is wrong inside a value of the right class, or None."""
        if type(value) is Decimal and not value.is_finite():
            return f"{self.name} is not a finite number"
        if self.type == "text_list" and not all(isinstance(item, str) for item in value):
            return f"{self.name} holds something other than texts"
        return None

    @property
    def needs_content_check(self) -> bool:
        return self.type in ("decimal", "text_list")


def fact_register(specs: Iterable[FactSpec]) -> Mapping[str, FactSpec]:
    """Return the read-only register of the facts, by name.

    :raises RuleSetError: ``fact_name_repeated``
    """
    register: dict[str, FactSpec] = {}
    repeated = set()
    for spec in specs:
        if spec.name in register:
            repeated.add(spec.name)
        register[spec.name] = spec
    if repeated:
        raise RuleSetError("fact_name_repeated", names=sorted(repeated))
    return MappingProxyType(register)


def parse_value(text: str, fact_type: str) -> Any:
    """Return the typed value that ``text`` writes down.

    >>> parse_value("12.50", "decimal"), parse_value("Yes", "boolean")
    (Decimal('12.50'), True)

    :raises ValueError: with the reason, fit to be shown
    """
    text = text.strip()
    if not text:
        raise ValueError("a value is needed")
    if fact_type == "boolean":
        if text.lower() not in _BOOLEANS:
            raise ValueError("write yes or no")
        return _BOOLEANS[text.lower()]
    if fact_type == "integer":
        if not _INTEGER.fullmatch(text):
            raise ValueError("write a whole number such as 30")
        return int(text)
    if fact_type == "decimal":
        if not _DECIMAL.fullmatch(text):
            raise ValueError("write a number such as 1234.50, without separators")
        return Decimal(text)
    if fact_type == "date":
        return parse_date(text)
    if len(text) > MAX_TEXT_VALUE_LENGTH:
        raise ValueError(f"a text has at most {MAX_TEXT_VALUE_LENGTH} characters")
    return text


def parse_date(text: str) -> date:
    """Return the date written as YYYY-MM-DD, the only form accepted.

    :raises ValueError: with the reason, fit to be shown
    """
    # date.fromisoformat accepts week dates and more from Python 3.11 on.
    if not _DATE.fullmatch(text):
        raise ValueError("write a date as YYYY-MM-DD")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such day in the calendar") from None
