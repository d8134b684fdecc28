# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Pure packages are imported by their own name, without Odoo."""

import sys
from pathlib import Path

_ADDONS = Path(__file__).resolve().parents[2] / "addons"

sys.path[:0] = [
    str(Path(__file__).parent),
    str(Path(__file__).parents[1]),
    *(str(folder) for folder in sorted(_ADDONS.glob("*")) if folder.is_dir()),
]
