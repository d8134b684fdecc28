# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The rule engine: what each outcome means, and that nothing lets a case through."""

import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hc_core.errors import RuleError, RuleSetError
from hc_core.facts import FactSpec, fact_register
from hc_core.operators import OPERATORS
from hc_core.rules import (
    ERROR,
    EXCEPTION,
    FAILED,
    NOT_APPLICABLE,
    PASSED,
    READY,
    Condition,
    Rule,
    RuleSet,
    compile_rule,
)
from hypothesis import given
from hypothesis import strategies as st

REGISTER = fact_register(
    [
        FactSpec("as_of", "date", "Day of evaluation", may_be_unknown=False),
        FactSpec("service_date", "date", "Service date"),
        FactSpec("coverage_end", "date", "Coverage end"),
        FactSpec("is_insured", "boolean", "Insured"),
        FactSpec("days_left", "integer", "Days left to file"),
        FactSpec("total", "decimal", "Total charge"),
        FactSpec("deposit", "decimal", "Deposit"),
        FactSpec("member_id", "text", "Member id"),
        FactSpec("diagnoses", "text_list", "Diagnosis codes"),
        FactSpec("documents", "list", "Documents"),
    ]
)
FACTS = {
    "as_of": date(2026, 3, 1),
    "service_date": date(2026, 2, 20),
    "coverage_end": date(2026, 12, 31),
    "is_insured": True,
    "days_left": 45,
    "total": Decimal("120.50"),
    "deposit": Decimal("20.00"),
    "member_id": "ABC123456789",
    "diagnoses": ("J45.909", "R05"),
    "documents": (1, 2),
}


def judge(*requires, applies=(), severity="error", message="", **changed):
    """Evaluate one rule made of ``fact operator value`` lines."""
    rule = Rule(
        code="R-1",
        severity=severity,
        applies=tuple(Condition(*each.split(" ", 2)) for each in applies),
        requires=tuple(Condition(*each.split(" ", 2)) for each in requires),
        message=message,
    )
    evaluation = RuleSet.compile([rule], REGISTER).evaluate({**FACTS, **changed})
    return evaluation.results[0], evaluation.outcome


@pytest.mark.parametrize(
    ("line", "holds", "breaks"),
    [
        ("member_id is_set", {}, {"member_id": None}),
        ("member_id is_not_set", {"member_id": None}, {}),
        ("member_id is_empty", {"member_id": ""}, {}),
        ("member_id is_empty", {"member_id": None}, {}),
        ("diagnoses is_empty", {"diagnoses": []}, {}),
        ("diagnoses is_not_empty", {}, {"diagnoses": ()}),
        ("is_insured equals yes", {}, {"is_insured": False}),
        ("total equals 120.5", {}, {"total": Decimal("120.51")}),
        ("days_left not_equals 45", {"days_left": 44}, {}),
        ("days_left in 44, 45", {}, {"days_left": 46}),
        ("member_id not_in A, B", {}, {"member_id": "B"}),
        ("days_left greater_than 44", {}, {"days_left": 44}),
        ("days_left at_least 45", {}, {"days_left": 44}),
        ("days_left less_than 46", {}, {"days_left": 46}),
        ("days_left at_most 45", {}, {"days_left": 46}),
        ("total at_least @deposit", {}, {"deposit": Decimal(121)}),
        ("total at_least @days_left", {}, {"days_left": 121}),
        ("days_left between 30..45", {}, {"days_left": 29}),
        ("total between @deposit..200", {}, {"deposit": Decimal(121)}),
        ("service_date before 2026-02-21", {}, {"service_date": date(2026, 2, 21)}),
        (
            "service_date on_or_before @coverage_end",
            {},
            {"coverage_end": date(2026, 1, 1)},
        ),
        ("service_date after as_of-10d", {}, {"service_date": date(2026, 2, 19)}),
        ("service_date on_or_after as_of-9d", {}, {"service_date": date(2026, 2, 19)}),
        ("as_of before @service_date+30d", {}, {"service_date": date(2026, 1, 30)}),
        ("member_id matches [A-Z]{3}\\d{9}", {}, {"member_id": "ABC12345678"}),
        ("member_id starts_with ABC", {}, {"member_id": "XABC"}),
        ("member_id equals @@x", {"member_id": "@x"}, {"member_id": "x"}),
        ("diagnoses contains R05", {}, {"diagnoses": ["R051"]}),
        ("documents count_at_least 2", {}, {"documents": [1]}),
        ("documents count_at_most 2", {}, {"documents": {1, 2, 3}}),
    ],
)
def test_each_operator_holds_and_breaks(line, holds, breaks):
    result, verdict = judge(line, **holds)
    assert (result.outcome, verdict) == (PASSED, READY)
    result, verdict = judge(line, **breaks)
    assert (result.outcome, verdict) == (FAILED, EXCEPTION)


