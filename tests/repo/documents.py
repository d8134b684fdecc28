# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Documents are found from the index, their links lead somewhere, decisions are complete."""

import re
from collections.abc import Iterator
from pathlib import Path

from tree import Finding, Tree, read

INDEX = "docs/index.md"
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
CODE_SPAN = re.compile(r"`[^`]*`")
EXTERNAL = re.compile(r"^[a-z][a-z0-9+.-]*:")
DECISION_NAME = re.compile(r"^(?P<number>\d{4})-[a-z0-9]+(-[a-z0-9]+)*\.md$")
DECISION_SECTIONS = ("## Status", "## Context", "## Decision", "## Consequences")
CONTRIBUTING_LINES_MAX = 120


def prose_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines of a document outside fenced code."""
    fenced = False
    for number, line in enumerate(read(path).splitlines(), 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            yield number, line


def links(path: Path) -> Iterator[tuple[int, str]]:
    """(line, target) of the relative links and images of a document, without anchors."""
    for number, line in prose_lines(path):
        for match in LINK.finditer(CODE_SPAN.sub("", line)):
            target = match["target"].partition("#")[0]
            if target and not EXTERNAL.match(target):
                yield number, target


def check_links(tree: Tree) -> Iterator[Finding]:
    """Relative links to files that are not there."""
    known = {path.resolve() for path in tree.files}
    folders = {folder for path in known for folder in path.parents}
    for path in tree.select(".md"):
        for number, target in links(path):
            if (path.parent / target).resolve() not in known | folders:
                yield Finding(tree.relative(path), number, f"leads nowhere: {target}")


def check_index(tree: Tree) -> Iterator[Finding]:
    """Documents that the index does not link."""
    index = tree.root / INDEX
    if not index.exists():
        yield Finding(INDEX, 0, "missing")
        return
    linked = {(index.parent / target).resolve() for _line, target in links(index)}
    for path in tree.select(".md"):
        is_document = tree.relative(path).startswith("docs/") or path.parent == tree.root
        if is_document and path != index and path.resolve() not in linked:
            yield Finding(tree.relative(path), 1, f"{INDEX} does not link it")


def check_titles(tree: Tree) -> Iterator[Finding]:
    """Documents with no title, or with several. A module's readme fragments have none."""
    for path in tree.select(".md"):
        if "readme" in path.parts:
            continue
        titles = [number for number, line in prose_lines(path) if line.startswith("# ")]
        if len(titles) != 1:
            yield Finding(tree.relative(path), 1, f"{len(titles)} titles; a document has one")


def check_decisions(tree: Tree) -> Iterator[Finding]:
    """Decisions that are misnamed, skip a number or lack a section."""
    paths = list(tree.select(".md", under="docs/adr/"))
    for expected, path in enumerate(paths, 1):
        name, match = tree.relative(path), DECISION_NAME.match(path.name)
        if not match or int(match["number"]) != expected:
            yield Finding(name, 1, f"the name starts with {expected:04d} and says the decision")
        lines = [line for _number, line in prose_lines(path)]
        for section in DECISION_SECTIONS:
            if section not in lines:
                yield Finding(name, 1, f"has no section {section}")


def check_length(tree: Tree) -> Iterator[Finding]:
    """CONTRIBUTING.md is read before work, so it stays at two pages."""
    path = tree.root / "CONTRIBUTING.md"
    if path.exists() and (lines := len(read(path).splitlines())) > CONTRIBUTING_LINES_MAX:
        yield Finding(path.name, lines, f"{lines} lines; {CONTRIBUTING_LINES_MAX} are two pages")
