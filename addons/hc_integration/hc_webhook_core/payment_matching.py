# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a payment processor says that it moved, against what is booked here, one by one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from .minor_units import to_major
from .stripe_events import payment_of

PAYMENT, REFUND, WITHDRAWAL, RETURN = "payment", "refund", "withdrawal", "return"
# What comes in counts as it is, what goes out below zero.
SIGNS = {PAYMENT: 1, REFUND: -1, WITHDRAWAL: -1, RETURN: 1}
SETTLED, PENDING, AUTHORIZED, FAILED = "settled", "pending", "authorized", "failed"
MATCHED, OURS_ONLY, THEIRS_ONLY = "matched", "ours_only", "theirs_only"
# The lists that are asked for, in this order.
LISTS = ("charges", "refunds", "balance_transactions")

_REFUND_STATES = {"succeeded": SETTLED, "failed": FAILED, "canceled": FAILED}
_DISPUTE_KINDS = {"dispute": WITHDRAWAL, "dispute_reversal": RETURN}


class ListError(Exception):
    """A page of a processor's list that is none; holds nothing of what it said."""


@dataclass(frozen=True)
class Movement:
    """Money that moved, or is about to.

    :ivar key: what the processor calls the movement: PaymentIntent, refund or dispute
    :ivar reference: what it calls the payment
    :ivar amount: without sign
    :ivar created: seconds since 1970; 0 where it is not known
    """

    kind: str
    key: str
    reference: str
    amount: Decimal
    currency: str
    status: str
    created: int = 0


def compare(theirs: Movement | None, ours: Movement | None) -> str:
    """How one movement is told by both sides.

    :return: ``matched``; ``theirs_only`` or ``ours_only`` where only one has the money;
        ``status``, ``currency`` or ``amount`` where they tell it differently; ``pending`` where
        nobody has it yet

    >>> paid = Movement(PAYMENT, "pi_1", "pi_1", Decimal(5), "USD", SETTLED)
    >>> compare(paid, None), compare(None, paid), compare(paid, paid)
    ('theirs_only', 'ours_only', 'matched')
    """
    has_theirs = theirs is not None and theirs.status == SETTLED
    has_ours = ours is not None and ours.status == SETTLED
    if not (has_theirs and has_ours):
        if not (has_theirs or has_ours):
            return PENDING
        if theirs is None or ours is None:
            return THEIRS_ONLY if has_theirs else OURS_ONLY
        return "status"
    if theirs.currency != ours.currency:
        return "currency"
    return MATCHED if theirs.amount == ours.amount else "amount"


def day_bounds(day: date, zone: tzinfo) -> tuple[int, int]:
    """First second of a day, and of the next, in seconds since 1970.

    >>> from zoneinfo import ZoneInfo
    >>> first, after = day_bounds(date(2026, 3, 8), ZoneInfo("America/New_York"))
    >>> (after - first) // 3600
    23
    """
    start, end = (
        datetime.combine(each, time(), tzinfo=zone) for each in (day, day + timedelta(days=1))
    )
    return int(start.timestamp()), int(end.timestamp())


def last_whole_day(moment: datetime, zone: tzinfo, grace: timedelta) -> date:
    """The last day that is over, some hours after its end: late events have come by then.

    :param moment: with a time zone
    """
    return (moment.astimezone(zone) - grace).date() - timedelta(days=1)


def read_page(name: str, document: Any) -> tuple[list[Movement], str, bool]:
    """Read a page of one of :data:`LISTS`.

    :return: (movements, id of the last row, whether there are more)
    :raises ListError: it is no page of such a list
    """
    try:
        rows = document["data"]
        movements = [each for row in rows if (each := _READERS[name](row)) is not None]
        has_more = document["has_more"]
        last = rows[-1]["id"] if rows else ""
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise ListError(name) from None
    if not isinstance(last, str) or not isinstance(has_more, bool):
        raise ListError(name)
    return movements, last, has_more and bool(rows)


def unify(movements: Iterable[Movement]) -> list[Movement]:
    """One movement for each key: of several attempts of a payment the one that came furthest.

    >>> tries = [Movement(PAYMENT, "pi", "pi", Decimal(1), "USD", s) for s in (FAILED, SETTLED)]
    >>> [each.status for each in unify(tries)]
    ['settled']
    """
    best: dict[tuple[str, str], Movement] = {}
    for each in movements:
        known = best.get((each.kind, each.key))
        if known is None or rank(each.status) > rank(known.status):
            best[each.kind, each.key] = each
    return list(best.values())


def rank(status: str) -> int:
    """How far a movement has come."""
    return (FAILED, PENDING, AUTHORIZED, SETTLED).index(status)


def _read_charge(row: Mapping[str, Any]) -> Movement:
    status = {"succeeded": SETTLED, "pending": PENDING}.get(row["status"], FAILED)
    amount = row["amount"]
    if status == SETTLED and row.get("captured") is False:
        status = AUTHORIZED
    elif status == SETTLED and row.get("amount_captured"):
        amount = row["amount_captured"]
    return _movement(PAYMENT, payment_of(row), row, amount, status)


def _read_refund(row: Mapping[str, Any]) -> Movement:
    status = _REFUND_STATES.get(row.get("status") or "succeeded", PENDING)
    return _movement(REFUND, row["id"], row, row["amount"], status)


def _read_balance(row: Mapping[str, Any]) -> Movement | None:
    dispute = row.get("source")
    kind = _DISPUTE_KINDS.get(row.get("reporting_category"))
    if kind is None or not isinstance(dispute, dict):
        return None
    # The balance is kept in the currency of the bank account; the dispute in that of the payment.
    return _movement(kind, dispute["id"], dispute, dispute["amount"], SETTLED, row["created"])


def _movement(kind, key, row, amount, status, created=None):
    if not isinstance(key, str) or not 0 < len(key) <= 128:
        raise ValueError(kind)
    currency = row["currency"].upper()
    return Movement(
        kind,
        key,
        payment_of(row)[:128],
        to_major(int(amount), currency),
        currency,
        status,
        int(created or row["created"]),
    )


_READERS = {
    "charges": _read_charge,
    "refunds": _read_refund,
    "balance_transactions": _read_balance,
}
