# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Measures tasks one after the other and says which rows cannot be measured."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from . import anomalies, coded, extraction, injections, masking, priority, routing, wording
from .figures import Figure, Samples

TASKS = {
    module.TASK: module
    for module in (
        coded,
        wording,
        routing,
        extraction,
        priority,
        anomalies,
        masking,
        injections,
    )
}


@dataclass
class Outcome:
    """What was measured and what was not.

    Attributes:
        figures: of the tasks that ran.
        skipped: why a task did not run, by task.
    """

    figures: list[Figure] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    @property
    def has_passed(self) -> bool:
        """Whether something was measured and every figure reaches its bar."""
        return bool(self.figures) and all(figure.has_passed for figure in self.figures)


def measure(at: Samples, names: Sequence[str] = ()) -> Outcome:
    """Measure tasks.

    Args:
        at: where the samples lie.
        names: of the tasks; none means all.
    """
    outcome = Outcome()
    for name in names or TASKS:
        module = TASKS[name]
        missing = [path.name for path in module.samples(at) if not path.is_file()]
        if missing:
            outcome.skipped[name] = f"no {', '.join(missing)}: set HC_CORPUS"
            continue
        outcome.figures += module.measure(at)
    return outcome
