# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Texts come to their desk: learned from four fifths, judged by the fifth, five times."""

import csv
import random

from hc_ai_core.classifier import text_features, train
from hc_ai_core.evaluation import Case
from hc_ai_core.evaluation import measure as measure_cases
from hc_ai_core.metrics import accuracy_at_coverage

from .figures import Figure, Samples
from .timing import p95_ms

TASK = "routing"
FOLDS = 5


def samples(at: Samples) -> list:
    """The files that it needs."""
    return [at.complaints]


def read(at: Samples) -> list[tuple]:
    """``(features, desk)`` of each text that is there once, in an order of chance."""
    csv.field_size_limit(10**7)
    texts: dict[str, str] = {}
    with at.complaints.open(newline="") as file:
        for row in csv.DictReader(file):
            texts.setdefault(row["narrative"].strip(), row["product"])
    examples = sorted(row for row in texts.items() if row[0])
    random.Random(7).shuffle(examples)
    return [(text_features(text), label) for text, label in examples]


def measure(at: Samples) -> list[Figure]:
    """Learn and judge, fold by fold."""
    examples = read(at)
    cases, latency = [], 0.0
    for fold in range(FOLDS):
        model = train([row for place, row in enumerate(examples) if place % FOLDS != fold])
        kept_back = examples[fold::FOLDS]
        for features, label in kept_back:
            answer = model.classify(features)
            cases.append(Case(label, answer.label, answer.confidence))
        latency = max(latency, p95_ms(model.classify, [features for features, _ in kept_back]))
    measures = measure_cases(cases)
    surest = accuracy_at_coverage(
        [case.confidence for case in cases], [case.answer == case.expected for case in cases], 0.8
    )
    count = len(cases)
    error = measures.calibration_error
    return [
        Figure(TASK, "macro F1", measures.macro_f1, 0.77, count),
        Figure(TASK, "right of the surest 80 %", surest, 0.87, count),
        Figure(TASK, "calibration error", error, 0.05, count, is_ceiling=True),
        Figure(TASK, "latency p95 (ms)", latency, 5.0, count, is_ceiling=True),
    ]
