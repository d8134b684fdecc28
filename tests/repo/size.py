# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The size budget: small files and small functions are the ones people dare to change."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path

from tree import Finding, Tree, parse, read

FILE_LINES_MAX = 500
FILE_LINES_MEDIAN = 120
FILE_LINES_P95 = 350
FUNCTION_LINES_MAX = 50
# A median of a handful of files says nothing.
FILES_FOR_STATISTICS = 20


def line_count(path: Path) -> int:
    return len(read(path).splitlines())


def functions(path: Path) -> Iterator[tuple[ast.AST, int]]:
    """Each function of a file with its lines, docstring included, decorators not."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node, node.end_lineno - node.lineno + 1


def source_sizes(tree: Tree) -> list[int]:
    """Lines of the Python files that carry code, tests and package markers apart."""
    paths = [path for path in tree.select(".py") if path.name != "__init__.py"]
    return sorted(line_count(path) for path in paths if not tree.is_test(path))


def percentile_95(values: list[int]) -> int:
    return values[min(len(values) - 1, int(len(values) * 0.95))]


def check_files(tree: Tree) -> Iterator[Finding]:
    """Files over the hard limit, whatever their language."""
    for path in tree.select(".py", ".js", ".scss", ".sh"):
        if (lines := line_count(path)) > FILE_LINES_MAX:
            message = f"{lines} lines; split it by concept, {FILE_LINES_MAX} is the limit"
            yield Finding(tree.relative(path), 1, message)


def check_functions(tree: Tree) -> Iterator[Finding]:
    """Functions over the limit."""
    for path in tree.select(".py"):
        for node, lines in functions(path):
            if lines > FUNCTION_LINES_MAX:
                message = f"{node.name} has {lines} lines; the limit is {FUNCTION_LINES_MAX}"
                yield Finding(tree.relative(path), node.lineno, message)


def check_distribution(tree: Tree) -> Iterator[Finding]:
    """Median and 95th percentile over the whole source."""
    sizes = source_sizes(tree)
    if len(sizes) < FILES_FOR_STATISTICS:
        return
    if (median := statistics.median(sizes)) > FILE_LINES_MEDIAN:
        yield Finding("(tree)", 0, f"median file {median} lines, budget {FILE_LINES_MEDIAN}")
    if (high := percentile_95(sizes)) > FILE_LINES_P95:
        yield Finding("(tree)", 0, f"95th percentile {high} lines, budget {FILE_LINES_P95}")


def describe(tree: Tree) -> Iterator[str]:
    """One line for files, one for functions."""
    rows = {
        "files": source_sizes(tree),
        "functions": sorted(
            lines
            for path in tree.select(".py")
            if not tree.is_test(path)
            for _node, lines in functions(path)
        ),
    }
    for label, sizes in rows.items():
        if sizes:
            median, high = statistics.median(sizes), percentile_95(sizes)
            yield f"{len(sizes)} {label}: median {median:g}, 95 % {high}, max {sizes[-1]} lines"
