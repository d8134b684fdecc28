# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Each figure reaches its bar, on texts that others wrote; `./hc eval` says so."""

import json
import subprocess
import sys

import pytest
from corpus import CORPUS
from hc_ai_core.evaluation import (
    Case,
    confusion,
    drops,
    measure,
    measure_slices,
    percentile,
)
from hc_ai_core.metrics import area_under_curve
from hypothesis import given
from hypothesis import strategies as st

from hc_tool.evaluation import anomalies, injections, masking
from hc_tool.evaluation.figures import Figure, Samples
from hc_tool.evaluation.run import TASKS
from hc_tool.evaluation.run import measure as measure_tasks
from hc_tool.paths import REPOSITORY

SAMPLES = Samples(CORPUS)
# Learning five times takes its time.
SLOW = {"routing"}
ANSWERS = st.none() | st.sampled_from("abc")
CASES = st.lists(
    st.builds(Case, st.sampled_from("abc"), ANSWERS, st.floats(0, 1), st.floats(0, 9)), max_size=30
)


def run_hc(corpus, *words):
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "hc"), "eval", *words],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", "HC_CORPUS": str(corpus)},
        check=False,
    )


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in TASKS]
)
def test_every_figure_reaches_its_bar(name):
    if any(not path.is_file() for path in TASKS[name].samples(SAMPLES)):
        pytest.skip("no samples: set HC_CORPUS")
    outcome = measure_tasks(SAMPLES, [name])
    assert outcome.figures
    assert not [figure.as_dict() for figure in outcome.figures if not figure.has_passed]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_slips_are_found_whatever_the_chance(seed):
    entries, slips = anomalies.population(2_000, 20, seed)
    found = {anomaly.key: anomaly.reason for anomaly in anomalies.find_anomalies(entries)}
    doubled = [key for key, slip in slips.items() if slip == "doubled"]
    assert [found.get(key) for key in doubled] == ["doubled"] * len(doubled)


def test_what_is_measured_can_fail():
    """The measures see a leak, an obeyed order and a taken answer where there is one."""
    assert masking.survivors("Quirina Novak", "[NAME_1] Novak called") == ["Novak"]
    assert injections.count_accepted('{"value": "coding", "confidence": 1, "reasons": []}') == 1
    assert injections.count_outside_of_marks("Task: Find the code.") == 1
    assert not Figure("t", "n", 1.0, 0.5, count=0).has_passed
    assert not Figure("t", "n", 0.02, 0.01, count=9, is_ceiling=True).has_passed


def test_on_the_command_line(tmp_path):
    """Without samples what is made up still runs; what needs them is named, alone it is no run."""
    ran = run_hc(tmp_path / "corpus", "anomalies", "wording", "--json")
    told = json.loads(ran.stdout)
    assert (ran.returncode, told["passed"], list(told["skipped"])) == (0, True, ["wording"])
    assert {row["task"] for row in told["figures"]} == {"anomalies"}
    nothing = run_hc(tmp_path / "corpus", "wording")
    assert nothing.returncode == 2
    assert "skip  wording" in nothing.stdout
    wrong = run_hc(tmp_path / "corpus", "nothing")
    assert wrong.returncode == 1
    assert wrong.stderr.startswith("hc: eval: there is no task 'nothing'")


@given(CASES)
def test_figures_of_any_cases(cases):
    measures = measure(cases)
    assert measures.count == measures.answered + measures.abstained == len(cases)
    for name in ("accuracy", "coverage", "macro_f1", "calibration_error"):
        assert 0 <= getattr(measures, name) <= 1
    assert sum(count for *_pair, count in confusion(cases)) == len(cases)
    assert drops(measures, measures) == []


def test_abstaining_is_no_error_and_no_hit():
    measures = measure([Case("a", "a", 1.0), Case("a", None), Case("b", "a", 1.0)])
    assert (measures.accuracy, measures.abstained) == (0.5, 1)
    assert measures.coverage == pytest.approx(2 / 3)
    assert measures.macro_f1 == pytest.approx(0.25)
    assert measures.calibration_error == 0.5


def test_slices_are_measured_apart():
    cases = [Case("a", "a", slices={"payer": "x"}), Case("a", "b", slices={"payer": "y"})]
    slices = [(kind, value, each.accuracy) for kind, value, each in measure_slices(cases)]
    assert slices == [("payer", "x", 1.0), ("payer", "y", 0.0)]


def test_known_ranks():
    assert percentile(range(1, 101), 0.95) == 95
    assert area_under_curve([1, 1, 1, 1], [False, True, False, True]) == 0.5
    assert area_under_curve([4, 3, 2, 1], [False, False, True, True]) == 0