def test_the_table_above_covers_every_operator():
    marks = test_each_operator_holds_and_breaks.pytestmark[0].args[1]
    assert {line.split(" ")[1] for line, _holds, _breaks in marks} == set(OPERATORS)


def test_an_unknown_requirement_fails():
    for line in ("days_left at_least 1", "days_left not_equals 1"):
        result, outcome = judge(line, days_left=None)
        assert (result.outcome, outcome) == (FAILED, EXCEPTION)
        assert result.detail == f"{line}: unknown"


def test_an_unknown_applicability_errs_instead_of_skipping():
    result, outcome = judge("member_id is_set", applies=["is_insured equals yes"], is_insured=None)
    assert (result.outcome, outcome) == (ERROR, EXCEPTION)


def test_a_false_applicability_outweighs_an_unknown_one_in_any_order():
    applies = ["is_insured equals yes", "days_left at_least 1"]
    for order in (applies, applies[::-1]):
        result, outcome = judge("member_id is_set", applies=order, is_insured=False, days_left=None)
        assert (result.outcome, outcome) == (NOT_APPLICABLE, READY)


@pytest.mark.parametrize(
    "bad",
    [
        {"days_left": "45"},
        {"days_left": True},
        {"days_left": 45.0},
    ],
)
@pytest.mark.parametrize("severity", ["error", "hold", "warning", "info"])
def test_a_rule_that_errs_holds_whatever_its_severity(bad, severity):
    result, outcome = judge("days_left at_least 1", severity=severity, **bad)
    assert (result.outcome, outcome) == (ERROR, EXCEPTION)
    assert str(bad["days_left"]) not in result.detail


@pytest.mark.parametrize(
    ("line", "changed", "reason"),
    [
        ("total at_least 1", {"total": Decimal("NaN")}, "finite"),
        ("service_date is_set", {"service_date": datetime(2026, 1, 1)}, "datetime"),
        ("diagnoses contains A", {"diagnoses": None}, "missing"),
        ("diagnoses contains A", {"diagnoses": [1]}, "other than texts"),
        ("as_of is_set", {"as_of": None}, "missing"),
        ("member_id matches A*", {"member_id": "A" * 300}, "subject_too_long"),
        ("as_of before as_of+99999d", {"as_of": date.max}, "OverflowError"),
    ],
)
def test_bad_facts_err_with_a_reason(line, changed, reason):
    result, outcome = judge(line, **changed)
    assert (result.outcome, outcome) == (ERROR, EXCEPTION)
    assert reason in result.detail


def test_only_error_and_hold_block():
    for severity, verdict in {
        "error": EXCEPTION,
        "hold": EXCEPTION,
        "warning": READY,
        "info": READY,
    }.items():
        assert judge("days_left at_least 99", severity=severity)[1] == verdict


def test_the_message_shows_values_and_the_detail_none():
    result, _outcome = judge(
        "days_left at_least 99", message="{days_left} days left, {member_id}, {other}"
    )
    assert result.message == "45 days left, ABC123456789, {?other}"
    assert result.detail == "days_left at_least 99"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("member is_set", "fact_unknown"),
        ("member_id resembles A", "operator_unknown"),
        ("member_id at_least 3", "operator_not_for_type"),
        ("member_id is_set yes", "value_not_expected"),
        ("member_id equals", "value_invalid"),
        ("member_id matches (a+)+", "value_invalid"),
        ("member_id matches", "value_invalid"),
        ("days_left at_least 1.5", "value_invalid"),
        ("days_left at_least @member_id", "value_invalid"),
        ("days_left at_least @nothing", "value_invalid"),
        ("days_left at_least @days_left+3d", "value_invalid"),
        ("days_left between 5..1", "value_invalid"),
        ("days_left between 5", "value_invalid"),
        ("days_left in 1,,2", "value_invalid"),
        ("is_insured equals maybe", "value_invalid"),
        ("total at_most 1e5", "value_invalid"),
        ("service_date before 2026-02-30", "value_invalid"),
        ("service_date before 2026-W01-1", "value_invalid"),
        ("service_date before as_of-3", "value_invalid"),
        ("documents count_at_least -1", "value_invalid"),
    ],
)
def test_a_wrong_condition_is_refused_with_where_and_why(line, code):
    with pytest.raises(RuleError) as refusal:
        compile_rule(Rule("R-9", "error", (Condition(*line.split(" ", 2)),)), REGISTER)
    assert refusal.value.code == code
    assert "R-9" in refusal.value.message
    assert line in refusal.value.message
    assert "{" not in refusal.value.message.replace("{3", "")


