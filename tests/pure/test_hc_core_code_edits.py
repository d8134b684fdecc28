# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Edits between charge lines: pairs, units, add-on codes, duplicates."""

from datetime import date
from decimal import Decimal

import pytest
from hc_core.code_edits import (
    AddOnCode,
    CodePair,
    CodePairTable,
    Line,
    UnitLimit,
    find_add_ons_without_primary,
    find_duplicates,
    find_excess_units,
    find_pair_conflicts,
)
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 2, 1)
NEXT_DAY = date(2026, 2, 2)
START = date(2026, 1, 1)


def line(number, code, **values):
    return Line(id=number, code=code, **{"service_date": DAY, **values})


def kinds(lines, *pairs, **options):
    findings = find_pair_conflicts(lines, CodePairTable(pairs), **options)
    return [(finding.kind, finding.line_ids) for finding in findings]


BOTH = (line(1, "A1"), line(2, "B2"))


@pytest.mark.parametrize(
    ("indicator", "modifiers", "kind"),
    [
        ("0", (), "pair_blocked"),
        ("0", ("59",), "pair_blocked"),
        ("1", (), "pair_needs_modifier"),
        ("1", ("LT",), "pair_needs_modifier"),
        ("1", ("LT", "59"), None),
        ("9", (), None),
        ("?", ("59",), "pair_blocked"),
    ],
)
def test_the_modifier_indicator_decides(indicator, modifiers, kind):
    lines = (line(1, "A1"), line(2, "B2", modifiers=modifiers))
    found = kinds(lines, CodePair("A1", "B2", indicator, START))
    assert found == ([(kind, (2, 1))] if kind else [])


def test_the_modifier_counts_on_the_column_2_line_only():
    lines = (line(1, "A1", modifiers=("59",)), line(2, "B2"))
    assert kinds(lines, CodePair("A1", "B2", "1", START)) == [("pair_needs_modifier", (2, 1))]


def test_the_overriding_modifiers_are_the_callers():
    lines = (line(1, "A1"), line(2, "B2", modifiers=("Q9",)))
    pair = CodePair("A1", "B2", "1", START)
    assert kinds(lines, pair, overriding_modifiers=("Q9",)) == []


def test_other_days_and_performers_do_not_conflict():
    pair = CodePair("A1", "B2", "0", START)
    assert kinds((line(1, "A1"), line(2, "B2", service_date=NEXT_DAY)), pair) == []
    assert kinds((line(1, "A1"), line(2, "B2", performer_id=7)), pair) == []


def test_effective_dates_include_both_ends():
    assert kinds(BOTH, CodePair("A1", "B2", "0", DAY, DAY))
    assert not kinds(BOTH, CodePair("A1", "B2", "0", NEXT_DAY))
    assert not kinds(BOTH, CodePair("A1", "B2", "0", START, date(2026, 1, 31)))


def test_the_payers_own_pair_goes_before_everybodys():
    general = CodePair("A1", "B2", "0", START)
    own = CodePair("A1", "B2", "9", START, payer_family="medicaid")
    assert kinds(BOTH, general, own, payer_family="medicaid") == []
    assert len(kinds(BOTH, general, own, payer_family="commercial")) == 1


@pytest.mark.parametrize(
    ("basis", "units", "expected"),
    [
        ("line", (2, 2), []),
        ("line", (3, 1), [(0,)]),
        ("day", (1, 1), []),
        ("day", (2, 1), [(0, 1)]),
    ],
)
def test_units_are_counted_on_their_basis(basis, units, expected):
    lines = [line(n, "A1", units=Decimal(count)) for n, count in enumerate(units)]
    limits = [UnitLimit("A1", Decimal(2), basis, START)]
    assert [each.line_ids for each in find_excess_units(lines, limits)] == expected


def test_a_unit_limit_has_its_time():
    lines = [line(1, "A1", units=Decimal(9))]
    assert not find_excess_units(lines, [UnitLimit("A1", Decimal(2), "day", NEXT_DAY)])


def test_an_add_on_needs_one_of_its_primaries_that_day():
    add_on = AddOnCode("A9", frozenset({"A1", "A2"}), START)
    assert find_add_ons_without_primary([line(1, "A9")], [add_on])[0].line_ids == (1,)
    for primary, count in (
        (line(2, "A2"), 0),
        (line(2, "A2", performer_id=5), 0),
        (line(2, "A2", service_date=NEXT_DAY), 1),
    ):
        found = find_add_ons_without_primary([line(1, "A9"), primary], [add_on])
        assert len(found) == count
    later = AddOnCode("A9", frozenset({"A1"}), NEXT_DAY)
    assert not find_add_ons_without_primary([line(1, "A9")], [later])


def test_duplicates_ignore_the_order_of_modifiers():
    lines = [
        line(1, "A1", modifiers=("25", "LT")),
        line(2, "A1", modifiers=("LT", "25")),
        line(3, "A1"),
        line(4, "A1", modifiers=("25", "LT"), performer_id=8),
    ]
    assert [each.line_ids for each in find_duplicates(lines)] == [(1, 2)]


LINES = st.lists(
    st.builds(
        Line,
        id=st.uuids(),
        code=st.sampled_from("ABC"),
        service_date=st.sampled_from([DAY, NEXT_DAY]),
        units=st.decimals(1, 9, places=0),
        modifiers=st.lists(st.sampled_from(["25", "59"]), max_size=2).map(tuple),
        performer_id=st.sampled_from([None, 1]),
    ),
    max_size=8,
)


@given(LINES)
def test_findings_name_only_the_lines_given_and_every_duplicate_once(lines):
    ids = [each.id for each in lines]
    table = CodePairTable([CodePair("A", "B", "1", START), CodePair("B", "A", "0", START)])
    findings = (
        *find_pair_conflicts(lines, table),
        *find_excess_units(lines, [UnitLimit("A", Decimal(5), "day", START)]),
        *find_add_ons_without_primary(lines, [AddOnCode("C", frozenset("A"), START)]),
    )
    assert {each for finding in findings for each in finding.line_ids} <= set(ids)
    duplicates = [each for found in find_duplicates(lines) for each in found.line_ids]
    assert len(duplicates) == len(set(duplicates))
