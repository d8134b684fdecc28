# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The judges of `./hc lint` are content with the tree."""

import subprocess
import sys
from pathlib import Path

import pytest

from hc_tool import quality


@pytest.mark.parametrize(
    "command", [pytest.param(command, id=name) for name, command in quality.judges()]
)
def test_a_linter_is_content(tree, command):
    program = Path(sys.executable).parent / command[0]
    if not program.exists():
        pytest.skip(f"{command[0]} is not installed: run ./hc test repo")
    result = subprocess.run(
        [str(program), *command[1:]], cwd=tree.root, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
