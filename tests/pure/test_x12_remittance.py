# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Generated 835 files: read back equal, proven, and every changed cent found at its level."""

import io
from datetime import date
from decimal import Decimal

import pytest
import remittance_files as files
from hc_x12.findings import FindingLog
from hc_x12.proof import prove_claim
from hc_x12.remittance_reader import read_remittances
from hypothesis import given
from hypothesis import strategies as st

CENT = Decimal("0.01")

amounts = st.integers(-99_999, 999_999).map(lambda cents: Decimal(cents) / 100)
identifiers = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-./", min_size=1, max_size=20)
reasons = st.sampled_from(["1", "2", "3", "23", "45", "96", "97", "A2", "253"])
adjustments = st.lists(
    st.tuples(st.sampled_from(["CO", "OA", "PI", "PR"]), reasons, amounts), max_size=9
)
lines = st.builds(
    files.Line,
    code=st.sampled_from(["99213", "G0463", "A4253"]),
    charge=amounts,
    adjustments=adjustments,
    modifiers=st.lists(st.sampled_from(["25", "59", "RT"]), max_size=4).map(tuple),
    units=st.integers(1, 99),
    control_number=identifiers,
    remarks=st.lists(st.sampled_from(["N130", "MA01"]), max_size=2).map(tuple),
    original_code=st.sampled_from(["", "99214"]),
)
claims = st.builds(
    files.Claim,
    number=identifiers,
    lines=st.lists(lines, max_size=4),
    adjustments=adjustments,
    status=st.sampled_from(["1", "2", "4", "22"]),
    own_charge=amounts,
)
provider_adjustments = st.lists(
    st.tuples(st.sampled_from(["WO", "FB", "72", "L6"]), identifiers, amounts), max_size=4
)


def read(content, **options):
    return [
        (remittance.header, list(remittance.claims), remittance.trailer)
        for remittance in read_remittances(io.BytesIO(content), **options)
    ]


def by_group(adjusted):
    """Adjustments in the order in which CAS segments carry them: one segment per group."""
    order = {group: position for position, (group, *_rest) in reversed(list(enumerate(adjusted)))}
    return sorted(((g, r, a) for g, r, a in adjusted), key=lambda each: order[each[0]])


def same_line(line, written):
    assert line.procedure[:3] == ("HC", written.code, written.modifiers)
    assert (line.charge, line.paid, line.units_paid) == (
        written.charge,
        written.paid,
        written.units,
    )
    assert (line.original_procedure.code if line.original_procedure else "") == (
        written.original_code
    )
    assert [tuple(each[:3]) for each in line.adjustments] == by_group(written.adjustments)
    assert line.control_number == written.control_number
    assert line.remark_codes == written.remarks
    assert line.service_date == date(2026, 1, 5)


@given(st.lists(claims, max_size=4), provider_adjustments)
def test_what_was_written_is_read_and_proven(written, moved):
    log = FindingLog()
    content = files.interchange([files.transaction_segments(written, moved)])
    [(header, found, trailer)] = read(content, findings=log)
    assert log.findings == []
    assert header.payer.name == "EXAMPLE PAYER"
    assert header.payee.identifier == "1999999984"
    assert header.production_date == date(2026, 1, 9)
    assert [claim.patient_control_number for claim in found] == [each.number for each in written]
    for claim, original in zip(found, written, strict=True):
        assert (claim.charge, claim.paid) == (original.charge, original.paid)
        assert [tuple(each[:3]) for each in claim.adjustments] == by_group(original.adjustments)
        assert claim.named("QC").identifier == "M" + original.number
        assert claim.is_reversal == (original.status == "22")
        for line, original_line in zip(claim.lines, original.lines, strict=True):
            same_line(line, original_line)
        assert prove_claim(claim).is_proven
    assert [(a.reason, a.reference, a.amount) for a in trailer.adjustments] == moved
    assert trailer.balance.is_proven
    assert trailer.balance.difference == 0


@given(claims.filter(lambda claim: claim.lines), st.sampled_from([CENT, -CENT]), st.data())
def test_a_changed_cent_is_found_at_its_level(claim, cent, data):
    segments = files.transaction_segments([claim, files.Claim("OTHER", [], own_charge=CENT)])
    level = data.draw(st.sampled_from(["service line", "claim", "transaction"]))
    tag, element = {"service line": ("SVC", 3), "claim": ("CLP", 4), "transaction": ("BPR", 2)}[
        level
    ]
    position = next(n for n, segment in enumerate(segments) if segment[0] == tag)
    segments[position][element] = str(Decimal(segments[position][element]) + cent)
    [(_header, found, trailer)] = read(files.interchange([segments]))
    proofs = [prove_claim(each) for each in found]
    unproven = [
        balance
        for proof in proofs
        for balance in (*proof.lines, proof.claim)
        if not balance.is_proven
    ]
    if not trailer.balance.is_proven:
        unproven.append(trailer.balance)
    assert unproven[0].level == level
    assert unproven[0].difference == cent
    # GS and ISA stand before.
    assert unproven[0].segment_number == position + 3
    if level == "service line":
        assert unproven == [proofs[0].first_difference]
        assert (unproven[0].claim, unproven[0].line) == (claim.number, 1)


