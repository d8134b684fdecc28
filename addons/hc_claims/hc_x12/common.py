# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Values that several transactions share, and how segments become them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .envelope import Transaction
from .findings import WARNING, shown
from .loops import Loop
from .segment_table import SEGMENTS
from .typed import Values
from .values import ValueFault, period


@dataclass(frozen=True, slots=True)
class Reference:
    """A REF: an identifier and what it identifies."""

    qualifier: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Dated:
    """A DTM or DTP: a day or period and what happened; first and last day may be the same."""

    qualifier: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Amount:
    """An AMT: an amount for information and what it means."""

    qualifier: str
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A QTY: a quantity and what is counted."""

    qualifier: str
    quantity: Decimal | None


@dataclass(frozen=True, slots=True)
class Trace:
    """A TRN: the number that joins an answer or a payment to what it belongs to."""

    type: str = ""
    number: str = ""
    originator: str = ""
    supplement: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """An NM1: a person or organization in its role."""

    role: str
    entity_type: str = ""
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    identifier_qualifier: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """An N3 and an N4."""

    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A PER: a name and ways to reach it, as pairs of qualifier and number."""

    function: str
    name: str
    numbers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Procedure:
    """A procedure composite: code list, code, modifiers, description."""

    qualifier: str = ""
    code: str = ""
    modifiers: tuple[str, ...] = ()
    description: str = ""


class Parts:
    """The segments of a loop, sorted by what they mean and turned into values.

    A table names for each tag a part and the function that gives its values. Segments
    with other tags are kept as they came in ``unknown``, each with a finding.
    """

    def __init__(
        self,
        transaction: Transaction,
        loop: Loop,
        table: Mapping[str, tuple[str, Callable]],
        skip: int = 0,
    ):
        """Read a loop.

        :param table: tag to the name of its part, and a function of the values, the
            transaction and the position, which returns the values to add
        :param skip: segments at the start that were read already
        """
        self._parts: dict[str, list] = defaultdict(list)
        for number, segment in enumerate(loop.segments[skip:], loop.number + skip):
            entry = table.get(segment[0])
            if entry is None:
                self._parts["unknown"].append(tuple(segment))
                report_unknown(transaction, number, segment[0])
                continue
            name, function = entry
            values = transaction.typed(number, segment)
            self._parts[name] += function(values, transaction, number)

    def __getitem__(self, name: str) -> tuple:
        return tuple(self._parts[name]) if name in self._parts else ()

    def first(self, name: str, otherwise: Any = None) -> Any:
        """Return the first value of a part."""
        return self._parts[name][0] if name in self._parts else otherwise


def report_unknown(transaction: Transaction, number: int, tag: str):
    """Note a segment that has no meaning where it stands; it is kept unread."""
    reason = "is not expected here" if tag in SEGMENTS else "is unknown"
    transaction.report(
        "segment_unknown",
        f"the segment {shown(tag)} {reason}: kept unread",
        number,
        tag,
        0,
        WARNING,
    )


def name_of(values: Values, _transaction: Transaction, _number: int) -> Iterable[Name]:
    """Return the person or organization of an NM1."""
    _tag, role, entity, last, first, middle, _prefix, suffix, qualifier, identifier, *_rest = values
    return (Name(role, entity, last, first, middle, suffix, qualifier, identifier),)


def reference_of(values: Values, _transaction: Transaction, _number: int) -> Iterable[Reference]:
    """Return the identifier of a REF."""
    return (Reference(values[1], values[2], values[3]),)


def amount_of(values: Values, _transaction: Transaction, _number: int) -> Iterable[Amount]:
    """Return the amount of an AMT."""
    return (Amount(values[1], values[2]),)


def quantity_of(values: Values, _transaction: Transaction, _number: int) -> Iterable[Quantity]:
    """Return the quantity of a QTY."""
    return (Quantity(values[1], values[2]),)


def trace_of(values: Values, _transaction: Transaction, _number: int) -> Iterable[Trace]:
    """Return the trace of a TRN."""
    return (Trace(*values[1:5]),)


def contact_of(values: Values, _transaction: Transaction, _number: int) -> Iterable[Contact]:
    """Return the contact of a PER."""
    pairs = zip(values[3:9:2], values[4:9:2], strict=True)
    return (Contact(values[1], values[2], tuple(pair for pair in pairs if any(pair))),)


def dtm_of(values: Values, transaction: Transaction, number: int) -> Iterable[Dated]:
    """Return the day of a DTM, or its period where it has one."""
    qualifier, first, form, text = values[1], values[2], values[5], values[6]
    if form:
        return _dated(qualifier, form, text, transaction, number, "DTM", 6)
    _check_future(first, transaction, number, "DTM", 2)
    return (Dated(qualifier, first, first),)


def dtp_of(values: Values, transaction: Transaction, number: int) -> Iterable[Dated]:
    """Return the day or period of a DTP."""
    return _dated(values[1], values[2], values[3], transaction, number, "DTP", 3)


def _dated(qualifier, form, text, transaction, number, tag, element) -> Iterable[Dated]:
    try:
        first, last = period(form, text)
    except ValueFault as fault:
        transaction.report(fault.code, fault.message, number, tag, element, fault.severity)
        first = last = None
    _check_future(first, transaction, number, tag, element)
    return (Dated(qualifier, first, last),)


def _check_future(day: date | None, transaction: Transaction, number: int, tag: str, element: int):
    """Note a day that has not come yet: what is reported has already happened."""
    if day is not None and transaction.as_of is not None and day > transaction.as_of:
        message = f"the date {day:%Y-%m-%d} lies in the future"
        transaction.report("date_in_future", message, number, tag, element, WARNING)


def address_of(segments: Iterable[Values]) -> Address:
    """Return the address that N3 and N4 make together; either may be absent.

    :param segments: values of N3 and N4 segments
    """
    lines, place = (), ("", "", "", "")
    for values in segments:
        if values[0] == "N3":
            lines = tuple(filter(None, values[1:3]))
        else:
            place = values[1:5]
    return Address(lines, *place)


def values_of(values: Values, _transaction: Transaction, _number: int) -> Iterable[Values]:
    """Return the values of a segment as they are."""
    return (values,)


def procedure_of(components: tuple[str, ...]) -> Procedure:
    """Return the procedure of a composite such as ``("HC", "99213", "25")``.

    >>> procedure_of(("HC", "99213", "25", "", "", "", "Visit"))
    Procedure(qualifier='HC', code='99213', modifiers=('25',), description='Visit')
    """
    if len(components) < 2:
        return Procedure("", components[0]) if components else Procedure()
    if len(components) == 2:
        return Procedure(*components)
    description = components[6] if len(components) > 6 else ""
    return Procedure(*components[:2], tuple(filter(None, components[2:6])), description)
