# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Events of Stripe in our words: what a payment is called, how much, on which day.

A payment is called by its PaymentIntent; one without any by its charge. What tells nothing of
money, or cannot be read, says so and is kept by the caller: nothing is guessed, nothing is lost.

Source: Stripe API reference, objects Event, PaymentIntent, Charge, Refund and Dispute.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from . import status_maps
from .minor_units import to_major

TYPE = re.compile(r"[a-z0-9_.]{1,100}", re.ASCII)
_CURRENCY = re.compile(r"[A-Za-z]{3}", re.ASCII)
_MAX_TEXT, _MAX_NOTE, _MAX_CASES = 64, 500, 50
_UNSETTLED = ("pending", "requires_action")
_NOT_REFUNDED = ("failed", "canceled")
# Types whose subject is the refund itself; "charge.refunded" is about the charge.
_REFUND_TYPES = ("charge.refund.updated", "refund.created", "refund.updated", "refund.failed")


@dataclass(frozen=True)
class Reading:
    """What an event says in our words.

    :ivar code: the canonical event; empty where it is none
    :ivar data: what the canonical event says
    :ivar subject: what it is about, as Stripe calls it; events about the same keep their order
    :ivar problem: why it is no canonical event: ``no_change``, ``type_unknown``,
        ``refund_unnamed``, ``refund_failed``, ``dispute`` or ``content_malformed``
    """

    code: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    subject: str = ""
    problem: str = ""


class _Unread(Exception):
    """Why an event is none of ours."""


def is_native(document: Any) -> bool:
    """Whether a JSON document is an event of Stripe, and no CloudEvents envelope."""
    return isinstance(document, dict) and "specversion" not in document


def translate(document: Mapping[str, Any], zone: tzinfo) -> Reading:
    """Read an event of Stripe.

    :param document: the whole event
    :param zone: time zone of the company, by whose calendar the day is told
    """
    data = document.get("data")
    subject = data.get("object") if isinstance(data, dict) else None
    if not isinstance(subject, dict) or not isinstance(subject.get("id"), str):
        return Reading(problem="content_malformed")
    name = payment_of(subject)
    try:
        outcome = status_maps.translate("payment", "stripe_event", str(document.get("type")))
        code, values = _read(document, subject, outcome)
        return Reading(f"payment.{code}", values | _read_day(document, values, zone), name)
    except status_maps.UnknownStatusError:
        return Reading(subject=name, problem="type_unknown")
    except _Unread as reason:
        return Reading(subject=name, problem=str(reason))


def payment_of(subject: Mapping[str, Any]) -> str:
    """What the payment is called that an object belongs to.

    >>> payment_of({"id": "ch_1", "object": "charge", "payment_intent": "pi_1"})
    'pi_1'
    >>> payment_of({"id": "dp_1", "object": "dispute", "charge": {"id": "ch_1"}})
    'ch_1'
    """
    for name in ("payment_intent", "charge"):
        value = subject.get(name)
        value = value.get("id") if isinstance(value, dict) else value
        if isinstance(value, str) and value:
            return value
    return subject["id"]


def _read(document, subject, outcome):
    kind = document["type"]
    if kind in _REFUND_TYPES:
        return _read_refund(subject)
    if kind == "charge.refunded":
        return _read_refund(_find_refund(document, subject), charge=subject)
    if kind.startswith("charge.dispute."):
        if outcome is None:
            raise _Unread("dispute")
        return outcome, _read_money(subject, subject.get("amount")) | {
            "event_reference": subject["id"]
        }
    is_of_intent = kind.startswith("charge.") and subject.get("payment_intent")
    is_held = kind == "charge.succeeded" and subject.get("captured") is False
    if outcome is None or is_of_intent or is_held:
        # The intent tells it; or the money is only held.
        raise _Unread("no_change")
    return outcome, _read_payment(document, subject, outcome)


def _read_payment(document, subject, outcome):
    received = subject.get("amount_received") or subject.get("amount_captured")
    amount = received if outcome == "confirmed" and received else subject.get("amount")
    values = _read_money(subject, amount) | _read_names(subject)
    if outcome == "failed":
        # A payment may fail several times: each attempt is a report of its own.
        values["event_reference"] = str(document.get("id"))[:128]
        error = subject.get("last_payment_error")
        reason = error.get("message") if isinstance(error, dict) else subject.get("failure_message")
        values |= _read_note(reason)
    return values


def _find_refund(document, charge):
    """The refund that an event about its charge tells of: the newest of the amount that was added.

    Newer versions of the API leave the list out; then the refund's own event tells it.
    """
    refunds = charge.get("refunds")
    rows = refunds.get("data") if isinstance(refunds, dict) else None
    rows = [row for row in rows or () if isinstance(row, dict) and isinstance(row.get("id"), str)]
    before = document["data"].get("previous_attributes")
    before = before.get("amount_refunded") if isinstance(before, dict) else None
    if _is_whole(before) and _is_whole(charge.get("amount_refunded")):
        added = charge["amount_refunded"] - before
        rows = [row for row in rows if row.get("amount") == added]
    if not rows:
        raise _Unread("refund_unnamed")
    return max(rows, key=lambda row: row["created"] if _is_whole(row.get("created")) else 0)


def _read_refund(refund, charge=None):
    status = refund.get("status") or "succeeded"
    if status in _NOT_REFUNDED:
        raise _Unread("refund_failed")
    if status in _UNSETTLED:
        raise _Unread("no_change")
    owner = refund if refund.get("payment_intent") or refund.get("charge") else charge or refund
    values = _read_money(refund, refund.get("amount"))
    values |= {"reference": payment_of(owner)[:128], "event_reference": refund["id"][:128]}
    if _is_whole(refund.get("created")):
        values["created"] = refund["created"]
    return "refunded", values


def _read_money(subject, amount):
    currency = subject.get("currency")
    is_sound = isinstance(currency, str) and _CURRENCY.fullmatch(currency)
    if not is_sound or not _is_whole(amount):
        raise _Unread("content_malformed")
    return {
        "reference": payment_of(subject)[:128],
        "amount": f"{to_major(amount, currency):f}",
        "currency": currency.upper(),
    }


def _read_names(subject):
    """Whose payment it is, where the payment page was given our account or case numbers."""
    metadata = subject.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    names = {}
    account = metadata.get("account_number")
    if isinstance(account, str) and 0 < len(account) <= _MAX_TEXT:
        names["account_number"] = account
    cases = metadata.get("case_numbers")
    if isinstance(cases, str):
        numbers = [number.strip() for number in cases.split(",") if number.strip()]
        if numbers and max(map(len, numbers)) <= _MAX_TEXT:
            names["case_numbers"] = numbers[:_MAX_CASES]
    return names


def _read_note(text):
    # What begins like a formula is refused further on.
    note = text.lstrip("=+-@\t\r\n ")[:_MAX_NOTE] if isinstance(text, str) else ""
    return {"note": note} if note else {}


def _read_day(document, values, zone):
    created = values.pop("created", document.get("created"))
    if not _is_whole(created) or not 0 < created < 2**33:
        raise _Unread("content_malformed")
    return {"happened_on": datetime.fromtimestamp(created, zone).date().isoformat()}


def _is_whole(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
