# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc x12`: what it prints and how it ends, without any set-up."""

import json
import subprocess
import sys

import pytest
import remittance_files as files

from hc_tool.paths import REPOSITORY

GOOD = files.interchange([files.transaction_segments(files.many_claims(2))])


def run(*words):
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "hc"), "x12", *map(str, words)],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin"},
        check=False,
    )


@pytest.fixture
def written(tmp_path):
    contents = {
        "good.835": GOOD,
        "unbalanced.835": GOOD.replace(b"BPR*I*", b"BPR*I*1"),
        "letter.txt": b"Dear Sir",
        "escape.835": GOOD.replace(b"CLP*CASE0000000", b"CLP*\x1b[31mCASE"),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["good.835"], 0),
        (["good.835", "unbalanced.835"], 1),
        (["letter.txt", "unbalanced.835"], 2),
        (["missing.835"], 2),
        (["."], 2),
    ],
)
def test_the_exit_code_tells_the_worst_file(written, names, code):
    paths = [written / name for name in names]
    for options in ([], ["--json"]):
        result = run(*options, *paths)
        assert result.returncode == code
        assert result.stderr == ""
        assert all(path.name in result.stdout for path in paths)


def test_json_holds_counts_totals_balances_and_findings(written):
    [content] = json.loads(run("--json", written / "unbalanced.835").stdout)["files"]
    assert (content["claims"], content["service_lines"]) == (2, 3)
    assert content["transactions_balanced"] == 0
    [balance] = content["balances"]
    assert balance["level"] == "transaction"
    assert balance["expected"] == content["sum_CLP04"]
    assert balance["found"] == content["BPR02"][0] == "1" + content["sum_CLP04"]
    assert not content["proven"]
    assert content["findings"] == []


def test_text_for_people_names_the_difference_and_cannot_steer_the_terminal(written):
    assert "NOT PROVEN" in run(written / "unbalanced.835").stdout
    assert "difference" in run(written / "unbalanced.835").stdout
    assert "\x1b" not in run(written / "escape.835").stdout
