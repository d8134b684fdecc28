# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The examples in the docstrings of the pure package are true."""

import doctest
import importlib
import pkgutil

import hc_core
import pytest

MODULES = sorted(module.name for module in pkgutil.walk_packages(hc_core.__path__, "hc_core."))


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name):
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0
