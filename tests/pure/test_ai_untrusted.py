# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Text from outside is data: values stand in it literally, and what it orders is ignored."""

import datetime
import json
import re
from collections import Counter
from decimal import Decimal

import pytest
from corpus import CORPUS
from hc_ai_core.answers import AnswerError, check_text, find_quote, read_answer
from hc_ai_core.extraction import extract
from hc_ai_core.letter_values import read_amount, read_date
from hc_ai_core.prompts import make_question
from hc_ai_core.untrusted import clean
from hypothesis import given
from hypothesis import strategies as st

LETTERS = CORPUS / "text" / "phi_synth.json"
INJECTIONS = CORPUS / "text" / "injections_dev.jsonl"
KINDS = {
    "CLAIM": "claim_number",
    "MEMBER": "member_id",
    "ACCT": "account_number",
    "AUTH": "authorization_number",
    "MRN": "medical_record_number",
    "DOB": "birth_date",
}
LETTER = """Payer of the North
Notice date: 10/31/2026
Claim No.: AB-1234567
Policy # ZX99812
DOS: Oct 1, 2026
Total charges $1,250.00; amount paid 0.00
Denial code 197. You must appeal within 90 days. Approved for 12 visits.
NPI 1234567893
"""


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


@pytest.mark.skipif(not LETTERS.is_file(), reason="no sample of letters: set HC_CORPUS")
def test_identifiers_of_letters():
    """Precision 0.98, recall 0.85, every value a literal piece of its letter."""
    right, wrong, missed = Counter(), Counter(), Counter()
    for letter in json.loads(LETTERS.read_text()):
        found = extract(clean(letter["text"]))
        for kind, name in KINDS.items():
            truth = {(start, end) for start, end, held, _known in letter["spans"] if held == kind}
            given_spans = {(value.start, value.end) for value in found.get(name, ())}
            right[name] += len(truth & given_spans)
            wrong[name] += len(given_spans - truth)
            missed[name] += len(truth - given_spans)
    assert right.total() / (right.total() + wrong.total()) >= 0.98, wrong
    assert right.total() / (right.total() + missed.total()) >= 0.85, missed


@pytest.mark.skipif(not INJECTIONS.is_file(), reason="no sample of injections: set HC_CORPUS")
def test_injected_instructions_give_no_value_that_is_not_there():
    lines = [json.loads(line) for line in INJECTIONS.read_text().splitlines()]
    assert len(lines) > 50
    for line in lines:
        letter = f"{LETTER}\n{line['text']}"
        for held in extract(clean(letter)).values():
            for value in held:
                assert letter[value.start : value.end] == value.text
        question = make_question("m", "Find the code.", {"days": 3}, [("letter", letter)], {})
        assert line["text"] not in question.instructions
        mark = re.search(r"<<([0-9a-f]{16})", question.material)[1]
        assert mark not in letter
        assert question.material.rstrip().endswith(f"{mark}>>")


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
