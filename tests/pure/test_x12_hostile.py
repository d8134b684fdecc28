# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Files made to break the reader: data or findings, bounded time and memory, no crash."""

import json
import time
import tracemalloc

import pytest
import remittance_files as files
from hc_x12 import loops
from hc_x12.loops import MAX_LOOP_SEGMENTS
from hc_x12.summary import FileSummary
from hypothesis import example, given, settings
from hypothesis import strategies as st

CLAIMS = list(files.many_claims(3))
REMITTANCE = files.interchange([files.transaction_segments(CLAIMS, [("WO", "X", 5)])])
STATUS = b"HL*1**20*1~NM1*PR*2*PAYER~TRN*1*A~STC*A1:19~HL*2*1*PT~TRN*2*B~STC*A7:1~SVC*HC:1*2~"
BENEFIT = b"HL*1**22*0~NM1*IL*1*A~DMG*D8*19800229~EB*1**30~LS*2120~NM1*PR*2*B~LE*2120~AAA*N**75*C~"
GROUP = (
    b"AK1*HC*1~AK2*837*0001~IK3*CLM*1~CTX*A:B~IK4*1*2*3~IK5*R~AK9*P*1*1*0~TA1*1*260101*1200*A*000~"
)


def wrapped(kind, body):
    return (
        files.isa().encode()
        + b"GS*XX*A*B*20260101*1200*1*X*005010~ST*" + kind + b"*0001~" + body
        + b"SE*9*0001~GE*1*1~IEA*1*000000001~"
    )  # fmt: skip


SEEDS = [REMITTANCE, wrapped(b"277", STATUS), wrapped(b"271", BENEFIT), wrapped(b"999", GROUP)]
TAGS = (
    b"ISA GS ST BPR TRN N1 LX CLP CAS SVC DTM REF AMT PLB SE GE IEA TA1 HL STC EB AK2 IK3".split()
)


def summary_of(content):
    source = content if not isinstance(content, bytes) else [content]
    summary = FileSummary(source, "hostile")
    figures = summary.as_dict()
    assert json.loads(json.dumps(figures)) == figures
    assert summary.is_readable or figures["findings"]
    return summary


@given(st.binary(max_size=600))
@example(b"ISA")
@example(b"ISA*00*")
@example(b"ST*835*1~")
@example(b"\xef\xbb\xbf")
@example(b"\xff\xfe")
@example(files.isa().encode())
def test_any_bytes(content):
    summary_of(content)
    summary_of(files.isa().encode() + content)
    summary_of(wrapped(b"835", content))


mutations = st.lists(
    st.tuples(
        st.sampled_from(["cut", "copy", "swap", "insert", "truncate"]),
        st.floats(0, 1),
        st.integers(1, 60),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(TAGS).map(lambda tag: b"~" + tag + b"*"),
            st.sampled_from([b"1E9", b"NaN", b"-", b".", b"0.001", b"99999999", b"\xef\xbb\xbf"]),
        ),
    ),
    min_size=1,
    max_size=6,
)


def mutated(content, changes):
    for kind, where, length, inserted in changes:
        start = int(where * len(content))
        piece = content[start : start + length]
        if kind == "cut":
            content = content[:start] + content[start + length :]
        elif kind == "copy":
            content = content[:start] + piece + content[start:]
        elif kind == "swap":
            content = content[:start] + piece[::-1] + content[start + length :]
        elif kind == "insert":
            content = content[:start] + inserted + content[start:]
        else:
            content = content[: max(start, 200)]
    return content


@settings(max_examples=400)
@given(st.sampled_from(SEEDS), mutations)
def test_damaged_files(content, changes):
    summary_of(mutated(content, changes))


bodies = st.lists(
    st.tuples(
        st.sampled_from(TAGS),
        st.lists(st.sampled_from([b"", b"1", b"A:B", b"20260101", b"1.00", b"PT", b"X^Y"])),
    ).map(lambda each: b"*".join((each[0], *each[1])) + b"~"),
    max_size=25,
).map(b"".join)


