# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Modules that do not know each other must not override each other's methods by accident."""

import ast
import functools
from collections import defaultdict
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BASE = "hc_revenue_base"
# Each stands on the base alone; whatever two of them define on one model, they define by chance,
# unless the base or Odoo has the method and both extend it with `super()`.
SIBLINGS = sorted(
    path.parent.name
    for path in REPOSITORY.glob("addons/hc_*/__manifest__.py")
    if path.parent.name != BASE
)
# Replaced on purpose: approvals decide instead of the base.
REPLACED = {("hc.controlled.action", "_gate", "hc_billing_approvals")}


def _get_extended_models(definition):
    """Names of models that a class extends, and does not make."""
    values = {
        target.id: statement.value
        for statement in definition.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    if "_inherit" not in values:
        return ()
    inherited = ast.literal_eval(values["_inherit"])
    inherited = [inherited] if isinstance(inherited, str) else list(inherited)
    if "_name" not in values:
        return inherited
    name = ast.literal_eval(values["_name"])
    return [name] if name in inherited else ()


def _calls_super(function):
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"
        for node in ast.walk(function)
    )


def _get_classes(module):
    for path in sorted((REPOSITORY / "addons" / module).rglob("*.py")):
        if "tests" not in path.parts:
            for statement in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(statement, ast.ClassDef):
                    yield statement


@functools.cache
def _find_definitions():
    """``{(model, method): {module: extends what is there}}`` of all siblings."""
    found = defaultdict(dict)
    for module in SIBLINGS:
        for definition in _get_classes(module):
            functions = [each for each in definition.body if isinstance(each, ast.FunctionDef)]
            for model in _get_extended_models(definition):
                for function in functions:
                    modules = found[model, function.name]
                    is_kept = (model, function.name, module) in REPLACED or _calls_super(function)
                    modules[module] = modules.get(module, True) and is_kept
    return found


def test_no_sibling_replaces_a_method_of_another():
    clashes = {
        f"{model}.{method}: {', '.join(sorted(modules))}"
        for (model, method), modules in _find_definitions().items()
        if len(modules) > 1 and not all(modules.values())
    }
    assert not clashes


def test_clashes_would_be_found():
    found = _find_definitions()
    assert any(len(modules) > 1 for modules in found.values()), "all extend the base's methods"
    assert {"hc_claims", "hc_collections"} <= set(SIBLINGS)
