# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Writes docs/lifecycles.md from the life cycles that the code declares.

Run: ``python tests/pure/lifecycle_document.py``.
"""

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "lifecycles.md"
ADDONS = ROOT / "addons"
INTRODUCTION = """# Life cycles

Generated from the code by `tests/pure/lifecycle_document.py`; a test keeps it current.
A record moves along these arrows only, whoever asks and by whatever way; each move is
written to the audit log. Of jobs, which move by the thousand, only dead letters and what
people decide about them are.
"""


def lifecycles():
    """Every life cycle that the suite declares: base's first, in order of declaration."""
    from hc_core.lifecycle import Lifecycle

    modules = [importlib.import_module("hc_core.lifecycles")]
    modules += map(_load, sorted(ADDONS.glob("hc_*/lifecycles.py")))
    for module in modules:
        yield from (item for item in vars(module).values() if isinstance(item, Lifecycle))


def _load(path):
    """The ``lifecycles.py`` of another module, which knows base by its name within Odoo."""
    import hc_core.lifecycle

    base = "odoo.addons.hc_revenue_base"
    names = {name: ModuleType(name) for name in ("odoo", "odoo.addons", base)}
    names |= {f"{base}.hc_core": hc_core, f"{base}.hc_core.lifecycle": hc_core.lifecycle}
    spec = importlib.util.spec_from_file_location(f"{path.parent.name}_lifecycles", path)
    module = importlib.util.module_from_spec(spec)
    with patch.dict(sys.modules, names):
        spec.loader.exec_module(module)
    return module


def document():
    """The text of the document."""
    parts = [INTRODUCTION]
    for lifecycle in lifecycles():
        parts.append(f"## {lifecycle.name.capitalize()}\n")
        parts.append(f"```mermaid\n{lifecycle.to_mermaid()}\n```\n")
        parts.append("| from | to | cause | by |\n| --- | --- | --- | --- |")
        parts += [
            f"| {lifecycle.label(move.source)} | {lifecycle.label(move.target)} "
            f"| {move.trigger} | {move.performed_by} |"
            for move in lifecycle.transitions
        ]
        parts.append("")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "addons" / "hc_revenue_base"))
    DOCUMENT.write_text(document(), encoding="utf-8")