@settings(max_examples=300)
@given(st.sampled_from([b"835", b"277", b"271", b"999", b"997"]), bodies)
def test_segments_in_any_order(kind, body):
    summary_of(wrapped(kind, body))


def repeated(head, piece, count, tail=b""):
    """A stream that never exists as a whole."""
    yield head
    block = piece * 500
    for _block in range(count // 500):
        yield block
    yield tail


HEAD = REMITTANCE[: REMITTANCE.index(b"CLP*")]
FLOODS = {
    "unknown segments": (HEAD, b"ZZZ*1~", b""),
    "segments of one claim": (HEAD, b"CAS*CO*45*1~", b""),
    "lines of one claim": (HEAD + b"CLP*A*1*1*1~", b"SVC*HC:1*1*1~", b""),
    "claims": (HEAD, b"CLP*A*1*1*1~", b""),
    "bad claims": (HEAD, b"CLP*A*1*x*1~", b""),
    "provider adjustments": (HEAD, b"PLB*1*20261231*WO:1*1~", b""),
    "empty segments": (HEAD, b"~", b""),
    "line ends": (HEAD, b"\r\n", b""),
    "transactions": (HEAD, b"ST*835*0001~", b""),
    "groups": (HEAD, b"GS*HP*A*B*20260101*1200*1*X*005010~", b""),
    "deep hierarchy": (wrapped(b"277", b"")[:160], b"HL*1*1*20*1~", b""),
    "elements": (HEAD + b"NM1", b"*", b"~"),
    "one segment": (HEAD + b"N3*", b"X", b"~SE*1*1~"),
    "text that is no X12": (b"", b"ISA is no envelope. ", b""),
    "element separators of an ISA": (b"ISA", b"*", b""),
}


@pytest.mark.parametrize("name", FLOODS)
def test_floods_keep_memory_flat(name, monkeypatch):
    # Measuring slows the reader down twentyfold: lower the limit instead of flooding longer.
    monkeypatch.setattr(loops, "MAX_LOOP_SEGMENTS", 1_000)
    head, piece, tail = FLOODS[name]
    peaks = []
    for count in (5_000, 10_000):
        tracemalloc.start()
        summary_of(repeated(head, piece, count, tail))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert max(peaks) < 20 * 2**20
    assert peaks[1] < peaks[0] * 1.2 + 2**20


@pytest.mark.parametrize("name", FLOODS)
def test_floods_take_time_in_proportion(name):
    head, piece, tail = FLOODS[name]

    def seconds(count):
        start = time.process_time()
        summary_of(repeated(head, piece, count, tail))
        return time.process_time() - start

    assert seconds(40_000) < 8 * seconds(10_000) + 0.5


@pytest.mark.parametrize(
    "piece",
    [files.isa().encode(), files.isa().replace("*", "|").encode(), REMITTANCE, b"ISA*00*"],
    ids=["envelopes", "foreign envelopes", "files", "starts of envelopes"],
)
def test_many_interchanges_take_time_in_proportion(piece):
    count = 2_000_000 // len(piece)
    start = time.process_time()
    summary = summary_of(repeated(files.isa().encode(), piece, count))
    assert time.process_time() - start < 20
    assert summary.reader.interchange_count <= count + 1


def test_a_claim_longer_than_any_guide_admits_is_cut_and_never_proven():
    count = MAX_LOOP_SEGMENTS + 1_000
    content = HEAD + b"CLP*A*1*100*100~" + b"REF*1K*1~" * count + b"CLP*B*1*1*1~"
    summary = summary_of(content)
    assert summary.remittances.counts["claims"] == 2
    assert "loop_too_long" in {each.code for each in summary.reader.findings.findings}
    assert not summary.is_proven


@pytest.mark.slow
def test_two_million_segments():
    claim = b"CLP*A*1*2*1*1~CAS*PR*1*1~NM1*QC*1*A~DTM*232*20260101~"
    start = time.process_time()
    summary = summary_of(repeated(HEAD, claim, 500_000))
    assert summary.remittances.counts["claims"] == 500_000
    assert summary.remittances.counts["claims_unbalanced"] == 0
    assert time.process_time() - start < 300
