# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Codes are looked up, wordings go to the nearest description; instructions go nowhere."""

import json

from corpus import CORPUS
from hc_ai_core.meanings import WordingValues, look_up

ROWS = [
    ("197", "Precertification/authorization/notification absent.", "authorization"),
    ("29", "The time limit for filing has expired.", "timely_filing"),
    ("18", "Exact duplicate claim/service.", "duplicate"),
    ("27", "Expenses incurred after coverage terminated.", "eligibility"),
    ("50", "Not deemed a medical necessity by the payer.", "medical_necessity"),
]
CHOICES = [value for _code, _text, value in ROWS]


def test_mapped_codes_are_all_found_and_others_are_not():
    for code, _text, value in ROWS:
        found = look_up([("16", ""), (code, value)], CHOICES)
        assert (found.value, found.code, found.confidence) == (value, code, 1.0)
    assert look_up([("999", "")], CHOICES) is None
    assert look_up([("1", "not_offered")], CHOICES) is None


def test_a_wording_goes_to_the_nearest_description():
    wordings = WordingValues(ROWS)
    assert wordings.find("no precert, auth absent", CHOICES).value == "authorization"
    assert wordings.find("filing time limit expired", CHOICES).value == "timely_filing"
    assert wordings.find("good morning", CHOICES).value == ""
    assert wordings.find("", CHOICES).value == ""


def test_injected_instructions_give_a_choice_of_the_table_or_nothing():
    path = CORPUS / "text" / "injections_dev.jsonl"
    wordings = WordingValues(ROWS)
    lines = path.read_text(encoding="utf-8").splitlines()
    found = {wordings.find(json.dumps(json.loads(line)), CHOICES).value for line in lines}
    assert len(lines) >= 50
    assert found <= {"", *CHOICES}
