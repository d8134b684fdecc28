# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Reading what pytest reported, and the summary at the end."""

import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

NO_TESTS_COLLECTED = 5
SLOWEST = 10


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
        slowest: the classes, or files without classes, that took longest: name, number of
            tests and seconds of each.
    """

    layer: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    note: str = ""
    slowest: tuple[tuple[str, int, float], ...] = ()


def read_report(layer: str, report: Path, exit_code: int, seconds: float) -> Result:
    """Return the outcome of a pytest run.

    Args:
        layer: name of the layer.
        report: the JUnit file that pytest wrote.
        exit_code: of pytest.
        seconds: how long it took.
    """
    total = failed = skipped = 0
    slowest: tuple[tuple[str, int, float], ...] = ()
    try:
        # pytest wrote this file a moment ago: it is no outside input.
        root = ElementTree.parse(report).getroot()  # noqa: S314
        slowest = _slowest(root.iter("testcase"))
        for suite in root.iter("testsuite"):
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
        return Result(layer, passed, 1, skipped, seconds, note, slowest)
    return Result(layer, passed, failed, skipped, seconds, slowest=slowest)


def _slowest(cases: Iterable[ElementTree.Element]) -> tuple[tuple[str, int, float], ...]:
    """Return what took longest, the making of what its tests share included."""
    seconds: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for case in cases:
        # `odoo.addons.hc_claims.tests.test_denials.TestDenials`: one line of a terminal.
        name = case.get("classname", "").removeprefix("odoo.addons.").replace(".tests.", ".")
        seconds[name] += float(case.get("time", 0))
        counts[name] += 1
    return tuple((name, counts[name], time) for name, time in seconds.most_common(SLOWEST))


def slowest(results: Sequence[Result]) -> list[str]:
    """Return a table of what took longest in each layer, so that growth is seen.

    Args:
        results: one for each layer.
    """
    lines = []
    for result in results:
        if result.slowest:
            lines += ["", f"{'slowest of ' + result.layer:<64} {'tests':>6} {'seconds':>8}"]
            lines += [f"{name:<64} {count:>6} {time:>8.1f}" for name, count, time in result.slowest]
    return lines


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
