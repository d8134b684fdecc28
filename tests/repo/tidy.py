# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Banned constructs, each with the replacement its finding names.

A line may carry an exception with its reason: `# tidy: allow <rule> - <why>`.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from tree import Finding, Tree, dotted, parse, read

CLOCKS = re.compile(
    r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|Date\.today|Datetime\.(now|today))$"
    r"|^time\.time(_ns)?$"
)
MONEY_WORDS = re.compile(r"(^|_)(amount|price|total|balance|fee)s?($|_)")
SEARCHES = {"search", "search_read", "search_fetch"}
ALLOWANCE = re.compile(r"#\s*tidy:\s*allow\s+(?P<rule>[\w-]+)(\s+-\s+(?P<reason>\S.{9,}))?")


def _is_empty_list(node: ast.AST) -> bool:
    return isinstance(node, ast.List) and not node.elts


def _clock(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute) and CLOCKS.search(dotted(node)):
        return "take `as_of` as an argument in pure code, `self.env.cr.now()` in models"
    return None


def _commit(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and re.search(
        r"(^|\.)_?cr\.(commit|rollback)$", dotted(node.func)
    ):
        return "use `_commit_progress` of ir.cron, or a savepoint"
    return None


def _orm_import(node: ast.AST) -> str | None:
    names = []
    if isinstance(node, ast.ImportFrom) and not node.level:
        names = [node.module or ""]
    elif isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    if any(name == "odoo.orm" or name.startswith("odoo.orm.") for name in names):
        return "import from `odoo.fields`, `odoo.models` or `odoo.api`"
    return None


def _safe_eval(node: ast.AST) -> str | None:
    if (isinstance(node, ast.Name) and node.id in {"safe_eval", "eval", "exec"}) or (
        isinstance(node, ast.alias) and node.name.endswith("safe_eval")
    ):
        return "rules are data with a closed set of operators; nothing evaluates text"
    return None


def _search_all(node: ast.AST) -> str | None:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    domains = node.args[:1] + [word.value for word in node.keywords if word.arg == "domain"]
    bounded = any(word.arg == "limit" for word in node.keywords)
    if node.func.attr in SEARCHES and not bounded and any(map(_is_empty_list, domains)):
        return "give a domain or a limit: the table grows"
    return None


def _print(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and dotted(node.func) == "print":
        return "use the module's logger"
    return None


def _float_money(node: ast.AST) -> str | None:
    if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)):
        return None
    names = [target.id for target in node.targets if isinstance(target, ast.Name)]
    if dotted(node.value.func) == "fields.Float" and any(map(MONEY_WORDS.search, names)):
        return "money is `fields.Monetary` with a stored currency"
    return None


def _old_constraints(node: ast.AST) -> str | None:
    if isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "_sql_constraints" for target in node.targets
    ):
        return "Odoo 19 ignores it: use `models.Constraint` or `models.UniqueIndex`"
    return None


def _newer_python(node: ast.AST) -> str | None:
    names = {alias.name for alias in node.names} if isinstance(node, ast.ImportFrom) else set()
    imported = isinstance(node, ast.ImportFrom) and node.module == "datetime" and "UTC" in names
    if imported or (isinstance(node, ast.Attribute) and dotted(node) == "datetime.UTC"):
        return "Python 3.10 has no `datetime.UTC`: use `timezone.utc`"
    return None


# rule: checker, and whether it applies to tests too
PYTHON_RULES: dict[str, tuple[Callable[[ast.AST], str | None], bool]] = {
    "clock": (_clock, False),
    "commit": (_commit, True),
    "odoo-orm": (_orm_import, True),
    "safe-eval": (_safe_eval, True),
    "search-all": (_search_all, False),
    "print": (_print, True),
    "float-money": (_float_money, True),
    "sql-constraints": (_old_constraints, True),
    "newer-python": (_newer_python, True),
}

XML_RULES = {
    re.compile(r"<tree\b"): "the list view's tag is `<list>`",
    re.compile(r"\battrs\s*="): "write `invisible=`, `required=`, `readonly=` with an expression",
    re.compile(r"\bstates\s*=\s*\""): "write `invisible=` with an expression",
}

LEFTOVER = re.compile(
    r"\b(" + "|".join(("FIX" + "ME", "TO" + "DO", "XX" + "X", "HA" + "CK")) + r")\b"
)
TEXT_SUFFIXES = (".py", ".xml", ".js", ".scss", ".css", ".md", ".sh", ".yml", ".toml", ".csv")


def check_python(tree: Tree) -> Iterator[Finding]:
    """Banned calls, imports and fields in the add-ons."""
    for path in tree.select(".py", under="addons/"):
        lines = read(path).splitlines()
        for node in ast.walk(parse(path)):
            for rule, (checker, in_tests) in PYTHON_RULES.items():
                message = checker(node) if in_tests or not tree.is_test(path) else None
                if message and not _allowed(lines, node.lineno, rule):
                    yield Finding(tree.relative(path), node.lineno, f"{rule}: {message}")


def check_allowances(tree: Tree) -> Iterator[Finding]:
    """Exceptions that name no known rule or give no reason."""
    for path in tree.select(".py", under="addons/"):
        for number, line in enumerate(read(path).splitlines(), 1):
            match = ALLOWANCE.search(line)
            if match and (match["rule"] not in PYTHON_RULES or not match["reason"]):
                yield Finding(tree.relative(path), number, "an exception names a rule and a reason")


def check_views(tree: Tree) -> Iterator[Finding]:
    """Constructs of older versions in XML files."""
    for path in tree.select(".xml", under="addons/"):
        for pattern, message in XML_RULES.items():
            yield from _matches(tree, path, pattern, message)


def check_leftovers(tree: Tree) -> Iterator[Finding]:
    """Notes to oneself; an issue is the place for them."""
    for path in tree.select(*TEXT_SUFFIXES):
        yield from _matches(tree, path, LEFTOVER, "finish it or open an issue")


def _matches(tree: Tree, path: Path, pattern: re.Pattern, message: str) -> Iterator[Finding]:
    for number, line in enumerate(read(path).splitlines(), 1):
        if pattern.search(line):
            yield Finding(tree.relative(path), number, message)


def _allowed(lines: list[str], number: int, rule: str) -> bool:
    match = ALLOWANCE.search(lines[number - 1])
    return bool(match and match["rule"] == rule and match["reason"])