def with_change(old, new):
    line = files.Line("99213", Decimal(100), [("CO", "45", Decimal("20.5"))])
    written = [files.Claim(f"CASE{number}", [line]) for number in range(3)]
    content = files.interchange([files.transaction_segments(written, [("WO", "X", Decimal(5))])])
    assert old in content
    return content.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "code", "position"),
    [
        (b"CLP*CASE0*1*100*79.5", b"CLP*CASE0*1*1E2*79.5", "number_exponent", ("CLP", 3)),
        (b"SVC*HC:99213*100*", b"SVC*HC:99213*100.000*", "amount_precision", ("SVC", 2)),
        (b"SVC*HC:99213*100*", b"SVC*HC:99213*1,00*", "number_invalid", ("SVC", 2)),
        (b"CAS*CO*45*20.5", b"CAS*CO*45*" + b"9" * 30, "number_too_long", ("CAS", 3)),
        (b"CAS*CO*45*20.5", b"CAS*CO*45*NaN", "number_invalid", ("CAS", 3)),
        (b"CAS*CO*45*20.5", "CAS*CO*45*٢٠".encode(), "number_invalid", ("CAS", 3)),
        (b"CAS*CO*45*20.5", b"CAS*CO*45", "element_missing", ("CAS", 3)),
        (b"CAS*CO*45*20.5", b"CAS*CO*45*20.5**96", "adjustment_incomplete", ("CAS", 5)),
        (b"CLP*CASE0*1*100*", b"CLP*CASE0*1**", "element_missing", ("CLP", 3)),
        (b"DTM*232*20260105", b"DTM*232*20260231", "date_invalid", ("DTM", 2)),
    ],
)
def test_a_bad_claim_is_held_and_the_others_are_read(old, new, code, position):
    [(_header, found, trailer)] = read(with_change(old, new))
    bad, *good = found
    assert (code, *position) in [(each.code, each.tag, each.element) for each in bad.findings]
    assert bad.has_errors
    assert bad.findings[0].claim == "CASE0"
    assert bad.segments[bad.findings[0].segment_number - bad.segment_number][0] == position[0]
    assert all(prove_claim(claim).is_proven and not claim.findings for claim in good)
    assert prove_claim(bad).is_proven == (position[0] == "DTM")
    assert trailer.claim_count == 3


def test_an_unreadable_payment_leaves_the_transaction_unproven():
    [(_header, found, trailer)] = read(with_change(b"*100*79.5*", b"*100*79,5*"))
    assert found[0].paid is None
    assert trailer.balance.expected is None
    assert not trailer.balance.is_proven
    assert trailer.paid == Decimal("159.0")


def test_unknown_segments_are_kept_and_named():
    content = with_change(b"DTM*232*20260105~", b"DTM*232*20260105~ZZZ*1*2~MSG*HELLO~")
    [(_header, found, _trailer)] = read(content)
    assert found[0].unknown == (("ZZZ", "1", "2"), ("MSG", "HELLO"))
    assert [each.code for each in found[0].findings] == ["segment_unknown"] * 2
    assert not found[0].has_errors


def test_dates_behind_the_given_day_are_noted():
    content = with_change(b"DTM*232*20260105", b"DTM*232*20260205")
    [(_header, found, _trailer)] = read(content, as_of=date(2026, 1, 31))
    assert [(each.code, each.severity) for each in found[0].findings] == [
        ("date_in_future", "warning")
    ]
    assert found[1].findings == ()


def test_another_guide_is_an_error_and_another_type_is_passed_over():
    content = with_change(b"005010X221A1", b"004010X091A1")
    [(header, _found, _trailer)] = read(content)
    assert [each.code for each in header.findings] == ["version_unsupported"]
    log = FindingLog()
    assert read(with_change(b"ST*835*", b"ST*999*"), findings=log) == []
    assert [each.code for each in log.findings] == ["transaction_type_unexpected"]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"TRN*1*TRACE0001*1999999999~", b"", "segment_count"),
        (b"N1*PE*EXAMPLE CLINIC*XX*1999999984~", b"", "party_missing"),
        (b"20261231*WO:X*5", b"20261231*WO:X*5*FB:Y", "pair_incomplete"),
    ],
)
def test_a_payment_that_lacks_something_is_an_error(old, new, code):
    log = FindingLog()
    read(with_change(old, new), findings=log)
    assert code in [each.code for each in log.findings]
    assert log.has_errors


def test_claims_that_nobody_asked_for_are_still_proven():
    [remittance] = read_remittances([with_change(b"PLB", b"PLB")])
    assert list(remittance.claims) == []
    assert remittance.trailer.claim_count == 3
    assert remittance.trailer.balance.is_proven


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"~SE*", b"~SE*1", "count_differs"),
        (b"N1*PR*EXAMPLE", b"N1*PR*EX\x07MPLE", "control_character"),
    ],
)
def test_what_the_envelope_lacks_stays_with_its_remittance(old, new, code):
    [(_header, _found, trailer)] = read(with_change(old, new))
    assert [(each.code, each.transaction) for each in trailer.findings] == [(code, 1)]
    assert trailer.has_errors == (code == "count_differs")


def test_an_unknown_status_or_group_is_noted_but_read():
    [(_header, found, _trailer)] = read(with_change(b"CLP*CASE0*1*", b"CLP*CASE0*99*"))
    assert [(each.code, each.severity) for each in found[0].findings] == [
        ("code_unknown", "warning")
    ]
    [(_header, found, _trailer)] = read(with_change(b"CAS*CO*", b"CAS*CR*"))
    assert [each.element for each in found[0].findings] == [1]
    assert prove_claim(found[0]).is_proven
