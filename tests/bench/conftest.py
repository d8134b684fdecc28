# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the benchmarks share: sizes, a stopwatch for CPU time, a table of figures.

Benchmarks print figures and ratios; they fail on wrong results, never on a slow machine.
"""

import gc
import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

SIZES = tuple(int(size) for size in os.environ.get("HC_BENCH_SIZES", "200,2000").split(","))


def pytest_generate_tests(metafunc):
    """Give a test that asks for `size` each of the sizes in turn."""
    if "size" in metafunc.fixturenames:
        metafunc.parametrize("size", SIZES)


def cpu_seconds(call):
    """CPU time of this process and its result, for one call."""
    # What the population left behind is nothing that the measured work has to sweep up again.
    gc.collect()
    gc.freeze()
    start = time.process_time()
    try:
        result = call()
        return time.process_time() - start, result
    finally:
        gc.unfreeze()


@dataclass
class Figures:
    """Rows of measured figures, printed when the session ends."""

    rows: list = field(default_factory=list)

    def add(self, what, value, unit, note=""):
        """Add one figure."""
        self.rows.append((what, f"{value:,.3f}", unit, note))

    def add_median(self, what, values, unit, note=""):
        """Add the median of repeated measurements, with their spread."""
        spread = f"{min(values):,.3f} to {max(values):,.3f}"
        self.add(what, statistics.median(values), unit, f"{spread} {note}".strip())


@pytest.fixture(scope="session")
def figures():
    """Table of figures of this session."""
    table = Figures()
    yield table
    print("\n")
    for what, value, unit, note in table.rows:
        print(f"{what:<58} {value:>12} {unit:<14} {note}")


@pytest.fixture(scope="session")
def stopwatch():
    """`cpu_seconds`, for the tests."""
    return cpu_seconds
