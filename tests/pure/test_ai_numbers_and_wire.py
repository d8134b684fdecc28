# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Amounts that stand out, confidence that means something, and what goes over the line."""

import random
from decimal import Decimal

import pytest
from hc_ai_core import chat_completions, messages_api
from hc_ai_core.anomalies import Entry, find_anomalies
from hc_ai_core.calibration import Calibration, Scores, gate_problems
from hc_ai_core.metrics import expected_calibration_error
from hc_ai_core.providers import ProviderError, Question
from hypothesis import given
from hypothesis import strategies as st

QUESTION = Question("m", "do", "data", {"type": "object"}, 100)


def test_more_than_was_charged():
    entries = [Entry(1, "p", Decimal("90.00"), ceiling=Decimal("80.00"))]
    (anomaly,) = find_anomalies(entries)
    assert (anomaly.reason, anomaly.expected) == ("above_charge", Decimal("80.00"))
    assert find_anomalies([Entry(1, "p", Decimal("80.00"), ceiling=Decimal("80.00"))]) == []


def test_a_fact_told_twice():
    entries = [Entry(key, "p", Decimal(10), fingerprint=("c", 10)) for key in (1, 2)]
    (anomaly,) = find_anomalies(entries)
    assert (anomaly.key, anomaly.reason) == (2, "told_twice")


@given(st.lists(st.decimals(-1000, 1000, places=2), max_size=40))
def test_any_amounts_are_judged(amounts):
    entries = [Entry(key, "p", amount) for key, amount in enumerate(amounts)]
    keys = [anomaly.key for anomaly in find_anomalies(entries)]
    assert len(keys) == len(set(keys))


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=80))
def test_calibrated_confidence_rises_with_the_claim(decided):
    claims, right = zip(*decided, strict=True)
    calibration = Calibration.fit(claims, right)
    confidences = [calibration.confidence(claim) for claim in sorted(claims)]
    assert confidences == sorted(confidences)
    assert all(0 < confidence < 1 for confidence in confidences)


def test_boasting_is_brought_down():
    chance = random.Random(3)
    claims = [chance.uniform(0.7, 1.0) for _case in range(2_000)]
    right = [chance.random() < claim - 0.3 for claim in claims]
    calibration = Calibration.fit(claims[:1_000], right[:1_000])
    before = expected_calibration_error(claims[1_000:], right[1_000:])
    told = [calibration.confidence(claim) for claim in claims[1_000:]]
    assert before > 0.25
    assert expected_calibration_error(told, right[1_000:]) < 0.06


def test_a_worse_model_stays_out():
    good, bad = Scores(500, 0.9, 0.88, 0.03), Scores(20, 0.6, 0.5, 0.2)
    limits = {"least_count": 100, "least_accuracy": 0.8}
    assert gate_problems(good, None, **limits) == []
    assert len(gate_problems(bad, good, **limits)) == 4


@pytest.mark.parametrize("adapter", [chat_completions, messages_api])
def test_the_key_is_no_part_of_the_request(adapter):
    request = adapter.build(QUESTION)
    assert not {"Authorization", "x-api-key"} & set(request.headers)
    assert "secret" in str(adapter.key_header("secret"))
    assert request.body["model"] == "m"
    assert "tools" not in request.body


def test_answers_of_both_formats():
    body = {
        "choices": [{"message": {"content": "{}"}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 2},
    }
    reply = chat_completions.read(200, body)
    assert (reply.text, reply.input_tokens, reply.output_tokens) == ("{}", 7, 2)
    assert reply.is_complete
    body = {
        "content": [{"type": "text", "text": "{}"}],
        "stop_reason": "max_tokens",
        "usage": {"input_tokens": "many"},
    }
    reply = messages_api.read(200, body)
    assert (reply.text, reply.input_tokens, reply.is_complete) == ("{}", 0, False)


@pytest.mark.parametrize("adapter", [chat_completions, messages_api])
@pytest.mark.parametrize(
    ("status", "body", "code", "is_passing"),
    [
        (401, {}, "refused_key", False),
        (429, {}, "busy", True),
        (503, {}, "failed", True),
        (400, {}, "refused", False),
        (302, {}, "refused", False),
        (200, None, "unreadable", True),
        (200, {"choices": [], "content": []}, "unreadable", True),
        (200, {"choices": "x", "content": "x"}, "unreadable", True),
        (200, {"choices": [{"message": {"content": 7}}], "content": [{}]}, "unreadable", True),
        (200, [], "unreadable", True),
    ],
)
def test_what_is_no_answer(adapter, status, body, code, is_passing):
    with pytest.raises(ProviderError) as error:
        adapter.read(status, body)
    assert (error.value.code, error.value.is_passing) == (code, is_passing)
