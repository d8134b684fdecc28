# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which open items a patient's payment pays.

The items that the patient named come first, in the order in which they were named; then plan
instalments before other items; then the oldest. What is left stays unapplied. Laws: the parts and
the rest sum to the payment; no part is above what is open; no later item gets a cent while an
earlier one is open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .errors import DunningError
from .money import check_amount, check_positive


@dataclass(frozen=True, slots=True)
class OpenItem:
    """Something to pay.

    :param key: identifies it; breaks ties, so that equal input gives equal parts
    :param open_amount: credits and settled items get nothing
    :param is_disputed: gets money only where it is named
    """

    key: str
    due_on: date
    open_amount: Decimal
    is_instalment: bool = False
    is_disputed: bool = False


@dataclass(frozen=True, slots=True)
class Allocation:
    """The parts by item, in order, and what stays unapplied."""

    parts: tuple[tuple[str, Decimal], ...]
    unapplied: Decimal


def allocate(payment: Decimal, items: Iterable[OpenItem], named: Sequence[str] = ()) -> Allocation:
    """Spread a payment.

    >>> items = [
    ...     OpenItem("visit", date(2026, 1, 5), Decimal("80.00")),
    ...     OpenItem("part 1", date(2026, 2, 1), Decimal("25.00"), is_instalment=True),
    ... ]
    >>> allocate(Decimal("60.00"), items).parts
    (('part 1', Decimal('25.00')), ('visit', Decimal('35.00')))
    >>> allocate(Decimal("60.00"), items, ["visit"]).parts
    (('visit', Decimal('60.00')),)

    :param named: keys of the items that the patient wants to pay; others are ignored
    :raises DunningError: ``amount_invalid``, ``amount_not_positive``, ``code_repeated``
    """
    left = check_positive("payment", payment)
    listed = tuple(items)
    keys = [item.key for item in listed]
    if len(set(keys)) < len(keys):
        raise DunningError("code_repeated", what="items", codes=", ".join(sorted(keys)))
    wanted = {key: position for position, key in enumerate(dict.fromkeys(named))}
    parts = []
    for item in sorted(listed, key=lambda each: _rank(each, wanted)):
        if item.is_disputed and item.key not in wanted:
            continue
        part = min(check_amount("open amount", item.open_amount), left)
        if part > 0:
            parts.append((item.key, part))
            left -= part
    return Allocation(tuple(parts), left)


def _rank(item: OpenItem, wanted: dict[str, int]) -> tuple:
    return (
        wanted.get(item.key, len(wanted)),
        not item.is_instalment,
        item.due_on,
        item.key,
    )
