# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The next best step, and what an agency reports."""

from dataclasses import fields, replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hc_dunning_core import next_step as core
from hc_dunning_core.agency_report import COLUMNS, read_header, read_rows
from hc_dunning_core.assistance_signs import SIGNS, STRONG, AssistanceSigns, find_signs
from hc_dunning_core.errors import DunningError
from hc_dunning_core.holds import HOLD_KINDS, LEGAL_KINDS
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 5, 4, 12, tzinfo=timezone.utc)
LATER = NOW + timedelta(hours=9)
DAY = date(2026, 5, 4)
MOMENTS = st.sampled_from((None, NOW - timedelta(days=1), NOW, LATER))
FACTS = st.builds(
    core.StepFacts,
    **{
        each.name: st.booleans()
        for each in fields(core.StepFacts)
        if each.name.startswith(("is_", "has_", "was_", "may_"))
    },
    hold=st.sampled_from(("", *sorted(HOLD_KINDS))),
    call_from=MOMENTS,
    place_from=MOMENTS | st.sampled_from((DAY, DAY + timedelta(days=1))),
    assistance_signs=st.sampled_from(((), ("has_medicaid",), SIGNS)),
    remind_on=st.sampled_from((None, DAY - timedelta(days=1), DAY, DAY + timedelta(days=3))),
    no_reminder=st.sampled_from(("", "exhausted")),
    now=st.just(NOW),
)


@given(FACTS)
def test_nothing_is_asked_for_that_is_held_or_not_lawful(facts):
    step = core.next_step(facts)
    assert step.code in core.STEPS
    asking = (core.CALL, core.PLAN, core.PLACE, core.STATEMENT)
    if facts.hold or not facts.is_owing or facts.has_dispute or facts.has_application:
        assert step.code not in asking
    if step.code in (core.CALL, core.PLAN):
        assert facts.call_from <= NOW
    if step.code == core.PLACE:
        assert facts.is_final and facts.place_from is not None
        assert not facts.assistance_signs or not facts.is_patient
    if step.code == core.REMIND:
        assert facts.remind_on <= DAY
    dated = ("call_later", "place_later", "next_reminder")
    assert (step.since is None) == (step.reason not in dated)


SIGN_FACTS = st.builds(
    AssistanceSigns,
    **{name: st.booleans() for name in SIGNS},
    answered_on=st.none() | st.dates(DAY - timedelta(days=400), DAY),
    offered_on=st.none() | st.dates(DAY - timedelta(days=400), DAY),
)


@given(SIGN_FACTS)
def test_assistance_is_likely_by_one_strong_sign_or_two(known):
    found = find_signs(known, DAY)
    assert all(getattr(known, name) for name in found)
    assert not found or len(found) > 1 or found[0] in STRONG
    if known.answered_on and (DAY - known.answered_on).days < 240:
        assert found == ()
    # What speaks for it more never makes it less likely.
    for name in SIGNS:
        assert set(found) <= set(find_signs(replace(known, **{name: True}), DAY))


def test_who_asked_is_answered_whatever_was_offered_before():
    offered = AssistanceSigns(was_granted=True, offered_on=DAY - timedelta(days=89))
    assert find_signs(offered, DAY) == ()
    assert find_signs(replace(offered, has_asked=True), DAY) == ("has_asked", "was_granted")
    assert find_signs(offered, DAY + timedelta(days=1)) == ("was_granted",)


