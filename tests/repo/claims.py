# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What the documents claim, held against the tree: modules, logins, commands, variables."""

import re
from collections.abc import Iterator

from documents import links
from hygiene import records
from tree import Finding, Tree, read

README = "README.md"
ROW = re.compile(r"^\|(?P<cells>.+)\|\s*$", re.MULTILINE)
CODE = re.compile(r"^`(?P<name>[\w.-]+)`$")
COMMAND = re.compile(r"(?<![\w/])\./hc (?P<name>[a-z][\w-]*)")
HELP_LINE = re.compile(r"^ {2,6}(?P<name>[a-z][\w-]*)(?: {2,}|$)", re.MULTILINE)
VARIABLE = re.compile(r"\bHC_[A-Z][A-Z_]*[A-Z]\b")
STATES = {True: "available", False: "planned"}


def rows(text: str) -> Iterator[list[str]]:
    """The cells of each table row."""
    for match in ROW.finditer(text):
        yield [cell.strip() for cell in match["cells"].split("|")]


def check_modules(tree: Tree) -> Iterator[Finding]:
    """States in the table of modules that differ from what is there."""
    present = {module.name for module in tree.modules}
    told = {}
    for cells in rows(read(tree.root / README)):
        match = CODE.match(cells[0])
        if match and cells[-1] in STATES.values():
            told[match["name"]] = cells[-1]
    for name in sorted(present - set(told)):
        if not name.startswith("test_"):
            yield Finding(README, 1, f"the table does not list {name}")
    for name, state in told.items():
        if state != STATES[name in present]:
            yield Finding(README, 1, f"{name} is {STATES[name in present]}, not {state}")


def demo_logins(tree: Tree) -> set[str]:
    """Logins of the demo's users."""
    return {
        record.findtext("field[@name='login']", "")
        for path in tree.select(".xml", under="addons/")
        for record, _keeps in records(path)
        if record.get("model") == "res.users" and record.get("id", "").startswith("demo_user_")
    }


def check_logins(tree: Tree) -> Iterator[Finding]:
    """Logins that the table gives and the demo lacks, or the reverse."""
    matches = [
        (cells, CODE.match(cells[1])) for cells in rows(read(tree.root / README)) if cells[1:]
    ]
    told = {match["name"] for cells, match in matches if match and len(cells) == 3}
    for login in sorted(told ^ (demo_logins(tree) | {"admin"})):
        problem = "is no user of the demo" if login in told else "is not in the table"
        yield Finding(README, 1, f"the login {login} {problem}")


def check_commands(tree: Tree, help_text: str) -> Iterator[Finding]:
    """Commands that documents name and the tool does not have."""
    known = {match["name"] for match in HELP_LINE.finditer(help_text)}
    for path in tree.select(".md", ".yml", ".yaml", ".conf"):
        for match in COMMAND.finditer(read(path)):
            if match["name"] not in known:
                yield Finding(tree.relative(path), 1, f"the tool has no command {match['name']}")


def check_variables(tree: Tree) -> Iterator[Finding]:
    """Environment variables that documents name and no program reads."""
    sources = [*tree.select(".py", ".sh", ".yml"), tree.root / "hc"]
    code = "".join(read(path) for path in sources if path.exists())
    for path in tree.select(".md"):
        for name in sorted(set(VARIABLE.findall(read(path)))):
            if not re.search(rf"\b{name}(_FILE)?\b", code):
                yield Finding(tree.relative(path), 1, f"no program reads {name}")


def check_reachable(tree: Tree) -> Iterator[Finding]:
    """The front page leads to the index of documents."""
    targets = {target for _line, target in links(tree.root / README)}
    if "docs/index.md" not in targets:
        yield Finding(README, 1, "does not link docs/index.md")
