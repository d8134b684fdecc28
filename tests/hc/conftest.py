# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A home folder of its own for every test of the tool."""

import sys
from pathlib import Path

import pytest

from hc_tool.paths import Home

sys.path.insert(0, str(Path(__file__).parents[1]))


@pytest.fixture
def home(tmp_path) -> Home:
    folder = Home(tmp_path / "home")
    folder.prepare()
    return folder
