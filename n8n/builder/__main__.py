# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Writes ``<workflow>/workflow.json`` beside this folder."""

import json
from pathlib import Path

from .workflows import WORKFLOWS

FOLDER = Path(__file__).resolve().parents[1]


def render(code):
    """The text of a workflow's file."""
    return json.dumps(WORKFLOWS[code](), indent=2, ensure_ascii=False) + "\n"


def main():
    """Write all of them."""
    for code in WORKFLOWS:
        path = FOLDER / code / "workflow.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(render(code), encoding="utf-8")


if __name__ == "__main__":
    main()
