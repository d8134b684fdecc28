# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Text from outside is data: values stand in it literally, and what it orders is ignored."""

import datetime
from decimal import Decimal

import pytest
from hc_ai_core.answers import AnswerError, check_text, find_quote, read_answer
from hc_ai_core.extraction import extract
from hc_ai_core.letter_values import read_amount, read_date
from hc_ai_core.untrusted import clean
from hypothesis import given
from hypothesis import strategies as st

from hc_tool.evaluation.injections import LETTER


def test_a_letter_by_its_labels():
    found = extract(clean(LETTER))
    values = {name: [value.value for value in held] for name, held in found.items()}
    assert values == {
        "letter_date": [datetime.date(2026, 10, 31)],
        "claim_number": ["AB-1234567"],
        "member_id": ["ZX99812"],
        "service_date": [datetime.date(2026, 10, 1)],
        "billed_amount": [Decimal("1250.00")],
        "paid_amount": [Decimal("0.00")],
        "denial_code": ["197"],
        "appeal_days": [90],
        "approved_units": [12],
        "provider_npi": ["1234567893"],
    }
    for held in found.values():
        for value in held:
            assert LETTER[value.start : value.end] == value.text


def test_two_values_for_one_label_are_none():
    assert "claim_number" not in extract(clean("Claim number: A1234\nClaim number: B1234"))
    assert len(extract(clean("CARC 50 and CARC 97"))["denial_code"]) == 2


def test_a_number_with_a_wrong_check_digit_is_none():
    assert "provider_npi" not in extract(clean("NPI 1234567890"))


def test_a_value_that_hides_something_is_none():
    assert "claim_number" not in extract(clean("Claim number: A12\u200b3456"))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("pay\u202e\u200b now", "pay now"),
        ("<script>x()</script> due", "x() due"),
        ("[click](https://example.com/x) here", "click here"),
        ("see https://example.com/a?b now", "see  now"),
        ("\uff21\uff22 full width", "AB full width"),
    ],
)
def test_unseen_and_markup_are_taken_out(source, text):
    assert clean(source).text == text


@given(st.text(max_size=400))
def test_any_text_is_cleaned_and_read(source):
    cleaned = clean(source)
    assert len(cleaned.text) == len(cleaned.positions)
    assert cleaned.removed_count == len(source) - len(cleaned.text)
    for held in extract(cleaned).values():
        for value in held:
            assert source[value.start : value.end] == value.text


@given(st.dates(datetime.date(1970, 1, 1), datetime.date(2068, 12, 31)))
def test_dates_in_each_spelling(day):
    for spelling in ("%m/%d/%Y", "%Y-%m-%d", "%d-%b-%Y", "%B %d, %Y", "%m/%d/%y"):
        assert read_date(day.strftime(spelling)) == day


@given(st.decimals(0, 10**7, places=2))
def test_amounts_in_dollars(amount):
    assert read_amount(f"${amount:,.2f}") == amount


def no_problem(_answer):
    return None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("no json", "not_json"),
        ('{"a": NaN}', "not_json"),
        ('{"a": 1, "a": 2}', "not_json"),
        ("[" * 100_000, "too_long"),
        ("[" * 40_000, "not_json"),
        ("[1]", "schema"),
    ],
)
def test_unusable_answers(text, code):
    with pytest.raises(AnswerError) as error:
        read_answer(text, no_problem)
    assert error.value.code == code


def test_an_answer_against_its_schema():
    assert read_answer('```json\n{"label": "x"}\n```', no_problem) == {"label": "x"}
    with pytest.raises(AnswerError, match="schema: label"):
        read_answer('{"label": "x"}', lambda _answer: "label")


def test_a_quotation_is_literal():
    assert find_quote("not there", {"letter": "nothing"}) is None
    assert find_quote("  ", {"letter": "nothing"}) is None


@pytest.mark.parametrize("text", ["go to www.example.com", "mail x@example.com", "https://a"])
def test_a_text_for_people_sends_them_nowhere(text):
    with pytest.raises(AnswerError, match="addresses"):
        check_text(text)
    assert check_text("Please send the record.") == "Please send the record."