def test_the_order_of_steps():
    spoken = core.StepFacts(was_reached=True, call_from=NOW, now=NOW)
    for values, code, reason in (
        ({"was_reached": False}, core.CALL, "not_reached"),
        ({"was_reached": False, "call_from": LATER}, core.WAIT, "call_later"),
        ({"has_broken_promise": True, "may_have_plan": True}, core.PLAN, "promise_broken"),
        ({"may_have_plan": True}, core.PLAN, "plan_offer"),
        ({"is_final": True, "place_from": DAY}, core.PLACE, "final_notice_given"),
        ({"is_final": True, "place_from": DAY + timedelta(days=1)}, core.WAIT, "place_later"),
        ({"was_told": False}, core.STATEMENT, "never_told"),
        ({"is_mail_returned": True}, core.ADDRESS, "mail_returned"),
        ({"hold": "promise"}, core.HELD, "promise"),
        ({"hold": "placement"}, core.AGENCY, "placed"),
        ({"assistance_signs": ("has_medicaid",)}, core.ASSIST, "assistance_likely"),
        (
            {"assistance_signs": ("has_medicaid",), "is_final": True, "place_from": DAY},
            core.ASSIST,
            "assistance_likely",
        ),
        ({"assistance_signs": ("has_medicaid",), "hold": "cease"}, core.HELD, "cease"),
        ({"assistance_signs": ("has_medicaid",), "is_patient": False}, core.WAIT, "cadence"),
        ({"remind_on": DAY, "may_have_plan": True}, core.REMIND, "reminder_due"),
        ({"remind_on": DAY, "was_reached": False}, core.CALL, "not_reached"),
        (
            {"remind_on": DAY, "was_reached": False, "call_from": LATER},
            core.REMIND,
            "reminder_due",
        ),
        ({"remind_on": DAY + timedelta(days=1)}, core.WAIT, "next_reminder"),
        ({"no_reminder": "exhausted"}, core.WAIT, "cadence"),
        ({}, core.WAIT, "cadence"),
    ):
        step = core.next_step(replace(spoken, **values))
        assert (step.code, step.reason) == (code, reason), values


def test_kinds_of_law_recall_and_hold_everything():
    for code in LEGAL_KINDS:
        assert HOLD_KINDS[code].at_agency == "recall"
        assert not HOLD_KINDS[code].needs_end


def _read(*cells):
    return list(read_rows(COLUMNS, [(2, cells, "")], DAY))[0]


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        (("GIFT", "r", "p", "1", "USD", "2026-05-01"), "kind"),
        (("PAYMENT", "", "p", "1", "USD", "2026-05-01"), "reference"),
        (("PAYMENT", "@r", "p", "1", "USD", "2026-05-01"), "reference"),
        (("PAYMENT", "r" * 65, "p", "1", "USD", "2026-05-01"), "reference"),
        (("PAYMENT", "r", "+p", "1", "USD", "2026-05-01"), "placement"),
        (("PAYMENT", "r", "p", "0", "USD", "2026-05-01"), "amount"),
        (("PAYMENT", "r", "p", "1_0", "USD", "2026-05-01"), "amount"),
        (("PAYMENT", "r", "p", "1,000.00", "USD", "2026-05-01"), "amount"),
        (("PAYMENT", "r", "p", "Infinity", "USD", "2026-05-01"), "amount"),
        (("PAYMENT", "r", "p", "1e20", "USD", "2026-05-01"), "amount"),
        (("PAYMENT", "r", "p", "0.00001", "USD", "2026-05-01"), "amount"),
        (("PAYMENT", "r", "p", "1", "USD", "05/01/2026"), "paid_on"),
        (("PAYMENT", "r", "p", "1", "USD", "2026-05-05"), "paid_on"),
        (("RECALLED", "", "", "", "", ""), "placement"),
        (("PAYMENT", "r"), ""),
    ],
)
def test_odd_rows_are_refused_with_their_column(cells, column):
    row = _read(*cells)
    assert row.fault and row.column == column


def test_sound_rows():
    row = _read(" payment ", "r", "", "12.50", "USD", "2026-05-04")
    assert (row.kind, row.amount, row.paid_on, row.fault) == ("PAYMENT", Decimal("12.50"), DAY, "")
    assert _read("RECALLED", "", "p", "", "", "").placement == "p"


@pytest.mark.parametrize("names", [("kind",), (*COLUMNS, "kind"), (*COLUMNS[1:], "Amt")])
def test_another_header_refuses_the_file(names):
    with pytest.raises(DunningError):
        read_header(names)


@given(st.lists(st.text(max_size=20), min_size=6, max_size=6))
def test_no_row_ever_breaks_the_reader(cells):
    row = _read(*cells)
    assert row.fault or row.kind
