# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Indicators: definitions refuse contradictions, questions survive the way through a filter."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hc_core import kpi
from hc_core.kpi_question import KpiQuestion
from hypothesis import given
from hypothesis import strategies as st

RATE = kpi.KpiDefinition(
    "rate", "Rate", "a ÷ b", "percent", "higher", "manager", Decimal(80), "own", "m", "_rows",
    is_ratio=True,
)  # fmt: skip

ids = st.none() | st.lists(st.integers(1, 10**9), max_size=5).map(tuple)
questions = st.builds(
    KpiQuestion,
    code=st.text(min_size=1, max_size=20),
    as_of=st.dates(),
    company_id=st.integers(1, 10**9),
    facility_ids=ids,
    payer_ids=ids,
    grouping=st.none() | st.sampled_from(kpi.GROUPINGS),
    group_key=st.none() | st.integers() | st.text(max_size=20),
)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": "hours"}, "kpi_unit_unknown"),
        ({"direction": "up"}, "kpi_direction_unknown"),
        ({"groupings": ("moon",)}, "kpi_grouping_unknown"),
    ],
)
def test_contradictions_are_refused(change, code):
    with pytest.raises(kpi.KpiError) as raised:
        replace(RATE, **change)
    assert raised.value.code == code


def test_a_code_is_defined_once():
    with pytest.raises(kpi.KpiError, match="twice"):
        kpi.registry([RATE, RATE])


def test_nothing_to_divide_by_is_unknown_not_zero():
    assert RATE.figure(Decimal(0), Decimal(0), 0).value is None
    assert RATE.figure(Decimal(0), Decimal(2), 2).value == 0
    assert RATE.figure(Decimal(1), Decimal(3), 3).value == Decimal("33.3333")


def test_direction_decides_what_is_better():
    lower = replace(RATE, direction="lower")
    assert RATE.meets(Decimal(80), Decimal(80))
    assert not lower.meets(Decimal(81), Decimal(80))
    assert RATE.meets(None, Decimal(80)) is None
    assert RATE.improved(Decimal(1), Decimal(2)) is True
    assert lower.improved(Decimal(1), Decimal(2)) is False
    assert RATE.improved(Decimal(1), Decimal(1)) is None


@given(questions)
def test_a_question_reads_back_as_asked(question):
    assert KpiQuestion.from_text(question.to_text()) == question


@given(st.none() | st.integers() | st.text(max_size=50) | st.dictionaries(st.text(), st.integers()))
def test_whatever_is_no_question_is_refused_in_words(value):
    for text in (value, json.dumps(value)):
        with pytest.raises(kpi.KpiError) as raised:
            KpiQuestion.from_text(text)
        assert raised.value.code == "kpi_question_malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"company_id": True},
        {"company_id": "1"},
        {"facility_ids": ["1"]},
        {"facility_ids": 5},
        {"as_of": "soon"},
        {"as_of": 5},
        {"grouping": 5},
        {"group_key": [1]},
        {"more": 1},
    ],
)
def test_each_part_has_its_type(change):
    values = json.loads(KpiQuestion("a", date(2026, 3, 2), 1).to_text()) | change
    with pytest.raises(kpi.KpiError):
        KpiQuestion.from_text(json.dumps(values))
