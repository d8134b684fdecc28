# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The tree under test, and the size of its files at the end of the report."""

import pytest
from size import describe
from tree import Tree, this_tree


@pytest.fixture(scope="session")
def tree() -> Tree:
    return this_tree()


def pytest_terminal_summary(terminalreporter) -> None:
    terminalreporter.section("size of the tree")
    for line in describe(this_tree()):
        terminalreporter.line(line)
