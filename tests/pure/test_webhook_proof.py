# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a system says that it sent against what is held: no difference is missed or made up."""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hc_webhook_core import health, proof
from hc_webhook_core.health import Figures
from hc_webhook_core.proof import Finding, Held, Told
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 5, 4, 12)
PAID = "payment.confirmed"


def _found(told, held, missing=(), unknown=()):
    return proof.compare(proof.arrange(told, held), dict(missing), dict(unknown))


def test_what_agrees_leaves_nothing():
    told = [Told(PAID, 2, "USD", Decimal("10.5")), Told("coding.approved", 1)]
    held = [Held(PAID, 2, "USD", Decimal("10.50")), Held("coding.approved", 1)]
    assert _found(told, held) == []


def test_each_kind_of_difference_is_named():
    told = [Told(PAID, 3, "USD", Decimal(30)), Told("coding.approved", 2, message_ids=("a", "b"))]
    held = [Held(PAID, 2, "USD", Decimal(20)), Held("claim.status", 1)]
    assert _found(told, held, {"coding.approved": ["b", "a"]}, {"coding.approved": ["x"]}) == [
        Finding("missing", "coding.approved", "a"),
        Finding("missing", "coding.approved", "b"),
        Finding("unknown", "coding.approved", "x"),
        Finding("count", "claim.status", "", "0", "1"),
        Finding("count", PAID, "USD", "3", "2"),
        Finding("amount", PAID, "USD", "30", "20"),
    ]


def test_a_type_told_without_currency_counts_them_together():
    held = [Held(PAID, 2, "USD", Decimal(20)), Held(PAID, 1, "EUR", Decimal(5))]
    assert _found([Told(PAID, 3)], held) == []
    assert [each.key for each in _found([Told(PAID, 2, "USD")], held)] == [("count", PAID, "EUR")]


def test_very_many_missing_ids_are_few_findings():
    ids = [f"m{number:05}" for number in range(20_000)]
    found = _found([Told("coding.approved", len(ids), message_ids=tuple(ids))], [], {
        "coding.approved": ids
    })  # fmt: skip
    assert len(found) == proof.MAX_NAMED + 1
    assert found[-1] == Finding("more", "coding.approved", "missing", "19900")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ({"event_type": PAID, "count": 1, "amount": "3"}, "/totals/1/currency"),
        ({"event_type": PAID, "count": 2, "message_ids": ["a", "a"]}, "/totals/1/message_ids"),
        ({"event_type": "coding.approved", "count": 2}, "/totals/1: coding.approved"),
        ({"event_type": "coding.approved", "count": 2, "currency": "USD"}, "/totals/1: coding"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_place(row, complaint):
    rows = [{"event_type": "coding.approved", "count": 1}, row]
    with pytest.raises(proof.TotalsError, match=complaint):
        proof.read_totals({"day": "2026-05-04", "totals": rows})


_TYPES = st.sampled_from([PAID, "coding.approved", "charge.posted"])


@given(st.lists(st.tuples(_TYPES, st.integers(0, 30))), st.lists(st.tuples(_TYPES, st.just(1))))
def test_counts_differ_where_and_only_where_they_do(sent, lost):
    told, here = Counter(), Counter()
    for event_type, count in sent:
        told[event_type] += count
    for event_type, count in lost:
        here[event_type] += count
    found = _found(
        [Told(name, count) for name, count in told.items()],
        [Held(name, count) for name, count in here.items()],
    )
    differing = {name for name in {*told, *here} if told[name] != here[name]}
    assert {each.event_type for each in found} == differing
    assert {each.kind for each in found} <= {"count"}


AGO = {name: NOW - timedelta(hours=hours) for name, hours in (("hour", 1), ("day", 24))}


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        (Figures(done=95, failed=5), ("green", ())),
        (Figures(done=80, failed=20), ("amber", ("some_fail",))),
        (Figures(done=1, failed=3), ("green", ())),
        (Figures(done=2, failed=3), ("red", ("failing",))),
        (Figures(oldest_unresolved_at=AGO["hour"]), ("amber", ("slow",))),
        (Figures(oldest_unresolved_at=AGO["day"]), ("red", ("stuck",))),
        (Figures(oldest_out_at=AGO["day"], dead_out=1), ("red", ("stuck_out", "dead_letters"))),
        (Figures(next_expected_at=NOW), ("green", ())),
        (Figures(next_expected_at=AGO["hour"]), ("red", ("silent",))),
        (Figures(state="paused", next_expected_at=AGO["hour"]), ("amber", ("paused",))),
        (Figures(poll_error=True, endpoints_down=1), ("red", ("endpoint_down", "poll_failed"))),
        (Figures(drop_error=True), ("red", ("folder_failed",))),
        (Figures(differences=1, not_told=2), ("amber", ("differences", "not_told"))),
        (Figures(given_up=1, refused=9), ("amber", ("given_up",))),
        (Figures(refused=10), ("amber", ("refused",))),
        (Figures(state="retired", dead_out=5), ("none", ())),
    ],
)
def test_the_level_and_its_reasons(figures, expected):
    assert health.judge(figures, NOW) == expected
