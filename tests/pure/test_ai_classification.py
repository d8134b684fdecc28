# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Codes for payers' own wordings, and classes of texts, on texts that others wrote."""

import json

import pytest
from hc_ai_core.advice import advise
from hc_ai_core.classifier import text_features, train
from hc_ai_core.code_texts import CodeTexts
from hc_ai_core.fact_features import fact_features
from hc_ai_core.metrics import (
    accuracy,
    area_under_curve,
    population_stability,
    precision_at,
)
from hypothesis import given
from hypothesis import strategies as st

A_WORD = text_features("word")
EXAMPLES = [
    (text_features(f"{word} {filler} {index}"), label)
    for index in range(8)
    for filler in ("today", "again")
    for word, label in (("card stolen", "card"), ("loan payment", "loan"), ("report error", "file"))
]


def test_a_shortened_wording_means_the_code():
    table = CodeTexts(
        [
            ("27", "Expenses incurred after coverage terminated."),
            ("26", "Expenses incurred prior to coverage."),
            ("197", "Precertification/authorization/notification absent."),
        ]
    )
    answer = table.find("exp incurred after cov term'd")
    assert (answer.code, answer.candidates[0].key) == ("27", "27")
    assert table.find("auth absent").code == "197"


def test_two_codes_equally_near_are_no_answer():
    table = CodeTexts([("1", "Payment denied for exam."), ("2", "Payment denied for exams.")])
    answer = table.find("payment denied")
    assert not answer.code
    assert {match.key for match in answer.candidates} == {"1", "2"}


def test_records_are_advised_on_by_what_was_decided():
    """The same facts lead to the same desk; what is not offered any more is not proposed."""
    examples = [
        (fact_features({"kind": kind, "days": days}), queue)
        for days in range(1, 20)
        for kind, queue in (("coding", "coders"), ("identity", "front desk"))
    ]
    model = train(examples)
    queues = ("coders", "front desk")
    advice = advise(model, {"kind": "coding", "days": 5}, queues, 0.7)
    assert advice.value == "coders"
    assert advice.reasons[0] == "kind: coding"
    assert [value for value, _confidence in advice.alternatives] == ["front desk"]
    unsure = advise(model, {"kind": "never seen"}, queues, 0.7)
    assert (unsure.value, unsure.abstained_because) == (None, "below_floor")
    gone = advise(model, {"kind": "coding", "days": 5}, ("front desk",), 0.7)
    assert (gone.value, gone.abstained_because) == (None, "not_offered")
    assert advise(None, {}, queues, 0.7).abstained_because == "not_trained"


@given(st.text(max_size=500))
def test_any_wording_gives_an_answer_or_none(wording):
    answer = CodeTexts([("1", "Deductible amount"), ("2", "Coinsurance amount")]).find(wording)
    assert answer.code in ("", "1", "2")


def test_what_was_learned_is_used_and_survives_storage():
    model = train(EXAMPLES)
    answer = model.classify(text_features("my card was stolen"))
    assert answer.label == "card"
    assert "card" in answer.terms
    assert sum(chance for _label, chance in answer.chances) == pytest.approx(1)
    stored = json.loads(json.dumps(model.to_data()))
    assert type(model).from_data(stored).classify(text_features("my card was stolen")) == answer
    assert train(EXAMPLES) == model


@pytest.mark.parametrize("examples", [[(A_WORD, "x")] * 9, [(A_WORD, "x")] * 9 + [(A_WORD, "y")]])
def test_too_little_teaches_nothing(examples):
    with pytest.raises(ValueError, match="two classes"):
        train(examples)


def test_measures():
    assert accuracy(["a", "b"], ["a", "a"]) == 0.5
    assert area_under_curve([1, 2, 3], [False, False, True]) == 1.0
    assert precision_at([3, 1, 2], [True, False, False], 2) == 0.5
    assert population_stability([50, 50], [50, 50]) == 0
    assert population_stability([90, 10], [10, 90]) > 0.25
