# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Segments that all outgoing transactions are made of: names, addresses, dates, numbers."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from .interchange import Segment, date_text
from .parties import Address, Contact, Facility, Identifier, Name, Payer, Provider, Subscriber


def decimal_text(value: Decimal) -> str:
    """Return an amount or quantity as plain digits, without needless zeros.

    >>> decimal_text(Decimal("45.50")), decimal_text(Decimal("1E+3")), decimal_text(Decimal("-0"))
    ('45.5', '1000', '0')
    """
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def dates(qualifier: str, day: date | None, until: date | None = None) -> Iterator[Segment]:
    """Write a DTP with one day, or with a period where it ends on another day."""
    if day is None:
        return
    if until is None or until == day:
        yield ("DTP", qualifier, "D8", date_text(day))
    else:
        yield ("DTP", qualifier, "RD8", f"{date_text(day)}-{date_text(until)}")


def reference(qualifier: str, value: str) -> Iterator[Segment]:
    """Write a REF where there is a value."""
    if value:
        yield ("REF", qualifier, value)


def references(identifiers: Iterable[Identifier]) -> Iterator[Segment]:
    """Write a REF for each."""
    for identifier in identifiers:
        yield ("REF", identifier.qualifier, identifier.value)


def amount(qualifier: str, value: Decimal | None) -> Iterator[Segment]:
    """Write an AMT where there is an amount."""
    if value is not None:
        yield ("AMT", qualifier, decimal_text(value))


def name(entity: str, who: Name, qualifier: str = "", identifier: str = "") -> Segment:
    """Write an NM1; the qualifier is left out where there is no identifier."""
    kind = "2" if who.is_organization else "1"
    given = ("", "", "", "") if who.is_organization else (who.first, who.middle, "", who.suffix)
    return ("NM1", entity, kind, who.last, *given, qualifier if identifier else "", identifier)


def organization(entity: str, called: str, qualifier: str = "", identifier: str = "") -> Segment:
    """Write the NM1 of an organization."""
    return name(entity, Name(called, is_organization=True), qualifier, identifier)


def address(where: Address | None) -> Iterator[Segment]:
    """Write N3 and N4 where there is an address."""
    if where is None:
        return
    yield ("N3", where.line_1, where.line_2)
    yield (
        "N4",
        where.city,
        where.state,
        where.postal_code,
        where.country,
        "",
        "",
        where.subdivision,
    )


def contact(whom: Contact | None) -> Iterator[Segment]:
    """Write a PER with up to three of phone, extension, e-mail and fax."""
    if whom is None:
        return
    numbers = [
        *(("TE", whom.phone) if whom.phone else ()),
        *(("EX", whom.extension) if whom.phone and whom.extension else ()),
        *(("EM", whom.email) if whom.email else ()),
        *(("FX", whom.fax) if whom.fax else ()),
    ]
    if numbers:
        yield ("PER", "IC", whom.name, *numbers[:6])


def provider(entity: str, who: Provider | None, role: str = "") -> Iterator[Segment]:
    """Write NM1, PRV where ``role`` asks for a specialty, and REF of a provider."""
    if who is None:
        return
    yield name(entity, who.name, "XX", who.npi)
    if role and who.taxonomy:
        yield ("PRV", role, "PXC", who.taxonomy)
    yield from references(who.identifiers)


def facility(where: Facility | None) -> Iterator[Segment]:
    """Write the loop of a service facility."""
    if where is None:
        return
    yield organization("77", where.name, "XX", where.npi)
    yield from address(where.address)
    yield from references(where.identifiers)


def payer(who: Payer) -> Segment:
    """Write the NM1 of a payer."""
    return organization("PR", who.name, who.qualifier, who.identifier)


def member(who: Subscriber) -> Segment:
    """Write the NM1 of a subscriber with the member number."""
    return name("IL", who.name, "MI", who.member_id)


def demographics(birth_date: date | None, gender: str) -> Iterator[Segment]:
    """Write a DMG where the birth date is known."""
    if birth_date is not None:
        yield ("DMG", "D8", date_text(birth_date), gender)


def known_demographics(birth_date: date | None, gender: str) -> Iterator[Segment]:
    """Write a DMG for an inquiry: these guides leave an unknown gender out."""
    yield from demographics(birth_date, "" if gender == "U" else gender)
