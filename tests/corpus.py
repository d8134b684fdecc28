# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files that others wrote, read where `HC_CORPUS` names them; tests skip without them."""

import json
import os
from pathlib import Path

import pytest

_DEFAULT = Path(__file__).resolve().parents[1] / "../shared/corpus"
CORPUS = Path(os.environ.get("HC_CORPUS", _DEFAULT)).resolve()
REFERENCE = CORPUS.parent / "reference"
X12_SUFFIXES = {".835", ".837", ".270", ".271", ".276", ".277", ".x12", ".edi", ".txt", ".era"}
# Folders of the corpus that hold other kinds of files.
OTHER_FOLDERS = {"text", "CMSgov__beneficiary-fhir-data", "smart-on-fhir__generated-sample-data"}

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="no corpus of sample files: set HC_CORPUS"
)


def x12_files() -> list[Path]:
    """Paths of all X12 files, below the corpus."""
    if not CORPUS.is_dir():
        return []
    found = (path.relative_to(CORPUS) for path in sorted(CORPUS.rglob("*")) if path.is_file())
    return [
        path for path in found if path.suffix in X12_SUFFIXES and path.parts[0] not in OTHER_FOLDERS
    ]


def expected_remittances() -> list[dict]:
    """What an independent checker found in the 835 files."""
    path = REFERENCE / "expected_835.json"
    return json.loads(path.read_text())["files"] if path.is_file() else []
