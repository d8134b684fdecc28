# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The star of modules: what may depend on what, held against manifests, imports and diagram.

The reasons are in docs/adr/0001-star-of-modules.md.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tree import Finding, Module, Tree, imports, parse, read

BASE = "hc_revenue_base"
SIBLINGS = (
    "hc_billing_approvals",
    "hc_claims",
    "hc_collections",
    "hc_integration",
    "hc_ai_assist",
    "hc_revenue_insights",
)
SUITE = "hc_revenue_suite"
CONTRACTS = "test_hc_contracts"
CONFORMANCE = "test_hc_suite"

# Each module, planned or present, with the modules of the suite it may depend on.
ALLOWED: dict[str, set[str]] = {
    BASE: set(),
    **{sibling: {BASE} for sibling in SIBLINGS},
    SUITE: set(SIBLINGS),
    CONTRACTS: {BASE},
    CONFORMANCE: {
        CONTRACTS,
        "hc_billing_approvals",
        "hc_claims",
        "hc_collections",
        "hc_integration",
        "hc_ai_assist",
        "hc_revenue_insights",
    },
}

DIAGRAM = "docs/architecture.md"
MERMAID_BLOCK = re.compile(r"^```mermaid\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
EDGE = re.compile(r"^\s*(?P<source>\w+)\s*-->\s*(?P<target>\w+)\s*$", re.MULTILINE)
BUILT = re.compile(r"^\s*class\s+(?P<names>[\w,]+)\s+built\s*;?\s*$", re.MULTILINE)
CONTRACT_ROW = re.compile(r"^\| `(?P<name>hc\.[a-z.]+)` \|", re.MULTILINE)
MODEL_NAME = re.compile(r"\bhc(?:\.[a-z]+)+\b")
SOURCE_SUFFIXES = (".py", ".xml", ".csv", ".js", ".scss", ".sql")


def allowed_edges() -> set[tuple[str, str]]:
    return {(source, target) for source, targets in ALLOWED.items() for target in targets}


def reachable(name: str) -> set[str]:
    """The module and everything it may use, directly or through others."""
    return {name}.union(*(reachable(target) for target in ALLOWED.get(name, ())))


def is_ours(name: str) -> bool:
    return name.startswith(("hc_", "test_hc_"))


def is_glue(module: Module) -> bool:
    """A module that joins others, installs itself, and says in its name whom it joins."""
    joined = {name for name in module.depends() if is_ours(name)}
    bridged = {name.removeprefix("hc_") for name in module.depends() - {BASE}}
    named = all(part in module.name for part in bridged)
    return bool(module.manifest.get("auto_install")) and bool(joined) and named


def check_manifests(tree: Tree) -> Iterator[Finding]:
    """Dependencies between modules of the suite that the table does not allow."""
    # What is planned cannot be depended on yet; the suite joins all that is there.
    present = {module.name for module in tree.modules}
    for module in tree.modules:
        path = tree.relative(module.path / "__manifest__.py")
        ours = {name for name in module.depends() if is_ours(name)}
        if module.name not in ALLOWED:
            if not is_glue(module):
                yield Finding(path, 1, "unknown module: add it to the table or make it a glue")
        elif ours != (allowed := ALLOWED[module.name] & present):
            expected = ", ".join(sorted(allowed)) or "no module of the suite"
            yield Finding(path, 1, f"depends on {sorted(ours)}; the table says {expected}")


def reach_of(module: Module) -> set[str]:
    """What a module may use; a glue uses what it joins."""
    if module.name in ALLOWED:
        return reachable(module.name)
    joined = filter(is_ours, module.depends())
    return {module.name}.union(*(reachable(name) for name in joined))


def check_imports(tree: Tree) -> Iterator[Finding]:
    """Python imports of modules that are out of reach."""
    for module in tree.modules:
        for path in tree.select(".py", under=f"addons/{module.name}/"):
            yield from _foreign_imports(tree, module, path)


def _foreign_imports(tree: Tree, module: Module, path: Path) -> Iterator[Finding]:
    for line, level, name in imports(path):
        match = re.match(r"odoo\.addons\.(\w+)", name)
        if not level and match and is_ours(match[1]) and match[1] not in reach_of(module):
            yield Finding(tree.relative(path), line, f"imports {match[1]}, which is out of reach")


def models_of(tree: Tree, module: Module) -> set[str]:
    """Names of the models that a module creates."""
    names = set()
    for path in tree.select(".py", under=f"addons/{module.name}/"):
        for node in ast.walk(parse(path)):
            if isinstance(node, ast.ClassDef):
                names |= _created_by(node)
    return names


def _created_by(node: ast.ClassDef) -> set[str]:
    """The class's `_name`, unless `_inherit` says that it extends that very model."""
    values = {"_name": [], "_inherit": []}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            constants = [n.value for n in ast.walk(statement.value) if isinstance(n, ast.Constant)]
            values.setdefault(statement.targets[0].id, []).extend(constants)
    return set(values["_name"]) - set(values["_inherit"])


def check_names(tree: Tree) -> Iterator[Finding]:
    """Modules that name a module or a model out of their reach, even in a string."""
    models = {module.name: models_of(tree, module) for module in tree.modules}
    for module in tree.modules:
        within = reach_of(module)
        own = set().union(*(models.get(other, ()) for other in within))
        foreign = _foreign_names(within, models, own)
        for path in tree.select(*SOURCE_SUFFIXES, under=f"addons/{module.name}/"):
            yield from _mentions(tree, path, foreign, own)


def _foreign_names(within: set[str], models: dict[str, set[str]], own: set[str]) -> list[str]:
    modules = (set(ALLOWED) | set(models)) - within
    names = modules.union(*(models[other] for other in models if other not in within))
    return sorted(names - own)


def _mentions(tree: Tree, path: Path, names: list[str], own: set[str]) -> Iterator[Finding]:
    if not names:
        return
    # The longest name wins: a model of one's own may begin with the name of a foreign one.
    known = sorted({*names, *own}, key=len, reverse=True)
    pattern = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, known)) + r")(?![\w])")
    for number, line in enumerate(read(path).splitlines(), 1):
        for match in pattern.finditer(line):
            if match[1] not in own:
                found = f"names {match[1]}, which is out of reach"
                yield Finding(tree.relative(path), number, found)


