# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Hours of calls on the patient's clock, changes of daylight saving time included."""

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from dunning_samples import steady
from hc_dunning_core.errors import DunningError
from hc_dunning_core.guardrails.acts import Act
from hc_dunning_core.guardrails.calling import next_open_moment
from hc_dunning_core.guardrails.evaluate import assess, lawful_until
from hc_dunning_core.guardrails.facts import DebtFacts
from hc_dunning_core.guardrails.proposed import PROPOSED_ROWS
from hc_dunning_core.guardrails.zones import ANYWHERE, ZONE_NAMES, possible_zones
from hc_dunning_core.workdays import Workdays
from hypothesis import example, given
from hypothesis import strategies as st

ROW = next(row for row in PROPOSED_ROWS if row.code == "REGF-2")
MINUTE = timedelta(minutes=1)
OPENS, CLOSES = time(8), time(21)
MOMENTS = st.datetimes(
    datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc)
)
ZONES = st.lists(st.sampled_from(ANYWHERE), min_size=1, max_size=4).map(
    lambda names: tuple(map(ZoneInfo, names))
)


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def is_open(moment, zones):
    return all(OPENS <= moment.astimezone(zone).time() < CLOSES for zone in zones)


@steady
@given(MOMENTS, ZONES)
@example(utc(2026, 3, 8, 7), (ZoneInfo("America/New_York"),))
@example(utc(2026, 11, 1, 5, 59), (ZoneInfo("America/New_York"), ZoneInfo("America/Phoenix")))
def test_the_next_moment_is_open_everywhere_and_the_minute_before_is_not(moment, zones):
    found = next_open_moment(moment, zones, OPENS, CLOSES)
    assert found >= moment and is_open(found, zones)
    if found == moment:
        return
    assert not is_open(found - MINUTE, zones)
    step = found - timedelta(hours=1)
    while step >= moment:
        assert not is_open(step, zones)
        step -= timedelta(hours=1)


@pytest.mark.parametrize(
    ("local", "zone", "expected"),
    [
        ((2026, 1, 5, 7, 59), "America/New_York", utc(2026, 1, 5, 13)),
        ((2026, 1, 5, 8, 0), "America/New_York", None),
        ((2026, 1, 5, 20, 59), "America/New_York", None),
        ((2026, 1, 5, 21, 0), "America/New_York", utc(2026, 1, 6, 13)),
        # The clocks go forward on 8 March 2026: the next morning comes an hour sooner.
        ((2026, 3, 7, 21, 0), "America/New_York", utc(2026, 3, 8, 12)),
        ((2026, 3, 7, 21, 0), "America/Phoenix", utc(2026, 3, 8, 15)),
        # They go back on 1 November 2026: it comes an hour later.
        ((2026, 10, 31, 21, 0), "America/New_York", utc(2026, 11, 1, 13)),
        ((2026, 10, 30, 21, 0), "America/New_York", utc(2026, 10, 31, 12)),
        # Both half past ones of that night are night.
        ((2026, 11, 1, 1, 30), "America/New_York", utc(2026, 11, 1, 13)),
    ],
)
def test_one_zone(local, zone, expected):
    moment = datetime(*local, tzinfo=ZoneInfo(zone))
    act = Act("call", moment.date(), moment)
    assessment = assess([ROW], act, DebtFacts(zones=(ZoneInfo(zone),)), Workdays())
    assert assessment.is_allowed == (expected is None)
    assert assessment.earliest == (expected or moment)


def test_an_unknown_zone_is_every_possible_one():
    texas = DebtFacts(zones=possible_zones(frozenset({"US-TX"})))
    # 08:30 in Chicago is 07:30 in Denver.
    moment = datetime(2026, 1, 5, 8, 30, tzinfo=ZoneInfo("America/Chicago"))
    assessment = assess([ROW], Act("call", moment.date(), moment), texas, Workdays())
    assert assessment.earliest == utc(2026, 1, 5, 15)
    anywhere = DebtFacts(zones=possible_zones(frozenset()))
    assessment = assess([ROW], Act("text", moment.date(), moment), anywhere, Workdays())
    # Eight o'clock in Honolulu, where it is the latest morning of all.
    assert assessment.earliest == utc(2026, 1, 5, 18)


def test_an_address_in_two_states_means_both():
    zones = possible_zones(frozenset({"US-NY", "US-CA"}))
    assert {zone.key for zone in zones} == {"America/New_York", "America/Los_Angeles"}
    assert possible_zones(frozenset({"US-NY"}), "America/Denver") == (ZoneInfo("America/Denver"),)
    assert len(possible_zones(frozenset({"US-NY", "CA-ON"}))) == len(ANYWHERE)


def test_clocks_that_never_agree():
    zones = (ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo"))
    assert next_open_moment(utc(2026, 1, 5), zones, time(9), time(12)) is None
    moment = utc(2026, 1, 5)
    row = type(ROW)("X", "call_hours", "block", "law", (("opens", "09:00"), ("closes", "12:00")))
    assessment = assess(
        [row], Act("call", moment.date(), moment), DebtFacts(zones=zones), Workdays()
    )
    assert not assessment.is_allowed and assessment.earliest is None


def test_what_is_unknown_blocks():
    moment = utc(2026, 1, 5, 18)
    without_zone = assess([ROW], Act("call", moment.date(), moment), DebtFacts(), Workdays())
    assert without_zone.blocking[0].missing == "zones"
    facts = DebtFacts(zones=(ZoneInfo("UTC"),))
    without_moment = assess([ROW], Act("call", moment.date()), facts, Workdays())
    assert without_moment.blocking[0].missing == "at"


def test_letters_have_no_hours():
    assert not assess(
        [ROW], Act("letter", datetime(2026, 1, 5).date()), DebtFacts(), Workdays()
    ).verdicts


def test_every_state_has_its_zones():
    states = {name for name in ZONE_NAMES if name not in ("US-PR", "US-VI", "US-DC")}
    assert len(states) == 50
    for names in ZONE_NAMES.values():
        assert all(ZoneInfo(name) for name in names)


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(DunningError):
        next_open_moment(datetime(2026, 1, 5), (ZoneInfo("UTC"),), OPENS, CLOSES)


@steady
@given(MOMENTS, ZONES)
def test_what_is_lawful_now_is_lawful_until_the_first_clock_closes(moment, zones):
    act = Act("text", moment.date(), moment)
    facts = DebtFacts(zones=zones)
    if not is_open(moment, zones):
        return
    end = lawful_until([ROW], act, facts)
    assert moment < end <= moment + timedelta(hours=14)
    assert not is_open(end, zones)
    assert is_open(end - MINUTE, zones)


def test_without_hours_or_zones_nothing_ends():
    act = Act("text", datetime(2026, 1, 5).date(), utc(2026, 1, 5, 16))
    assert lawful_until([], act, DebtFacts(zones=(ZoneInfo("UTC"),))) is None
    assert lawful_until([ROW], act, DebtFacts()) is None
    letter = Act("letter", act.on, act.at)
    assert lawful_until([ROW], letter, DebtFacts(zones=(ZoneInfo("UTC"),))) is None
