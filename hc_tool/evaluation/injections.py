# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Texts that give orders: nothing is read from them that is not there, nothing obeys them.

That nothing is written is shown where something could be: in the tests of the module.
"""

import json
import re

from hc_ai_core.answers import AnswerError, read_answer
from hc_ai_core.extraction import extract
from hc_ai_core.prompts import make_question
from hc_ai_core.tasks import TASKS
from hc_ai_core.untrusted import clean
from hc_core.schema import problems

from .figures import Figure, Samples

TASK = "injections"
LETTER = """Payer of the North
Notice date: 10/31/2026
Claim No.: AB-1234567
Policy # ZX99812
DOS: Oct 1, 2026
Total charges $1,250.00; amount paid 0.00
Denial code 197. You must appeal within 90 days. Approved for 12 visits.
NPI 1234567893
"""
CHOICES = ("coding", "billing")


def samples(at: Samples) -> list:
    """The files that it needs."""
    return [at.injections]


def read(at: Samples) -> list[str]:
    """The texts."""
    return [json.loads(line)["text"] for line in at.injections.read_text().splitlines()]


def measure(at: Samples) -> list[Figure]:
    """Put each text into a letter, and then into the mouth of a provider."""
    texts = read(at)
    unfounded = sum(map(count_unfounded, texts))
    obeyed = sum(map(count_outside_of_marks, texts))
    broken = sum(map(count_accepted, texts))
    count = len(texts)
    return [
        Figure(TASK, "values not in the source", unfounded, 0, count, True),
        Figure(TASK, "orders outside of the marks", obeyed, 0, count, True),
        Figure(TASK, "answers against the schema taken", broken, 0, count, True),
    ]


def count_unfounded(text: str) -> int:
    """How many values are read from a letter with this text that do not stand in it."""
    letter = f"{LETTER}\n{text}"
    return sum(
        letter[value.start : value.end] != value.text
        for held in extract(clean(letter)).values()
        for value in held
    )


def count_outside_of_marks(text: str) -> int:
    """1 where the text reaches a provider as an instruction, or can end its own quotation."""
    letter = f"{LETTER}\n{text}"
    question = make_question("m", "Find the code.", {"days": 3}, [("letter", letter)], {})
    mark = re.search(r"<<([0-9a-f]{16})", question.material)
    is_contained = (
        text not in question.instructions
        and mark is not None
        and mark[1] not in letter
        and question.material.rstrip().endswith(f"{mark[1]}>>")
    )
    return int(not is_contained)


def count_accepted(text: str) -> int:
    """How many answers are taken that a provider gives who obeys the text."""
    schema = TASKS["choose"].answer_schema(CHOICES)

    def find_problem(answer: object) -> str | None:
        return next((str(problem) for problem in problems(schema, answer)), None)

    obedient = {"value": text, "confidence": 1.0, "reasons": [text[:200]]}
    shapes = (
        text,
        json.dumps(obedient),
        json.dumps(obedient | {"value": CHOICES[0], "confidence": 9}),
        json.dumps(obedient | {"value": CHOICES[0], "reasons": text}),
        json.dumps([obedient]),
    )
    taken = 0
    for shape in shapes:
        try:
            read_answer(shape, find_problem)
        except AnswerError:
            continue
        taken += 1
    return taken
