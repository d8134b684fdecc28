# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Values that several transactions share, and how segments become them.

What a file holds by the hundred thousand is a named tuple: as immutable as a frozen
dataclass, and made in a quarter of the time; :data:`new`, which takes all its values in their
order, needs half of that again.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from .envelope import Transaction
from .findings import WARNING, shown
from .loops import Loop
from .segment_table import SEGMENTS
from .typed import Values
from .values import ValueFault, period

new = tuple.__new__

# Takes the part to append to, the values of a segment, the transaction and the position.
Append = Callable[[list, Values, Transaction, int], None]


class Reference(NamedTuple):
    """A REF: an identifier and what it identifies."""

    qualifier: str
    value: str
    description: str = ""


class Dated(NamedTuple):
    """A DTM or DTP: a day or period and what happened; first and last day may be the same."""

    qualifier: str
    first: date | None
    last: date | None


class Amount(NamedTuple):
    """An AMT: an amount for information and what it means."""

    qualifier: str
    amount: Decimal | None


class Quantity(NamedTuple):
    """A QTY: a quantity and what is counted."""

    qualifier: str
    quantity: Decimal | None


class Trace(NamedTuple):
    """A TRN: the number that joins an answer or a payment to what it belongs to."""

    type: str = ""
    number: str = ""
    originator: str = ""
    supplement: str = ""


class Name(NamedTuple):
    """An NM1: a person or organization in its role."""

    role: str
    entity_type: str = ""
    last_name: str = ""
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    identifier_qualifier: str = ""
    identifier: str = ""


class Address(NamedTuple):
    """An N3 and an N4."""

    lines: tuple[str, ...] = ()
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


class Contact(NamedTuple):
    """A PER: a name and ways to reach it, as pairs of qualifier and number."""

    function: str
    name: str
    numbers: tuple[tuple[str, str], ...]


class Procedure(NamedTuple):
    """A procedure composite: code list, code, modifiers, description."""

    qualifier: str = ""
    code: str = ""
    modifiers: tuple[str, ...] = ()
    description: str = ""


def read_parts(
    transaction: Transaction, loop: Loop, table: Mapping[str, tuple[str, Append]], skip: int = 0
) -> dict[str, tuple]:
    """Return the values of a loop's segments, by the name of the part they belong to.

    Segments that the table does not have are kept as they came in the part ``unknown``,
    each with a finding.

    :param table: tag to the name of its part and the function that appends its values
    :param skip: segments at the start that were read already
    """
    parts: dict[str, list] = {}
    flawless = transaction.flawless
    number = loop.number + skip - 1
    for segment in loop.segments[skip:]:
        number += 1
        entry = table.get(segment[0])
        if entry is None:
            parts.setdefault("unknown", []).append(tuple(segment))
            report_unknown(transaction, number, segment[0])
            continue
        name, append = entry
        part = parts.get(name)
        if part is None:
            part = parts[name] = []
        append(part, flawless(segment) or transaction.typed(number, segment), transaction, number)
    return {name: tuple(part) for name, part in parts.items()}


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


def name_of(part: list, values: Values, _transaction: Transaction, _number: int):
    """Append the person or organization of an NM1."""
    _tag, role, entity, last, first, middle, _prefix, suffix, qualifier, identifier, *_rest = values
    part.append(new(Name, (role, entity, last, first, middle, suffix, qualifier, identifier)))


def reference_of(part: list, values: Values, _transaction: Transaction, _number: int):
    """Append the identifier of a REF."""
    part.append(new(Reference, values[1:4]))


def amount_of(part: list, values: Values, _transaction: Transaction, _number: int):
    """Append the amount of an AMT."""
    part.append(new(Amount, values[1:3]))


def quantity_of(part: list, values: Values, _transaction: Transaction, _number: int):
    """Append the quantity of a QTY."""
    part.append(new(Quantity, values[1:3]))


def trace_of(part: list, values: Values, _transaction: Transaction, _number: int):
    """Append the trace of a TRN."""
    part.append(Trace(*values[1:5]))


def contact_of(part: list, values: Values, _transaction: Transaction, _number: int):
    """Append the contact of a PER."""
    pairs = zip(values[3:9:2], values[4:9:2], strict=True)
    part.append(Contact(values[1], values[2], tuple(pair for pair in pairs if any(pair))))


def values_of(part: list, values: Values, _transaction: Transaction, _number: int):
    """Append the values of a segment as they are."""
    part.append(values)


def dtm_of(part: list, values: Values, transaction: Transaction, number: int):
    """Append the day of a DTM, or its period where it has one."""
    _tag, qualifier, first, _time, _zone, form, text = values
    if form:
        _append_period(part, (qualifier, form, text), transaction, (number, "DTM", 6))
        return
    if transaction.as_of is not None:
        _check_future(first, transaction, (number, "DTM", 2))
    part.append(new(Dated, (qualifier, first, first)))


def dtp_of(part: list, values: Values, transaction: Transaction, number: int):
    """Append the day or period of a DTP."""
    _append_period(part, values[1:4], transaction, (number, "DTP", 3))


def _append_period(part: list, texts, transaction: Transaction, position: tuple[int, str, int]):
    qualifier, form, text = texts
    try:
        first, last = period(form, text)
    except ValueFault as fault:
        transaction.report(fault.code, fault.message, *position, fault.severity)
        first = last = None
    _check_future(first, transaction, position)
    part.append(Dated(qualifier, first, last))


def _check_future(day: date | None, transaction: Transaction, position: tuple[int, str, int]):
    """Note a day that has not come yet: what is reported has already happened."""
    if day is not None and transaction.as_of is not None and day > transaction.as_of:
        message = f"the date {day:%Y-%m-%d} lies in the future"
        transaction.report("date_in_future", message, *position, WARNING)


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


@lru_cache(maxsize=2048)
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
