# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an amount pays: the parts of a payment on open items, and of what came in on instalments.

There is one way to spread an amount, :func:`spread`. Laws: the parts and the rest sum to the
amount; no part is above its room; nobody gets a cent while an earlier one has room left; equal
input gives equal parts.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import DunningError
from .money import ZERO, check_amount, check_positive


def spread(
    amount: Decimal, rooms: Iterable[tuple[Hashable, Decimal]]
) -> tuple[dict[Hashable, Decimal], Decimal]:
    """Fill rooms with an amount, in order.

    >>> spread(Decimal(30), [("first", Decimal(20)), ("second", Decimal(20))])
    ({'first': Decimal('20'), 'second': Decimal('10')}, Decimal('0'))
    >>> spread(Decimal(-5), [("first", Decimal(20)), ("credit", Decimal(-3))])
    ({'first': Decimal('0'), 'credit': Decimal('0')}, Decimal('0'))

    :param amount: what there is; below zero counts as nothing
    :param rooms: ``(key, how much it takes)``; below zero takes nothing
    :return: ``({key: part}, rest)``, a part for every key
    :raises DunningError: ``code_repeated`` where a key comes twice
    """
    listed = tuple(rooms)
    left, parts = max(amount, ZERO), {}
    for key, room in listed:
        parts[key] = min(max(room, ZERO), left)
        left -= parts[key]
    if len(parts) < len(listed):
        keys = ", ".join(sorted(str(key) for key, _room in listed))
        raise DunningError("code_repeated", what="items", codes=keys)
    return parts, left


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something to pay.

    :param key: identifies it; breaks ties, so that equal input gives equal parts
    :param open_amount: credits and settled items get nothing
    """

    key: str
    due_on: date
    open_amount: Decimal


@dataclass(frozen=True, slots=True)
class Allocation:
    """The parts by item, in order, and what stays unapplied."""

    parts: tuple[tuple[str, Decimal], ...]
    unapplied: Decimal


def allocate(payment: Decimal, items: Iterable[OpenItem], named: Sequence[str] = ()) -> Allocation:
    """Spread a payment: first what it was meant for, in that order, then the oldest.

    >>> items = [
    ...     OpenItem("visit", date(2026, 1, 5), Decimal("80.00")),
    ...     OpenItem("instalments", date(2026, 2, 1), Decimal("25.00")),
    ... ]
    >>> allocate(Decimal("60.00"), items, ["instalments"]).parts
    (('instalments', Decimal('25.00')), ('visit', Decimal('35.00')))

    :param named: keys of the items that the patient wants to pay; others are ignored
    :raises DunningError: ``amount_invalid``, ``amount_not_positive``, ``code_repeated``
    """
    check_positive("payment", payment)
    places = {key: position for position, key in enumerate(dict.fromkeys(named))}
    ordered = sorted(
        items, key=lambda item: (places.get(item.key, len(places)), item.due_on, item.key)
    )
    rooms = [(item.key, check_amount("open amount", item.open_amount)) for item in ordered]
    parts, left = spread(check_amount("payment", payment), rooms)
    return Allocation(tuple((key, part) for key, part in parts.items() if part), left)
