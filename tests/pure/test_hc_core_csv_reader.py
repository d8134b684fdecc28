# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The bounded reader, against files made to break it."""

import csv
import io
import tracemalloc

import pytest
from hc_core.csv_reader import (
    CHUNK_BYTES,
    MAX_CELL_LENGTH,
    MAX_COLUMNS,
    MAX_RECORD_BYTES,
    CsvFileError,
    RecordReader,
)
from hypothesis import example, given
from hypothesis import strategies as st


def read(content):
    return list(RecordReader(io.BytesIO(content)))


def cells(content):
    return [record.cells for record in read(content) if not record.fault]


@given(st.binary(max_size=400))
@example(b'"')
@example(b'\xef\xbb\xbf"a\r\n"')
@example(b"\r" * 5)
def test_any_bytes_are_read_or_refused_as_a_file(content):
    try:
        records = read(content)
    except CsvFileError as refusal:
        assert refusal.message
        return
    lines = [record.line_number for record in records]
    assert lines == sorted(set(lines))


@given(st.binary(max_size=300), st.lists(st.integers(1, 40), max_size=60))
def test_the_size_of_the_pieces_does_not_matter(content, sizes):
    def outcome(source):
        try:
            return list(RecordReader(source))
        except CsvFileError as refusal:
            return refusal.code

    pieces, start = [], 0
    for size in sizes:
        pieces.append(content[start : start + size])
        start += size
    pieces.append(content[start:])
    assert outcome(pieces) == outcome(io.BytesIO(content))


CELL = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\0"),
    max_size=12,
).map(lambda text: text + "x")


@given(
    st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_what_python_writes_is_read(rows, quoting, line_end):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, quoting=quoting, lineterminator=line_end).writerows(rows)
    assert cells(buffer.getvalue().encode()) == [tuple(row) for row in rows]


def test_a_quoted_cell_holds_delimiters_quotes_and_line_breaks():
    records = read(b'a,"b,""c""\r\nd",e\nf,g,h\n')
    assert [record.cells for record in records] == [
        ("a", 'b,"c"\nd', "e"),
        ("f", "g", "h"),
    ]
    assert [record.line_number for record in records] == [1, 3]


def test_a_quote_inside_an_unquoted_cell_is_a_letter():
    assert cells(b'5" tube,"x"\n') == [('5" tube', "x")]


@pytest.mark.parametrize(
    ("bad_line", "code"),
    [
        (b'"never closed,b', "quote_open"),
        (b'"a"b,c', "quote_misplaced"),
        (b"a," + b"x" * (MAX_CELL_LENGTH + 1), "cell_too_long"),
        (b"x" * (MAX_RECORD_BYTES + 1), "row_too_long"),
        (b"," * MAX_COLUMNS + b"x", "too_many_cells"),
        (b"a,\x07", "control_character"),
    ],
)
def test_a_bad_row_costs_only_itself(bad_line, code):
    records = read(b"a,b\n" + bad_line + b"\nc,d\ne,f\n")
    assert [record.fault_code for record in records] == ["", code, "", ""]
    assert [record.line_number for record in records] == [1, 2, 3, 4]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("length", range(CHUNK_BYTES - 3, CHUNK_BYTES + 4))
def test_line_ends_at_the_edge_of_a_piece(length, line_end):
    records = read(b"x" * length + line_end + b"b" + line_end)
    assert [record.line_number for record in records] == [1, 2]
    assert records[1].cells == ("b",)


@pytest.mark.parametrize(
    ("content", "code", "byte_offset"),
    [
        (b"a,b\n\x00", "file_binary", 4),
        (b"\xef\xbb\xbfa,\x00", "file_binary", 5),
        (b"a,b\nc,\xff\n", "encoding_invalid", 6),
        (b"\xef\xbb\xbfa\r\nb\xe9\n", "encoding_invalid", 7),
        (b'a\n"b\n\xe9"\n', "encoding_invalid", 5),
    ],
)
def test_the_offending_byte_is_named(content, code, byte_offset):
    with pytest.raises(CsvFileError) as refusal:
        read(content)
    assert refusal.value.code == code
    assert refusal.value.params["byte_offset"] == byte_offset


def test_other_encodings_only_when_declared():
    assert [r.cells for r in RecordReader([b"\xe9"], "cp1252")] == [("é",)]
    with pytest.raises(CsvFileError):
        list(RecordReader([b"\x81"], "cp1252"))
    with pytest.raises(CsvFileError):
        RecordReader([], "utf-7")
    with pytest.raises(CsvFileError) as refusal:
        read("a".encode("utf-16"))
    assert refusal.value.code == "file_utf16"


@pytest.mark.parametrize(
    ("piece", "count"),
    [
        (b"x" * 10_000, 1_000),
        (b'"' + b"x" * 10_000 + b"\n", 1_000),
        (b"x" * 1_000 + b"\n", 10_000),
        (b"\n" * 10_000, 20),
    ],
)
def test_memory_stays_flat_whatever_comes(piece, count):
    def endless():
        yield b'"'
        for _count in range(count):
            yield piece

    tracemalloc.start()
    try:
        for _record in RecordReader(endless()):
            pass
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 50 * MAX_RECORD_BYTES
