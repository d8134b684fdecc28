# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Separators, line ends, envelopes: what other people's programs make of X12."""

import io

import pytest
import remittance_files as files
from hc_x12.envelope import InterchangeReader
from hc_x12.tokenizer import MAX_SEGMENT_CHARACTERS

CLAIM = files.Claim("CASE1", [files.Line("99213", 100, [("CO", "45", 20)])])
FILE = files.interchange([files.transaction_segments([CLAIM])])


def read(content):
    """Types and segments of the transactions of a file, and the codes of its findings."""
    source = content if isinstance(content, list) else io.BytesIO(content)
    reader = InterchangeReader(source)
    transactions = [(each.type, list(each.segments)) for each in reader]
    return transactions, [finding.code for finding in reader.findings.findings]


EXPECTED = read(FILE)


def with_separators(content, element, component, terminator):
    table = bytes.maketrans(b"*:~", b"*:~")
    text = content.translate(table).decode()
    text = text.replace("*", "\0").replace(":", "\1").replace("~", "\2")
    for mark, separator in (("\0", element), ("\1", component), ("\2", terminator)):
        text = text.replace(mark, separator)
    return text.encode()


def test_a_file_of_our_own_leaves_nothing_to_report():
    assert EXPECTED[1] == []
    assert [kind for kind, _segments in EXPECTED[0]] == ["835"]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + FILE,
        FILE + b"\r\n\r\n",
        FILE.replace(b"~", b"~\n"),
        FILE.replace(b"~", b"~\r\n"),
        FILE.replace(b"~", b"\n"),
        FILE.replace(b"~", b"\r\n"),
        FILE.replace(b"~", b"\r"),
        FILE[:-1],
        FILE.replace(b"~CAS", b" ~ CAS"),
        b"\n".join(FILE[start : start + 80] for start in range(0, len(FILE), 80)),
        FILE + b"\x1a",
        with_separators(FILE, "|", ">", "'"),
        with_separators(FILE, "\x1d", "\x1f", "\x1c"),
        with_separators(FILE, "*", ":", "\u00d6"),
    ],
    ids=[
        "bom", "blank-end", "lf-after", "crlf-after", "lf", "crlf", "cr", "no-last-end", "padded",
        "wrapped", "ctrl-z", "foreign", "control-characters", "beyond-ascii",
    ],
)  # fmt: skip
def test_the_same_file_in_another_dress_is_the_same(content):
    transactions, findings = read(content)
    component = {b"|": ">", b"\x1d": "\x1f"}.get(content[3:4], ":")
    undressed = [
        (kind, [[text.replace(component, ":") for text in segment] for segment in segments])
        for kind, segments in transactions
    ]
    assert undressed == EXPECTED[0]
    assert findings == []


def test_interchanges_follow_each_other_with_other_separators():
    second = with_separators(FILE, "|", ">", "'").replace(b"000000001", b"000000002")
    transactions, findings = read(FILE + b"\r\n" + second + FILE.replace(b"00000001", b"00000003"))
    assert [kind for kind, _segments in transactions] == ["835"] * 3
    assert findings == []


def test_an_interchange_that_breaks_off_does_not_swallow_the_next():
    transactions, findings = read(FILE[:-120] + FILE)
    assert len(transactions) == 2
    assert transactions[1] == EXPECTED[0][0]
    assert "segment_unterminated" in findings
    assert "interchange_unterminated" in findings


def test_the_size_of_the_pieces_does_not_matter():
    content = FILE + b"\n" + with_separators(FILE, "|", ">", "'") + FILE[:300]
    whole = read(content)
    for size in (1, 2, 3, 7, 50, 401):
        pieces = [content[start : start + size] for start in range(0, len(content), size)]
        assert read(pieces) == whole


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ((b"SE*18*0001", b"SE*17*0001"), "count_differs"),
        ((b"SE*18*0001", b"SE*18*0002"), "control_number_differs"),
        ((b"GE*1*1", b"GE*2*1"), "count_differs"),
        ((b"IEA*1*000000001", b"IEA*1*000000009"), "control_number_differs"),
        ((b"SE*18*0001~", b""), "transaction_unterminated"),
        ((b"GE*1*1~", b""), "group_unterminated"),
        ((b"IEA*1*000000001~", b""), "interchange_unterminated"),
        ((b"~GS*HP", b"~XX*HP"), "segment_outside"),
        ((b"*00501*", b"*00501*\xe9"), "isa_width"),
        ((b"N1*PR*EXAMPLE", b"N1*PR*EX\x07MPLE"), "control_character"),
        ((b"N1*PR*EXAMPLE", b"N1*PR*EX\xe9MPLE"), "encoding_unknown"),
    ],
)
def test_an_envelope_that_does_not_agree_is_a_finding(change, code):
    assert change[0] in FILE
    transactions, findings = read(FILE.replace(*change))
    assert len(transactions) == 1
    assert code in findings


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_not_x12"),
        (b"Dear Sir, the remittance follows by post.", "file_not_x12"),
        (FILE.decode().encode("utf-16"), "file_utf16"),
        (FILE[:60], "file_not_x12"),
        (FILE.replace(b"*:~GS", b"*:GGS"), "separators_invalid"),
        (FILE[106:], "interchange_missing"),
    ],
)
def test_what_is_no_interchange_says_so(content, code):
    assert code in read(content)[1]


def test_a_file_that_starts_with_its_group_is_still_read():
    assert read(FILE[106:])[0] == EXPECTED[0]


def test_a_segment_without_end_is_passed_over_but_counted():
    flood = b"N3*" + b"X" * (3 * MAX_SEGMENT_CHARACTERS)
    transactions, findings = read(FILE.replace(b"N3*1 MAIN STREET", flood))
    assert findings == ["segment_too_long"]
    assert ["N3"] in transactions[0][1]
    assert len(transactions[0][1]) == len(EXPECTED[0][0][1])
