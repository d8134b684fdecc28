# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import pure
import pytest
from tree import assert_none, sample_tree


def test_pure_packages_are_pure(tree):
    assert_none(pure.check_pure(tree))


def findings(tmp_path, line, name="addons/hc_sample/hc_core/a.py"):
    return list(pure.check_pure(sample_tree(tmp_path, {name: line + "\n"})))


@pytest.mark.parametrize(
    "line",
    [
        "import odoo",
        "from odoo import fields",
        "from lxml import etree",
        "from hc_core import money",
        "from .. import models",
        "import logging",
        "def f():\n    import random",
    ],
)
def test_impure_import_is_found(tmp_path, line):
    assert findings(tmp_path, line)


@pytest.mark.parametrize(
    "line", ["import decimal", "from . import money", "from .money import allocate"]
)
def test_pure_import_passes(tmp_path, line):
    assert not findings(tmp_path, line)


def test_subpackage_may_reach_its_package(tmp_path):
    assert not findings(tmp_path, "from .. import money", "addons/hc_sample/hc_core/rules/a.py")
    assert findings(tmp_path, "from ... import models", "addons/hc_sample/hc_core/rules/a.py")


def test_other_folders_are_not_judged(tmp_path):
    assert not findings(tmp_path, "import odoo", "addons/hc_sample/models/a.py")
