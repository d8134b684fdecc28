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


def lint(home: Home, options: argparse.Namespace) -> int:
    """Run all linters; exit code 1 where one complains."""
    modules = [f"addons/{name}" for name in suite_modules()]
    judges = [
        ("ruff", ["ruff", "check", "."]),
        ("format", ["ruff", "format", "--check", "."]),
    ]
    if modules:
        judges += [
            ("odoo-linter", ["odl", "check", "addons"]),
            ("oca-checks", ["oca-checks-odoo-module", *modules]),
        ]
    if modules and (REPOSITORY / PYLINT_CONFIG).exists():
        judges.append(("pylint-odoo", ["pylint", f"--rcfile={PYLINT_CONFIG}", *modules]))
    return _run(home, judges)


def fmt(home: Home, options: argparse.Namespace) -> int:
    """Format the Python code and repair what can be repaired safely."""
    return _run(
        home,
        [
            ("repair", ["ruff", "check", "--fix", "--exit-zero", "--quiet", "."]),
            ("format", ["ruff", "format", "."]),
        ],
    )


def _run(home: Home, judges: list[tuple[str, list[str]]]) -> int:
    with locks.exclusive(home):
        steps.run(home, python_env.environment_step(home))
        steps.run(home, python_env.packages_step(home, "lint", "Packages for the linters"))
    environ = python_env.odoo_environ(home)
    failed = []
    for name, command in judges:
        say(f"=== {name} ===")
        program = str(home.environment / "bin" / command[0])
        result = subprocess.run([program, *command[1:]], cwd=REPOSITORY, env=environ, check=False)
        if result.returncode:
            failed.append(name)
    say(
        f"\n{len(judges) - len(failed)} of {len(judges)} are content."
        + (f" Not content: {', '.join(failed)}." if failed else "")
    )
    return 1 if failed else 0
