# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Pure packages import the standard library and themselves, and do no input or output."""

import sys
from collections.abc import Iterator
from pathlib import Path

from tree import Finding, Tree, imports

# Part of the standard library, and yet not for pure code: the caller passes in what
# these would fetch.
IMPURE = {"logging", "os", "socket", "sqlite3", "subprocess", "urllib", "http", "random", "time"}


def check_pure(tree: Tree) -> Iterator[Finding]:
    """Imports that would tie a pure package to Odoo, a library or the machine."""
    for path in tree.pure_files():
        for line, level, name in imports(path):
            if message := _objection(tree, path, level, name):
                yield Finding(tree.relative(path), line, message)


def _objection(tree: Tree, path: Path, level: int, name: str) -> str | None:
    parts = path.relative_to(tree.root).parts
    depth = len(parts) - 3
    if level:
        return f"level {level} leaves the package {parts[2]}" if level > depth else None
    top = name.partition(".")[0]
    if top == parts[2]:
        return f"import {name} relatively: the package is loaded under two names"
    if top not in sys.stdlib_module_names:
        return f"imports {name}: standard library only"
    if top in IMPURE:
        return f"imports {name}: pass the value in as an argument"
    return None
