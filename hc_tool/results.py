# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Reading what pytest reported, and the summary at the end."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NO_TESTS_COLLECTED = 5


@dataclass(frozen=True)
class Result:
    """Outcome of one layer.

    Attributes:
        layer: its name.
        passed: number of tests that passed.
        failed: number of tests that failed, errors included.
        skipped: number of tests that were skipped.
        seconds: how long it took.
        note: why it did not run, or what stopped it.
    """

    layer: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""


def read_report(layer: str, report: Path, exit_code: int, seconds: float) -> Result:
    """Return the outcome of a pytest run.

    Args:
        layer: name of the layer.
        report: the JUnit file that pytest wrote.
        exit_code: of pytest.
        seconds: how long it took.
    """
    total = failed = skipped = 0
    try:
        # pytest wrote this file a moment ago: it is no outside input.
        suites = ElementTree.parse(report).getroot().iter("testsuite")  # noqa: S314
        for suite in suites:
            total += int(suite.get("tests", 0))
            failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            skipped += int(suite.get("skipped", 0))
    except (OSError, ElementTree.ParseError):
        failed = 0
    passed = max(total - failed - skipped, 0)
    if exit_code == NO_TESTS_COLLECTED:
        return Result(layer, seconds=seconds, note="no test was collected")
    if exit_code and not failed:
        note = f"pytest ended with exit code {exit_code}"
        return Result(layer, passed, 1, skipped, seconds, note)
    return Result(layer, passed, failed, skipped, seconds)


def summary(results: Sequence[Result]) -> list[str]:
    """Return the lines that close a test run; the last is the plain count.

    Args:
        results: one for each layer.
    """
    lines = [f"{'layer':<10} {'passed':>7} {'failed':>7} {'skipped':>8} {'seconds':>8}"]
    for result in results:
        counts = f"{result.passed:>7} {result.failed:>7} {result.skipped:>8}"
        line = f"{result.layer:<10} {counts} {result.seconds:>8.1f}  {result.note}"
        lines.append(line.rstrip())
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results)
    skipped = sum(result.skipped for result in results)
    lines += ["", f"{passed} passed, {failed} failed, {skipped} skipped"]
    return lines
