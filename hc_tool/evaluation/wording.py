# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Codes for a payer's own short wordings, by likeness with the full descriptions.

Nothing is learned from the short wordings. Only codes in force count, and only wordings that
differ from their description.
"""

import csv
from dataclasses import dataclass

from hc_ai_core.code_texts import CodeTexts
from hc_ai_core.metrics import accuracy_at_coverage

from .figures import Figure, Samples
from .timing import p95_ms

TASK = "wording"


@dataclass(frozen=True)
class Wording:
    """A short wording, its code and whether it is more than the beginning of the description."""

    text: str
    code: str
    is_hard: bool


def samples(at: Samples) -> list:
    """The files that it needs."""
    return [at.wordings, at.codes]


def read(at: Samples) -> tuple[CodeTexts, list[Wording]]:
    """The table of codes in force and what is asked of it."""
    with at.codes.open(newline="") as file:
        in_force = {row["code"] for row in csv.DictReader(file) if row["code_type"] == "CARC"}
    with at.wordings.open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["carc"] in in_force]
    asked = []
    for row in rows:
        short = row["short_desc"].lower().rstrip(". ")
        long = row["long_desc"].lower()
        if short != long.rstrip(". "):
            asked.append(Wording(row["short_desc"], row["carc"], not long.startswith(short)))
    return CodeTexts((row["carc"], row["long_desc"]) for row in rows), asked


def measure(at: Samples) -> list[Figure]:
    """Ask for each wording."""
    table, asked = read(at)
    answers = [table.find(wording.text) for wording in asked]
    right = [
        bool(answer.candidates) and answer.candidates[0].key == wording.code
        for answer, wording in zip(answers, asked, strict=True)
    ]
    hard = [is_right for is_right, wording in zip(right, asked, strict=True) if wording.is_hard]
    leads = [answer.lead for answer in answers]
    surest = accuracy_at_coverage(leads, right, 0.9)
    latency = p95_ms(table.find, [wording.text for wording in asked])
    return [
        Figure(TASK, "top-1", sum(right) / len(right), 0.96, len(right)),
        Figure(TASK, "top-1 of hard ones", sum(hard) / len(hard), 0.90, len(hard)),
        Figure(TASK, "right of the surest 90 %", surest, 0.99, len(right)),
        Figure(TASK, "latency p95 (ms)", latency, 5.0, len(asked), is_ceiling=True),
    ]
