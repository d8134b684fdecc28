# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How long an answer takes, on one core."""

import time
from collections.abc import Callable, Iterable
from typing import Any

from hc_ai_core.evaluation import percentile


def p95_ms(answer: Callable[[Any], Any], questions: Iterable[Any]) -> float:
    """Milliseconds within which 95 of 100 answers come.

    Processor time: another program on the machine changes nothing, and nothing here waits.

    Args:
        answer: called once for each question.
        questions: what is asked.
    """
    took = []
    for question in questions:
        started = time.process_time_ns()
        answer(question)
        took.append((time.process_time_ns() - started) / 1e6)
    return percentile(took, 0.95)
