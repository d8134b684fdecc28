# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Values of letters by their labels: nothing is learned, every value is a piece of its letter."""

import json

from hc_ai_core.extraction import extract
from hc_ai_core.untrusted import clean

from .figures import Figure, Samples

TASK = "extraction"
KINDS = {
    "CLAIM": "claim_number",
    "MEMBER": "member_id",
    "ACCT": "account_number",
    "AUTH": "authorization_number",
    "MRN": "medical_record_number",
    "DOB": "birth_date",
}


def samples(at: Samples) -> list:
    """The files that it needs."""
    return [at.letters]


def measure(at: Samples) -> list[Figure]:
    """Compare the places of values found with those where the letters have them."""
    right = wrong = missed = literal = count = 0
    for letter in json.loads(at.letters.read_text()):
        text = letter["text"]
        found = extract(clean(text))
        for held in found.values():
            count += len(held)
            literal += sum(text[value.start : value.end] == value.text for value in held)
        for kind, name in KINDS.items():
            truth = {(start, end) for start, end, held, _known in letter["spans"] if held == kind}
            given = {(value.start, value.end) for value in found.get(name, ())}
            right += len(truth & given)
            wrong += len(given - truth)
            missed += len(truth - given)
    return [
        Figure(TASK, "precision", right / max(1, right + wrong), 0.98, right + wrong),
        Figure(TASK, "recall", right / max(1, right + missed), 0.85, right + missed),
        Figure(TASK, "values that are a piece of their letter", literal / max(1, count), 1, count),
    ]
