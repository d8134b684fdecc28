# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc eval`: figures of the advice that the suite gives by itself; needs no set-up."""

import argparse
import json
import os
from pathlib import Path

from .console import say
from .errors import HcError
from .paths import REPOSITORY, Home

PASSED = 0
FAILED = 1
NOTHING_RAN = 2


def evaluate(home: Home, options: argparse.Namespace) -> int:
    """Print each figure with its bar.

    Args:
        home: the home folder, which is not used.
        options: `tasks` and `json`.

    Returns:
        0 where every figure reaches its bar, 1 where one does not, 2 where nothing could be
        measured.

    Raises:
        HcError: there is no such task.
    """
    # Only this command needs the packages of the add-ons.
    from .evaluation.figures import Samples
    from .evaluation.run import TASKS, measure

    unknown = [name for name in options.tasks if name not in TASKS]
    if unknown:
        raise HcError(
            "eval", f"there is no task '{unknown[0]}'", f"Choose from: {', '.join(TASKS)}"
        )
    corpus = Path(os.environ.get("HC_CORPUS") or REPOSITORY.parent / "shared" / "corpus")
    outcome = measure(Samples(corpus.resolve()), options.tasks)
    if options.json:
        say(json.dumps(_as_dict(outcome), indent=1))
    else:
        for line in _lines(outcome):
            say(line)
    if not outcome.figures:
        return NOTHING_RAN
    return PASSED if outcome.has_passed else FAILED


def _as_dict(outcome) -> dict:
    return {
        "figures": [figure.as_dict() for figure in outcome.figures],
        "skipped": outcome.skipped,
        "passed": outcome.has_passed,
    }


def _lines(outcome):
    for figure in outcome.figures:
        relation = "<=" if figure.is_ceiling else ">="
        verdict = "pass" if figure.has_passed else "FAIL"
        yield (
            f"{verdict}  {figure.task:<11} {figure.name:<40} {figure.value:>9.4f}"
            f"  {relation} {figure.bar:<6g} {figure.count:>6} cases"
        )
    for task, why in outcome.skipped.items():
        yield f"skip  {task:<11} {why}"
