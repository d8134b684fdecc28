# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""`./hc lint` and `./hc fmt`: the judges of style, each from the lock file."""

import argparse
import subprocess

from . import locks, python_env, steps
from .console import say
from .paths import REPOSITORY, Home
from .templates import suite_modules

PYLINT_CONFIG = ".pylintrc-mandatory"


def judges() -> list[tuple[str, list[str]]]:
    """Return the linters: a name, and the program of the environment with its arguments."""
    modules = [f"addons/{name}" for name in suite_modules()]
    found = [
        ("ruff", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
    ]
    if modules:
        found += [
            ("odoo-linter", ["odl", "check", "addons"]),
            ("oca-checks", ["oca-checks-odoo-module", *modules]),
        ]
    if modules and (REPOSITORY / PYLINT_CONFIG).exists():
        found.append(("pylint-odoo", ["pylint", f"--rcfile={PYLINT_CONFIG}", *modules]))
    return found


def lint(home: Home, options: argparse.Namespace) -> int:
    """Run all linters; exit code 1 where one complains."""
    return _run(home, judges())


def fmt(home: Home, options: argparse.Namespace) -> int:
    """Format the Python code and repair what can be repaired safely."""
    return _run(
        home,
        [
            ("repair", ["ruff", "check", "--fix", "--exit-zero", "--quiet", "."]),
            ("format", ["ruff", "format", "."]),
        ],
    )


def _run(home: Home, programs: list[tuple[str, list[str]]]) -> int:
    with locks.exclusive(home):
        steps.run(home, python_env.environment_step(home))
        steps.run(home, python_env.packages_step(home, "lint", "Packages for the linters"))
    environ = python_env.odoo_environ(home)
    failed = []
    for name, command in programs:
        say(f"=== {name} ===")
        program = str(home.environment / "bin" / command[0])
        result = subprocess.run([program, *command[1:]], cwd=REPOSITORY, env=environ, check=False)
        if result.returncode:
            failed.append(name)
    say(
        f"\n{len(programs) - len(failed)} of {len(programs)} are content."
        + (f" Not content: {', '.join(failed)}." if failed else "")
    )
    return 1 if failed else 0
