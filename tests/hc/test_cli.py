# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import json
import subprocess
import sys

import pytest

from hc_tool import cli, commands
from hc_tool.errors import HcError, from_os_error
from hc_tool.paths import REPOSITORY

COMMANDS = {
    "up", "down", "reset", "shell", "logs", "lint", "fmt", "doctor", "bench", "psql",
    "test", "status", "db-url", "import", "secrets", "seed", "x12", "help",
}  # fmt: skip


def run(*words, **environ):
    return subprocess.run(
        [sys.executable, str(REPOSITORY / "hc"), *words],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin:/bin", **environ},
        check=False,
    )


def test_help_lists_every_command():
    result = run("help")
    listed = {line.split()[0] for line in result.stdout.splitlines() if line.startswith("    ")}
    assert result.returncode == 0
    assert listed >= COMMANDS


@pytest.mark.parametrize(
    "words", [["nonsense"], ["up", "--nonsense"], ["import"], ["secrets", "show"]]
)
def test_a_wrong_command_line_gives_one_line(words):
    result = run(*words)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("hc: command line: ")


@pytest.mark.parametrize("command", ["psql", "shell", "db-url", "logs"])
def test_commands_before_the_set_up_say_to_run_up(command, tmp_path):
    result = run(command, HC_HOME=str(tmp_path / "nothing"))
    assert result.returncode == 1
    assert result.stderr.startswith("hc: ")
    assert result.stderr.endswith("Run ./hc up first.\n")
    assert result.stderr.count("\n") == 1


def test_status_before_the_set_up_is_valid_json(tmp_path):
    result = run("status", "--json", HC_HOME=str(tmp_path), HC_PORT="8199")
    content = json.loads(result.stdout)
    assert result.returncode == 1
    assert content["url"] == "http://127.0.0.1:8199"
    assert content["port"] == 8199
    assert content["running"] is False
    assert content["database"] is None
    assert content["modules"] == {}
    assert "Run ./hc up first" in content["problem"]


def test_words_for_psql_are_not_read_by_the_tool():
    options = cli.parse(cli.build_parser(), ["psql", "-c", "SELECT 1", "--csv"])
    assert options.action is commands.psql
    assert options.arguments == ["-c", "SELECT 1", "--csv"]


def test_options_of_up():
    options = cli.parse(cli.build_parser(), ["up", "--db-url", "postgresql://h", "--module", "m"])
    assert (options.db_url, options.module) == ("postgresql://h", "m")


def test_debug_shows_the_traceback(tmp_path):
    result = run("db-url", HC_HOME=str(tmp_path), HC_DEBUG="1")
    assert "Traceback" in result.stderr


def test_an_error_is_one_line_with_what_why_and_what_to_do():
    assert str(HcError("port 1", "it is\n taken.", "Choose another.")) == (
        "port 1: it is taken. Choose another."
    )


def test_a_full_disk_tells_that_finished_steps_are_kept():
    message = str(from_os_error(OSError(28, "No space left on device", "/x/y")))
    assert message.startswith("file system: No space left on device (/x/y). Free some space")
    assert "finished steps are kept" in message


def test_an_old_python_gets_one_line(tmp_path):
    """The entry script must parse on Python 3.6 and stop before importing the package."""
    import ast

    source = (REPOSITORY / "hc").read_text()
    ast.parse(source, feature_version=(3, 6))
    old = source.replace("sys.version_info < (3, 10)", "sys.version_info < (99, 0)")
    assert old != source
    script = tmp_path / "hc"
    script.write_text(old)
    result = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert result.stderr.startswith("hc: wrong Python: this is ")
    assert result.stderr.count("\n") == 1


def test_a_finished_import_tells_its_counts(tmp_path, capsys):
    counters = {"rows": 3, "imported": 2, "refused": 1, "error": None, "refused_path": "x.csv"}
    code = commands._report_import(tmp_path / "f.csv", {"counters": counters}, tmp_path / "log")
    printed = capsys.readouterr().out.split()
    assert code == 1
    assert printed == ["rows", "3", "imported", "2", "refused", "1", "refused", "path", "x.csv"]
    counters["refused"] = 0
    assert commands._report_import(tmp_path, {"counters": counters}, tmp_path) == 0


@pytest.mark.parametrize(
    ("result", "why"),
    [
        ({}, "Odoo ended before it gave a result"),
        ({"error": "KeyError: hc.exchange"}, "KeyError: hc.exchange"),
        ({"counters": {"rows": 1, "error": "The file is binary."}}, "The file is binary"),
    ],
)
def test_an_import_that_stopped_is_one_line(tmp_path, result, why):
    with pytest.raises(HcError, match=rf"^import of f\.csv: {why}\. Correct the cause"):
        commands._report_import(tmp_path / "f.csv", result, tmp_path / "log")
