# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""No cell of a written file is a formula, and what was written can be read back."""

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from hc_core.csv_safe import csv_lines, restore_cell, safe_cell
from hypothesis import given
from hypothesis import strategies as st

LIKELY = st.text(alphabet="=+-@\t\r\n '\"A1(＝", max_size=8)
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


@given(st.one_of(LIKELY, st.text()))
def test_no_text_starts_a_formula(text):
    written = safe_cell(text)
    visible = written.lstrip(" \"'\t\r\n") if not written.startswith("'") else ""
    assert not visible.startswith(tuple("=+-@＝＋－＠")) or NUMBER.fullmatch(written)
    assert not written.startswith(("\t", "\r", "\n"))


@given(st.one_of(LIKELY, st.text()))
def test_restoring_undoes_neutralizing(text):
    assert restore_cell(safe_cell(text)) == text


@pytest.mark.parametrize(
    "attack",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "  =1",
        '"=1',
        "＝1",
        "-",
    ],
)
def test_known_attacks_get_an_apostrophe(attack):
    assert safe_cell(attack) == "'" + attack


def test_values_keep_their_meaning():
    assert [safe_cell(value) for value in (Decimal("-12.50"), -3, "-12.50", True)] == [
        "-12.50",
        "-3",
        "-12.50",
        "yes",
    ]
    assert safe_cell(date(2026, 1, 2)) == "2026-01-02"


@given(st.lists(st.lists(LIKELY, min_size=2, max_size=2), max_size=5))
def test_a_written_file_parses_into_the_same_cells(rows):
    text = "".join(csv_lines(["one", "two"], rows))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [[restore_cell(cell) for cell in row] for row in read[1:]] == rows


def test_rows_are_written_one_at_a_time():
    taken = []

    def rows():
        for number in range(3):
            taken.append(number)
            yield [number]

    lines = csv_lines(["n"], rows())
    next(lines)
    next(lines)
    assert taken == [0]
