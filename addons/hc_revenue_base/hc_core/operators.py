# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The closed set of operators that conditions are made of.

A condition answers True, False or None. None means *unknown*: a fact it compares is
``None``. Only ``is_set``, ``is_not_set``, ``is_empty`` and ``is_not_empty`` answer
about unknown facts; for a text, unknown counts as empty.

A value may be written as another fact's name, ``@service_date_to``; a date also as a
distance from one, ``@service_date_to+30d``, or from the day of evaluation,
``as_of-3d``. ``in`` and ``not_in`` take values separated by commas, ``between`` takes
``low..high``, both included. A text value that begins with @ is written with two: @@.
"""

import operator as python
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .facts import LIST_TYPES, FactSpec, parse_value
from .safe_pattern import compile_pattern

Values = Mapping[str, Any]
Test = Callable[[Values], bool | None]
Register = Mapping[str, FactSpec]

MAX_LISTED_VALUES = 500

_REFERENCE = re.compile(r"(?:@([a-z][a-z0-9_]*)|(as_of))(?:\s*([+-])\s*(\d{1,5})d)?")
_NUMBERS = ("integer", "decimal")
_ORDERED = (*_NUMBERS, "date")
_SCALARS = ("boolean", *_ORDERED, "text")


@dataclass(frozen=True, slots=True)
class Operator:
    """A word of the rule language.

    ``build(spec, text, register)`` returns the test and the names of the facts it
    reads; it raises ValueError, with a reason to show, when the text does not fit.
    """

    name: str
    fact_types: tuple[str, ...]
    takes_value: bool
    build: Callable[[FactSpec, str, Register], tuple[Test, tuple[str, ...]]]


def _about_presence(answer: Callable[[Any], bool]):
    def build(spec: FactSpec, _text: str, _register: Register):
        name = spec.name
        return (lambda values: answer(values[name])), (name,)

    return build


def _comparison(compare: Callable[[Any, Any], bool]):
    """Compare the fact with a constant or with another fact."""

    def build(spec: FactSpec, text: str, register: Register):
        name = spec.name
        reference = _parse_reference(spec, text, register)
        if reference is not None:
            other_name, other = reference

            def test_facts(values: Values) -> bool | None:
                left, right = values[name], other(values)
                return None if left is None or right is None else compare(left, right)

            return test_facts, (name, other_name)
        text = text.strip()
        constant = parse_value(text[text.startswith("@@") :], spec.type)

        def test(values: Values) -> bool | None:
            left = values[name]
            return None if left is None else compare(left, constant)

        return test, (name,)

    return build


def _parse_reference(spec: FactSpec, text: str, register: Register):
    """Return (fact name, reader) when the text names a fact, else None."""
    text = text.strip()
    is_reference = text.startswith("@") and not text.startswith("@@")
    if not is_reference and not (spec.type == "date" and text.startswith("as_of")):
        return None
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise ValueError("write a fact as @name, a distance in days as @name+3d")
    name = match[1] or match[2]
    other = register.get(name)
    if other is None:
        raise ValueError(f"there is no fact named {name}")
    if other.type != spec.type and not {other.type, spec.type} <= set(_NUMBERS):
        raise ValueError(f"{name} is of type {other.type}, not {spec.type}")
    if match[3] is None:
        return name, python.itemgetter(name)
    if spec.type != "date":
        raise ValueError("only dates have a distance in days")
    distance = timedelta(days=int(match[3] + match[4]))

    def read(values: Values) -> Any:
        day = values[name]
        return None if day is None else day + distance

    return name, read


def _range(spec: FactSpec, text: str, register: Register):
    low_text, separator, high_text = text.partition("..")
    if not separator:
        raise ValueError("write a range as low..high")
    references = [_parse_reference(spec, part, register) for part in (low_text, high_text)]
    if references == [None, None]:
        return _constant_range(spec, low_text, high_text)
    at_least, low_names = _comparison(python.ge)(spec, low_text, register)
    at_most, high_names = _comparison(python.le)(spec, high_text, register)

    def test(values: Values) -> bool | None:
        above, below = at_least(values), at_most(values)
        if above is False or below is False:
            return False
        return None if above is None or below is None else True

    return test, (*low_names, *high_names)


def _constant_range(spec: FactSpec, low_text: str, high_text: str):
    name = spec.name
    low, high = parse_value(low_text, spec.type), parse_value(high_text, spec.type)
    if low > high:
        raise ValueError("the lower bound comes first")

    def test(values: Values) -> bool | None:
        value = values[name]
        return None if value is None else low <= value <= high

    return test, (name,)


def _membership(expected: bool):
    def build(spec: FactSpec, text: str, _register: Register):
        name = spec.name
        parts = text.split(",")
        if len(parts) > MAX_LISTED_VALUES:
            raise ValueError(f"list at most {MAX_LISTED_VALUES} values")
        choices = frozenset(parse_value(part, spec.type) for part in parts)

        def test(values: Values) -> bool | None:
            value = values[name]
            return None if value is None else (value in choices) is expected

        return test, (name,)

    return build


def _matching(spec: FactSpec, text: str, _register: Register):
    name = spec.name
    if not text:
        raise ValueError("a value is needed")
    matches = compile_pattern(text)

    def test(values: Values) -> bool | None:
        value = values[name]
        return None if value is None else matches(value)

    return test, (name,)


def _count(compare: Callable[[int, int], bool]):
    def build(spec: FactSpec, text: str, _register: Register):
        name = spec.name
        limit = parse_value(text, "integer")
        if limit < 0:
            raise ValueError("a count is zero or more")
        return (lambda values: compare(len(values[name]), limit)), (name,)

    return build


def _containment(spec: FactSpec, text: str, _register: Register):
    name = spec.name
    item = parse_value(text, "text")
    return (lambda values: item in values[name]), (name,)


def _is_known(value: Any) -> bool:
    return value is not None


def _is_unknown(value: Any) -> bool:
    return value is None


def _has_content(value: Collection[Any] | None) -> bool:
    return bool(value)


_WITH_CONTENT = ("text", *LIST_TYPES)

OPERATORS: Mapping[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator("is_set", _SCALARS, False, _about_presence(_is_known)),
        Operator("is_not_set", _SCALARS, False, _about_presence(_is_unknown)),
        Operator("is_empty", _WITH_CONTENT, False, _about_presence(python.not_)),
        Operator("is_not_empty", _WITH_CONTENT, False, _about_presence(_has_content)),
        Operator("equals", _SCALARS, True, _comparison(python.eq)),
        Operator("not_equals", _SCALARS, True, _comparison(python.ne)),
        Operator("in", (*_ORDERED, "text"), True, _membership(True)),
        Operator("not_in", (*_ORDERED, "text"), True, _membership(False)),
        Operator("greater_than", _NUMBERS, True, _comparison(python.gt)),
        Operator("at_least", _NUMBERS, True, _comparison(python.ge)),
        Operator("less_than", _NUMBERS, True, _comparison(python.lt)),
        Operator("at_most", _NUMBERS, True, _comparison(python.le)),
        Operator("between", _ORDERED, True, _range),
        Operator("before", ("date",), True, _comparison(python.lt)),
        Operator("on_or_before", ("date",), True, _comparison(python.le)),
        Operator("after", ("date",), True, _comparison(python.gt)),
        Operator("on_or_after", ("date",), True, _comparison(python.ge)),
        Operator("matches", ("text",), True, _matching),
        Operator("starts_with", ("text",), True, _comparison(str.startswith)),
        Operator("contains", ("text_list",), True, _containment),
        Operator("count_at_least", LIST_TYPES, True, _count(python.ge)),
        Operator("count_at_most", LIST_TYPES, True, _count(python.le)),
    )
}


def operators_for(fact_type: str) -> tuple[str, ...]:
    """Return the operators that work on facts of the type, in their usual order.

    >>> operators_for("list")
    ('is_empty', 'is_not_empty', 'count_at_least', 'count_at_most')
    """
    return tuple(
        operator.name for operator in OPERATORS.values() if fact_type in operator.fact_types
    )
