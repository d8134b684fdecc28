# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The documented columns are those that the reader knows."""

from pathlib import Path

from hc_core.charge_columns import columns_table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "admin" / "charge-import.md"


def test_the_document_holds_the_table_of_the_code():
    assert columns_table() in DOCUMENT.read_text(encoding="utf-8")
