# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Running other programs: output to a log, failures as one line."""

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from .errors import HcError

# Lines that programs print last without saying why they stopped.
_NOISE = re.compile(r"^\s*(\[notice\]|hint:|W:|E: Some index files|at \S+|\^+|~+)|^\s*$")

_FREE_SPACE = (
    "Free some space or set HC_HOME to a folder on a larger disk, then run the same command "
    "again; finished steps are kept"
)


def last_message(text: str) -> str:
    """Return the line of a program's output that most likely tells why it failed.

    Args:
        text: the output.
    """
    lines = [line.strip() for line in text.splitlines() if not _NOISE.match(line)]
    marked = [line for line in lines if re.search(r"error|fatal|E: |refused|failed", line, re.I)]
    return (marked or lines or ["it gave no message"])[-1][:300]


def run_logged(
    command: Sequence[str | Path],
    log: Path,
    what: str,
    todo: str,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdin: str = "",
) -> None:
    """Run a program with its output appended to a log.

    Args:
        command: program and arguments.
        log: the log file.
        what: name of the work, for the error.
        todo: what the user can do when it fails.
        environ: the whole environment of the program.
        cwd: the folder to run in.
        stdin: text for its standard input.

    Raises:
        HcError: the program is missing or failed.
    """
    with open(log, "ab") as stream:
        start = stream.tell()
        try:
            result = subprocess.run(
                [str(part) for part in command],
                stdout=stream,
                stderr=subprocess.STDOUT,
                input=stdin.encode(),
                env=environ,
                cwd=cwd,
                check=False,
            )
        except FileNotFoundError as error:
            raise HcError(what, f"{error.filename} is missing", todo) from error
    if result.returncode:
        with open(log, "rb") as stream:
            stream.seek(start)
            output = stream.read().decode(errors="replace")
        if "No space left on device" in output:
            raise HcError(what, "no space is left on the disk", _FREE_SPACE)
        raise HcError(what, last_message(output), f"{todo} (details: {log})")


def output_of(
    command: Sequence[str | Path], environ: Mapping[str, str] | None = None
) -> str | None:
    """Return what a program prints, or None where it is missing or fails.

    Args:
        command: program and arguments.
        environ: the whole environment of the program.
    """
    try:
        result = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            env=environ,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return None
    return result.stdout.decode(errors="replace") if result.returncode == 0 else None


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and is no zombie.

    Args:
        pid: the process id.
    """
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:
            return stream.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def is_root() -> bool:
    """Tell whether the tool runs as root."""
    return os.geteuid() == 0
