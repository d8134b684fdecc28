# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The places that docs/extending.md points to, held against the code."""

import ast
import re

import pytest
from tree import parse, read

DOCUMENT = "docs/extending.md"
PLACE = re.compile(r"\]\(\.\./(?P<path>addons/[\w./]+)\)\s`(?P<name>\w+)`")
LINK = re.compile(r"\]\(\.\./addons/")
RECIPES = (
    "A module",
    "A state",
    "A kind of controlled action",
    "rule operator",
    "An indicator",
    "An operation",
    "An automation",
)


def places(text):
    return [(match["path"], match["name"]) for match in PLACE.finditer(text)]


def defined(path):
    """Names that a Python file defines, or the XML ids of a data file."""
    if path.suffix == ".xml":
        return set(re.findall(r'\bid="(\w+)"', read(path)))
    names = set()
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
        elif isinstance(node, ast.Dict):
            names |= {key.value for key in node.keys if isinstance(key, ast.Constant)}
    return names


def missing(root, text):
    """Places that are not there, as texts."""
    return [
        f"{path}: {name}"
        for path, name in places(text)
        if not (root / path).is_file() or name not in defined(root / path)
    ]


def test_every_place_exists(tree):
    text = read(tree.root / DOCUMENT)
    assert len(places(text)) == len(LINK.findall(text)), "a link without the name of what it shows"
    assert missing(tree.root, text) == []


@pytest.mark.parametrize("recipe", RECIPES)
def test_there_is_a_recipe(tree, recipe):
    headings = re.findall(r"^## (.+)$", read(tree.root / DOCUMENT), re.MULTILINE)
    assert any(recipe in heading for heading in headings)


@pytest.mark.parametrize(
    "place",
    ["(../addons/test_hc_contracts/gone.py) `f`", "(../addons/test_hc_contracts/hooks.py) `f`"],
)
def test_a_place_that_is_gone_is_found(tree, place):
    assert len(missing(tree.root, f"[x]{place}")) == 1
