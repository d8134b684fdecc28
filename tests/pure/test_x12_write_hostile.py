# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""No text of a claim changes the structure of its file; what was written is read back."""

import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from hc_x12.claim import Note
from hc_x12.envelope import InterchangeReader
from hc_x12.interchange import Envelope, EnvelopeError
from hc_x12.outgoing import decimal_text
from hc_x12.parties import Name
from hc_x12.separators import Separators
from hc_x12.transaction_file import Outcome
from hc_x12.writable_text import TextCleaner
from hc_x12.write_837p import write_837p
from hypothesis import given, settings
from hypothesis import strategies as st
from x12_claims import CLAIM, CLINIC, ENVELOPE, LINE, RECEIVER, SUBMITTER, SUBSCRIBER

PLAIN_AMOUNT = re.compile(r"-?[0-9]{1,10}(\.[0-9]{1,3})?")
signs = st.sampled_from("*~:^|>!+\n\r\t\x00\x1a\x85\u2028\ud800éß\u0301李\U0001f9a0 A'\"")
hostile = st.text(signs, max_size=120) | st.text(max_size=120)
separators = st.sampled_from(
    (Separators(), Separators("|", ">", "!", "'"), Separators("+", "<", "%", "?"))
)


def write(claims, envelope=ENVELOPE):
    outcome = Outcome()
    return b"".join(write_837p(envelope, SUBMITTER, RECEIVER, claims, outcome)), outcome


def read(data):
    """Tags of each transaction, and what the reader found wrong with the envelopes."""
    reader = InterchangeReader([data])
    tags = [[segment[0] for segment in transaction.segments] for transaction in reader]
    return reader, tags


@settings(deadline=None)
@given(hostile, hostile, separators, st.booleans())
def test_text_never_breaks_the_structure(name, note, divided_by, lines):
    envelope = replace(ENVELOPE, separators=divided_by, lines=lines)
    harmless = replace(CLAIM, note=Note("SAFE"))
    claim = replace(
        harmless,
        note=Note(note),
        rendering=replace(CLAIM.rendering, name=Name(name, name, name, name)),
        billing_provider=replace(
            CLINIC, address=replace(CLINIC.address, line_1="X" + name, line_2=note)
        ),
        lines=(replace(LINE, description=note, procedure="A0000"),),
    )
    data, outcome = write([claim, harmless], envelope)
    reader, tags = read(data)
    assert reader.findings.counts.total() == 0
    expected = Counter(tags[0])
    if outcome.left_out:
        # Nothing of the text could be written, and a name or note may not be empty.
        assert outcome.left_out == [CLAIM.claim_id]
        assert outcome.documents == 1
    else:
        assert expected["CLM"] == outcome.documents == 2
    assert expected["SV1"] == expected["NTE"] == expected["CLM"]
    assert set(data) <= set(map(ord, map(chr, range(32, 127)))) | {10}


@settings(deadline=None)
@given(hostile)
def test_clean_text_holds_nothing_but_signs_of_x12(text):
    clean = TextCleaner(Separators()).clean
    cleaned = clean(text)
    assert not set(cleaned) & set("*:^~\n\r`")
    assert cleaned == cleaned.strip() == cleaned.upper()
    assert cleaned.isascii()
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Zoë Núñez-O’Hara", "ZOE NUNEZ-O'HARA"),
        ("Straße", "STRASSE"),
        ("Łódź", "LODZ"),
        ("a*b~c:d^e", "A B C D E"),
        ("line\r\nbreak", "LINE BREAK"),
        ("李", ""),
    ],
)
def test_names_of_other_alphabets(before, after):
    assert TextCleaner(Separators()).clean(before) == after


@given(st.decimals(-(10**9), 10**9, places=2) | st.decimals(-1000, 1000, places=3))
def test_amounts_are_plain_decimals(amount):
    text = decimal_text(amount)
    assert PLAIN_AMOUNT.fullmatch(text)
    assert Decimal(text) == amount
    assert not text.startswith("-0") or amount < 0


@pytest.mark.parametrize(
    "amount",
    [
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1.001"),
        Decimal("1E+400"),
        Decimal("9E+999999"),
        Decimal("-1"),
        12.5,
    ],
    ids=str,
)
def test_what_is_no_amount_is_a_finding(amount):
    claim = replace(CLAIM, charge=amount, lines=(replace(LINE, charge=amount),))
    data, outcome = write([claim])
    assert data == b""
    assert outcome.left_out == [CLAIM.claim_id]
    assert any(finding.code.startswith("amount_") for finding in outcome.findings.findings)


def test_numbers_go_out_unchanged_or_not_at_all():
    holder = replace(SUBSCRIBER, member_id="M*1~2")
    data, outcome = write([replace(CLAIM, coverage=replace(CLAIM.coverage, subscriber=holder))])
    assert data == b""
    [finding] = outcome.findings.findings
    assert (finding.code, finding.tag, finding.element) == ("number_changes", "NM1", 9)
    assert finding.claim == CLAIM.claim_id


def test_long_text_is_cut_and_the_cut_is_told():
    claim = replace(CLAIM, note=Note("WORD " * 40))
    data, outcome = write([claim])
    [note] = [line for line in data.decode().splitlines() if line.startswith("NTE")]
    assert len(note.split("*")[2].rstrip("~")) <= 80
    assert [finding.code for finding in outcome.findings.findings] == ["cut"]


def test_one_bad_claim_never_loses_the_file():
    bad = replace(CLAIM, claim_id="BAD", diagnoses=())
    data, outcome = write([bad, CLAIM, bad])
    assert outcome.left_out == ["BAD", "BAD"]
    assert outcome.documents == 1
    reader, _tags = read(data)
    assert reader.findings.counts.total() == 0


def test_no_claim_no_file():
    assert write([])[0] == b""


def test_control_numbers_are_those_of_the_envelope():
    data, _outcome = write([CLAIM], replace(ENVELOPE, control_number=987654321))
    text = data.decode()
    assert text[90:99] == "987654321"
    assert "*987654321*X*" in text
    assert text.rstrip().endswith("IEA*1*987654321~")


@pytest.mark.parametrize(
    "change",
    [
        {"sender_id": ""},
        {"sender_id": "SIXTEEN-LETTERS-"},
        {"receiver_id": "A*B"},
        {"application_sender": "lower"},
        {"sender_qualifier": "Z"},
        {"control_number": 0},
        {"control_number": 10**9},
        {"usage": "X"},
        {"separators": Separators("*", "*", "^", "~")},
        {"separators": Separators("A", ":", "^", "~")},
        {"separators": Separators("*", ":", "^", "\n")},
    ],
    ids=str,
)
def test_an_envelope_that_cannot_be_written_is_refused(change):
    values = {
        "sender_id": "CLINIC01",
        "receiver_id": "HOUSE01",
        "control_number": 1,
        "created": datetime(2026, 3, 2, 9, 30),
    }
    with pytest.raises(EnvelopeError):
        Envelope(**{**values, **change})
