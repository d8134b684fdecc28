# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Events of Stripe in our words: amounts by currency, days by zone, nothing guessed."""

from datetime import datetime, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hc_core import schema
from hc_webhook_core import events, minor_units, status_maps, stripe_events
from hc_webhook_core.envelope import read_event
from hypothesis import given
from hypothesis import strategies as st

NEW_YORK = ZoneInfo("America/New_York")
# 2026-02-02T02:40:00Z: the evening before in New York.
CREATED = 1769999400
INTENT = {
    "id": "pi_1",
    "object": "payment_intent",
    "amount": 8000,
    "amount_received": 8000,
    "currency": "usd",
    "metadata": {"account_number": "ACC00012", "case_numbers": "C1, C2"},
}
CHARGE = {"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "currency": "usd"}
REFUND = {"id": "re_1", "amount": 1000, "currency": "usd", "status": "succeeded"}
DISPUTE = {"id": "dp_1", "amount": 8000, "currency": "usd", "payment_intent": "pi_1"}


def event(kind, subject, **data):
    return {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "created": CREATED,
        "data": {"object": subject, **data},
    }


def read(kind, subject, zone=NEW_YORK, **data):
    return stripe_events.translate(event(kind, subject, **data), zone)


def charge(amount_refunded=1000, refunds=(REFUND,), **values):
    return CHARGE | {"amount_refunded": amount_refunded, "refunds": {"data": [*refunds]}} | values


@pytest.mark.parametrize(
    ("kind", "subject", "code", "data"),
    [
        ("payment_intent.succeeded", INTENT, "payment.confirmed", {"amount": "80.00"}),
        (
            "payment_intent.succeeded",
            INTENT | {"amount_received": 7500},
            "payment.confirmed",
            {"amount": "75.00", "account_number": "ACC00012", "case_numbers": ["C1", "C2"]},
        ),
        (
            "payment_intent.payment_failed",
            INTENT | {"amount_received": 0, "last_payment_error": {"message": "=declined"}},
            "payment.failed",
            {"amount": "80.00", "note": "declined", "event_reference": "evt_1"},
        ),
        ("payment_intent.canceled", INTENT, "payment.failed", {"reference": "pi_1"}),
        (
            "charge.succeeded",
            CHARGE | {"payment_intent": None, "amount": 500, "captured": True},
            "payment.confirmed",
            {"reference": "ch_1", "amount": "5.00"},
        ),
        ("charge.refunded", charge(), "payment.refunded", {"event_reference": "re_1"}),
        (
            "charge.refund.updated",
            REFUND | {"charge": "ch_1", "payment_intent": "pi_1", "created": CREATED + 86400},
            "payment.refunded",
            {"reference": "pi_1", "happened_on": "2026-02-02", "amount": "10.00"},
        ),
        (
            "charge.dispute.funds_withdrawn",
            DISPUTE,
            "payment.charged_back",
            {"reference": "pi_1", "event_reference": "dp_1"},
        ),
        (
            "charge.dispute.funds_reinstated",
            DISPUTE | {"payment_intent": {"id": "pi_1"}},
            "payment.reversal_undone",
            {"reference": "pi_1"},
        ),
    ],
)
def test_what_moves_money_is_told_in_our_words(kind, subject, code, data):
    reading = read(kind, subject)
    assert (reading.code, reading.problem) == (code, "")
    assert {"happened_on": "2026-02-01", "currency": "USD"} | data == {
        name: reading.data[name] for name in {"happened_on", "currency", *data}
    }
    assert list(schema.problems(events.find(code, 1).schema, reading.data)) == []
    assert (
        read_event(
            event(kind, subject), datetime(2027, 1, 1, tzinfo=timezone.utc), scheme="stripe"
        ).event_type
        == code
    )


@pytest.mark.parametrize(
    ("kind", "subject", "problem"),
    [
        ("payment_intent.processing", INTENT, "no_change"),
        ("charge.succeeded", CHARGE | {"amount": 8000}, "no_change"),
        ("charge.succeeded", {"id": "ch_2", "amount": 5, "captured": False}, "no_change"),
        ("payout.paid", {"id": "po_1"}, "type_unknown"),
        ("charge.dispute.created", DISPUTE, "dispute"),
        ("charge.refunded", charge(refunds=()), "refund_unnamed"),
        ("charge.refunded", CHARGE, "refund_unnamed"),
        ("refund.updated", REFUND | {"status": "failed"}, "refund_failed"),
        ("refund.failed", REFUND | {"status": "failed"}, "refund_failed"),
        ("refund.created", REFUND | {"status": "pending"}, "no_change"),
        ("payment_intent.succeeded", INTENT | {"currency": "usdollar"}, "content_malformed"),
        ("payment_intent.succeeded", INTENT | {"amount_received": "80"}, "content_malformed"),
        ("payment_intent.succeeded", INTENT | {"amount_received": True}, "content_malformed"),
        ("payment_intent.succeeded", {"id": 7}, "content_malformed"),
    ],
)
def test_what_moves_none_says_why(kind, subject, problem):
    reading = read(kind, subject)
    assert (reading.code, reading.problem) == ("", problem)


def test_the_second_refund_is_the_one_that_was_added():
    later = REFUND | {"id": "re_2", "amount": 500, "created": CREATED}
    reading = read(
        "charge.refunded",
        charge(1500, (REFUND, later)),
        previous_attributes={"amount_refunded": 1000},
    )
    assert (reading.data["event_reference"], reading.data["amount"]) == ("re_2", "5.00")
    same = REFUND | {"id": "re_3", "created": CREATED + 5}
    newest = read(
        "charge.refunded",
        charge(2000, (same, REFUND | {"created": CREATED})),
        previous_attributes={"amount_refunded": 1000},
    )
    assert newest.data["event_reference"] == "re_3"


@pytest.mark.parametrize(
    ("currency", "amount", "told"),
    [("usd", 1, "0.01"), ("jpy", 500, "500"), ("kwd", 1234, "1.234"), ("isk", 5000, "50.00")],
)
def test_amounts_are_in_the_currency_s_smallest_unit(currency, amount, told):
    subject = INTENT | {"currency": currency, "amount_received": amount}
    assert read("payment_intent.succeeded", subject).data["amount"] == told


@given(st.integers(0, 10**12), st.sampled_from(["usd", "JPY", "kwd", "xof", "bhd", "eur"]))
def test_no_amount_loses_a_unit(amount, currency):
    major = minor_units.to_major(amount, currency)
    assert major * 10 ** minor_units.decimals_of(currency) == Decimal(amount)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**10) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
_NAMES = (
    *("id", "object", "amount", "currency", "status", "payment_intent", "charge", "refunds"),
    *("metadata", "captured", "amount_refunded", "amount_received", "last_payment_error"),
    "created",
)
_KINDS = st.sampled_from(
    [code for table in status_maps.MAPS if table.system == "stripe_event" for code in table.codes]
)


@given(_KINDS, st.dictionaries(st.sampled_from(_NAMES), _JSON), _JSON)
def test_no_content_breaks_the_reader(kind, subject, previous):
    reading = read(kind, subject, previous_attributes=previous)
    assert bool(reading.code) != bool(reading.problem)
    if reading.code:
        assert list(schema.problems(events.find(reading.code, 1).schema, reading.data)) == []
