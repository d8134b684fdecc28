# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The daily proof of a connected system: what it says that it sent against what is held here.

A system tells, for one day and each type of event, how many messages it sent, the sum of their
amounts, and their ids if it likes. Whoever holds other figures has lost something, or holds what
nobody sent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from . import events

# Days begin earlier in the east.
LONGEST_AHEAD = timedelta(days=1)
# Ids named one by one, of one type and day; whatever is beyond is one finding.
MAX_NAMED = 100


class TotalsError(ValueError):
    """What a system told contradicts itself; the text says where and why."""


@dataclass(frozen=True)
class Told:
    """What a system says that it sent of one type (and currency) on one day.

    :ivar amount: sum of the amounts, where it told one
    :ivar message_ids: ids of the messages, where it told them
    """

    event_type: str
    count: int
    currency: str = ""
    amount: Decimal | None = None
    message_ids: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Held:
    """What is held of one type (and currency) for one day.

    :ivar unfinished: how many of them have not been applied: failed, refused or waiting
    :ivar amount: sum of the amounts, where the type has amounts
    """

    event_type: str
    count: int = 0
    currency: str = ""
    amount: Decimal | None = None
    unfinished: int = 0


@dataclass(frozen=True)
class Finding:
    """One difference.

    :ivar kind: ``missing`` (a message that is not here), ``unknown`` (one here that they did not
        send), ``count``, ``amount``, ``gap`` (numbers left out), ``more`` (further ids)
    :ivar reference: id of the message, currency, or the numbers; with kind and type it is the same
        difference whenever it is looked for
    """

    kind: str
    event_type: str
    reference: str = ""
    told: str = ""
    held: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings the same one."""
        return self.kind, self.event_type, self.reference


def has_amounts(event_type: str) -> bool:
    """Whether events of a type carry an amount and its currency.

    >>> has_amounts("payment.confirmed"), has_amounts("coding.approved"), has_amounts("unheard.of")
    (True, False, False)
    """
    definition = events.find(event_type, 1)
    return bool(definition and {"amount", "currency"} <= definition.schema["properties"].keys())


def read_totals(data: Mapping[str, Any]) -> tuple[Told, ...]:
    """What the event ``source.totals`` tells; its schema was checked before.

    :raises TotalsError: a type told twice, ids that are not as many as the count, an amount
        without currency, or one type with and without currency
    """
    told = tuple(_read_row(place, row) for place, row in enumerate(data["totals"]))
    seen: dict[str, set[str]] = {}
    for place, row in enumerate(told):
        known = seen.setdefault(row.event_type, set())
        if row.currency in known or (known and "" in known | {row.currency}):
            raise TotalsError(f"/totals/{place}: {row.event_type} was told before")
        known.add(row.currency)
    return told


def _read_row(place: int, row: Mapping[str, Any]) -> Told:
    ids = row.get("message_ids")
    if ids is not None and len(set(ids)) != row["count"]:
        raise TotalsError(f"/totals/{place}/message_ids: not as many different ids as the count")
    currency = row.get("currency", "")
    if "amount" in row and not currency:
        raise TotalsError(f"/totals/{place}/currency: give the currency of the amount")
    return Told(
        row["event_type"],
        row["count"],
        currency,
        Decimal(row["amount"]) if "amount" in row else None,
        tuple(dict.fromkeys(ids)) if ids is not None else None,
    )


def arrange(told: Iterable[Told], held: Iterable[Held]) -> list[tuple[Told | None, Held]]:
    """Put side by side what was told and what is held, by type and currency.

    Where a system tells no currency of a type, all that is held of it counts together.
    """
    told_by_key = {(row.event_type, row.currency): row for row in told}
    apart = {kind for kind, currency in told_by_key if currency}
    plain = {kind for kind, currency in told_by_key if not currency}
    held_by_key: dict[tuple[str, str], Held] = {}
    for row in held:
        together = row.event_type in plain and row.event_type not in apart
        key = (row.event_type, "" if together else row.currency)
        known = held_by_key.get(key, Held(key[0], currency=key[1]))
        amount = None if together or row.amount is None else (known.amount or 0) + row.amount
        held_by_key[key] = Held(
            key[0], known.count + row.count, key[1], amount, known.unfinished + row.unfinished
        )
    return [
        (told_by_key.get(key), held_by_key.get(key, Held(key[0], currency=key[1])))
        for key in sorted(told_by_key.keys() | held_by_key.keys())
    ]


def compare(
    pairs: Iterable[tuple[Told | None, Held]],
    missing: Mapping[str, Iterable[str]],
    unknown: Mapping[str, Iterable[str]],
    gaps: Iterable[Finding] = (),
) -> list[Finding]:
    """The differences of a day that was told.

    :param pairs: of :func:`arrange`
    :param missing: by type, ids that were told and are not here
    :param unknown: by type, ids that are here and were not told, of types told with their ids
    :param gaps: numbers that were left out
    """
    found = list(gaps)
    for event_type in sorted({*missing, *unknown}):
        for kind, ids in (("missing", missing), ("unknown", unknown)):
            found += _name_ids(kind, event_type, sorted(ids.get(event_type, ())))
    for told, held in pairs:
        # Ids explain a count; without them it stands alone.
        if told is None or told.message_ids is None:
            count = told.count if told else 0
            if count != held.count:
                found.append(
                    Finding("count", held.event_type, held.currency, str(count), str(held.count))
                )
        if told is not None and told.amount is not None and told.amount != (held.amount or 0):
            found.append(
                Finding(
                    "amount",
                    held.event_type,
                    held.currency,
                    str(told.amount),
                    str(held.amount or Decimal(0)),
                )
            )
    return found


def _name_ids(kind, event_type, ids):
    named = [Finding(kind, event_type, name) for name in ids[:MAX_NAMED]]
    rest = len(ids) - len(named)
    return [*named, Finding("more", event_type, kind, str(rest))] if rest else named