def test_wrong_rules_are_refused():
    condition = (Condition("as_of", "is_set"),)
    for rule, code in (
        (Rule("", "error", condition), "rule_code_invalid"),
        (Rule("R-1", "fatal", condition), "rule_severity_unknown"),
        (Rule("R-1", "error", ()), "rule_requires_nothing"),
    ):
        with pytest.raises(RuleError) as refusal:
            compile_rule(rule, REGISTER)
        assert refusal.value.code == code


def test_a_rule_set_reports_all_its_problems_at_once():
    rules = [
        Rule("A", "fatal", (Condition("as_of", "is_set"),)),
        Rule("B", "error", (Condition("nothing", "is_set"),)),
    ]
    with pytest.raises(RuleSetError) as refusal:
        RuleSet.compile(rules, REGISTER)
    assert refusal.value.params["count"] == 2


def test_a_set_without_rules_or_with_a_code_twice_is_refused():
    rule = Rule("A", "error", (Condition("as_of", "is_set"),))
    for rules, code in (([], "rule_set_empty"), ([rule, rule], "rule_code_repeated")):
        with pytest.raises(RuleSetError) as refusal:
            RuleSet.compile(rules, REGISTER)
        assert refusal.value.code == code


def test_a_fact_is_registered_once():
    spec = FactSpec("units", "integer", "Units")
    with pytest.raises(RuleSetError):
        fact_register([spec, spec])


def test_results_keep_their_order_and_the_digest_its_content():
    first = Rule("B", "error", (Condition("as_of", "is_set"),), sequence=1)
    second = Rule("A", "error", (Condition("as_of", "is_set"),), sequence=2)
    rule_set = RuleSet.compile([second, first], REGISTER)
    assert [result.code for result in rule_set.evaluate(FACTS).results] == ["B", "A"]
    assert rule_set.digest == RuleSet.compile([first, second], REGISTER).digest
    assert rule_set.digest != RuleSet.compile([first], REGISTER).digest


ALL_TYPES = RuleSet.compile(
    [
        Rule(f"R-{position}", "info", requires, applies, "{member_id} {total}")
        for position, (requires, applies) in enumerate(
            [
                ((Condition("days_left", "between", "1..9"),), ()),
                (
                    (Condition("member_id", "matches", "[A-Z]+"),),
                    (Condition("is_insured", "equals", "no"),),
                ),
                (
                    (Condition("service_date", "before", "@coverage_end-3d"),),
                    (Condition("total", "greater_than", "@deposit"),),
                ),
                (
                    (Condition("diagnoses", "contains", "A"),),
                    (Condition("documents", "count_at_least", "1"),),
                ),
            ]
        )
    ],
    REGISTER,
)
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.text(),
    st.binary(),
    st.lists(st.one_of(st.text(), st.integers())),
    st.just(object()),
)


@given(st.dictionaries(st.sampled_from(sorted(REGISTER)), ANYTHING))
def test_evaluation_never_raises_and_errors_always_hold(facts):
    evaluation = ALL_TYPES.evaluate(facts)
    outcomes = [result.outcome for result in evaluation.results]
    assert len(outcomes) == 4
    assert (evaluation.outcome == EXCEPTION) == (ERROR in outcomes)
    assert set(json.loads(json.dumps(evaluation.trace()))) == {
        result.code for result in evaluation.results
    }


def test_facts_that_cannot_even_be_read_hold_the_case():
    for facts in (None, 7, {}, object()):
        evaluation = ALL_TYPES.evaluate(facts)
        assert {result.outcome for result in evaluation.results} == {ERROR}
        assert evaluation.outcome == EXCEPTION
        assert len(evaluation.findings) == 4