def check_diagram(tree: Tree) -> Iterator[Finding]:
    """The diagram of modules against the table and against what is there."""
    block = MERMAID_BLOCK.search(read(tree.root / DIAGRAM))
    if not block:
        yield Finding(DIAGRAM, 1, "has no Mermaid diagram of the modules")
        return
    drawn = {(match["source"], match["target"]) for match in EDGE.finditer(block["text"])}
    for source, target in sorted(drawn ^ allowed_edges()):
        problem = "is not allowed" if (source, target) in drawn else "is not drawn"
        yield Finding(DIAGRAM, 1, f"{source} --> {target} {problem}")
    marked = {n for match in BUILT.finditer(block["text"]) for n in match["names"].split(",")}
    present = {module.name for module in tree.modules if module.name in ALLOWED}
    for name in sorted(marked ^ present):
        problem = "is marked as built and is not there" if name in marked else "is not marked"
        yield Finding(DIAGRAM, 1, f"{name} {problem}")


def check_models_drawn(tree: Tree) -> Iterator[Finding]:
    """Models that the diagrams show and the table of contracts promises, and nobody creates."""
    text = read(tree.root / DIAGRAM)
    drawn = {name for block in MERMAID_BLOCK.findall(text) for name in MODEL_NAME.findall(block)}
    present = set().union(*(models_of(tree, module) for module in tree.modules))
    for name in sorted((drawn | set(CONTRACT_ROW.findall(text))) - present):
        yield Finding(DIAGRAM, 1, f"shows the model {name}, which does not exist")
