# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Rules as data: what they accept, where and when they hold, and how their ends add up."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from dunning_samples import DAYS, steady
from hc_dunning_core.errors import DunningError
from hc_dunning_core.guardrails.acts import ACT_KINDS, PARTIES, Act
from hc_dunning_core.guardrails.evaluate import assess
from hc_dunning_core.guardrails.facts import ChannelDay, Contact, DebtFacts, Estimate, Reply
from hc_dunning_core.guardrails.proposed import PROPOSED_ROWS
from hc_dunning_core.guardrails.registry import GUARDRAIL_EVALUATORS
from hc_dunning_core.guardrails.rows import GuardrailRow
from hc_dunning_core.guardrails.zones import possible_zones
from hc_dunning_core.workdays import Workdays
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = timedelta(days=1)
START = date(2026, 5, 4)
MAYBE_DAY = st.none() | DAYS
ZONES = st.sampled_from(
    [
        possible_zones(frozenset({"US-NY"})),
        possible_zones(frozenset({"US-TX"})),
        possible_zones(frozenset()),
    ]
)
FACTS = st.builds(
    DebtFacts,
    facility_kind=st.sampled_from(("", "nonprofit_hospital", "practice")),
    states=st.sampled_from((None, frozenset({"US-CA"}), frozenset({"US-NY"}))),
    zones=ZONES,
    payer_programs=st.sampled_from((None, frozenset(), frozenset({"medicare"}))),
    balance=st.none() | st.sampled_from((Decimal("499.99"), Decimal("500.00"))),
    adjudicated_on=MAYBE_DAY,
    first_statement_on=MAYBE_DAY,
    last_statement_on=MAYBE_DAY,
    statements_sent=st.integers(0, 4),
    last_payment_on=MAYBE_DAY,
    notice_on=MAYBE_DAY,
    notice_deadline=MAYBE_DAY,
    assistance=st.sampled_from(("none", "none", "pending", "granted", "denied")),
    has_agency_agreement=st.booleans(),
    contacts=st.lists(
        st.builds(Contact, DAYS, st.just("call"), st.just(""), st.booleans()), max_size=10
    ).map(tuple),
    cease_on=st.none() | st.none() | DAYS,
    revocations=st.lists(st.builds(ChannelDay, st.just("text"), DAYS), max_size=1).map(tuple),
    consents=st.lists(st.builds(ChannelDay, st.just("text"), DAYS), max_size=1).map(tuple),
    replies=st.lists(
        st.builds(Reply, st.just("text"), DAYS, st.sampled_from(("STOP", "Hello"))), max_size=1
    ).map(tuple),
    estimate=st.none()
    | st.builds(
        Estimate,
        expected_amount=st.just(Decimal(100)),
        billed_amount=st.sampled_from((Decimal(499), Decimal(500))),
        initial_bill_on=MAYBE_DAY,
        disputed_on=MAYBE_DAY,
        dispute_closed_on=MAYBE_DAY,
    ),
)


@st.composite
def acts(draw):
    zone = ZoneInfo(draw(st.sampled_from(("UTC", "America/Chicago"))))
    moment = datetime.combine(draw(DAYS), draw(st.times()), zone)
    kind = draw(st.sampled_from(sorted(ACT_KINDS)))
    return Act(kind, moment.date(), moment, draw(st.sampled_from(PARTIES)))


ROWS = st.lists(
    st.builds(
        lambda row, first, length: replace(
            row,
            effective_from=first,
            effective_to=first and length and first + length * DAY,
        ),
        st.sampled_from(PROPOSED_ROWS),
        st.none() | DAYS,
        st.none() | st.integers(1, 90),
    ),
    max_size=8,
    unique_by=lambda row: row.code,
)


@settings(steady, max_examples=150)
@given(ROWS, acts(), FACTS)
def test_at_the_earliest_moment_the_act_is_lawful_and_never_before(rows, act, facts):
    assessment = assess(rows, act, facts, Workdays())
    earliest = assessment.earliest
    assert assessment.is_allowed == (earliest == act.at)
    if assessment.is_allowed:
        return
    if earliest is None:
        for days in (1, 30, 1000):
            later = assess(rows, act.moved_to(act.on + days * DAY), facts, Workdays())
            assert not later.is_allowed
        return
    lawful = act.moved_to(earliest)
    assert assess(rows, lawful, facts, Workdays()).is_allowed
    moment = lawful.at.astimezone(timezone.utc)
    begun = act.at.astimezone(timezone.utc)
    for distance in (timedelta(minutes=1), timedelta(hours=5), DAY, 9 * DAY):
        if moment - distance > begun:
            assert not assess(rows, act.moved_to(moment - distance), facts, Workdays()).is_allowed


@steady
@given(ROWS, acts(), FACTS, st.randoms(use_true_random=False))
def test_each_rule_speaks_for_itself(rows, act, facts, chance):
    assessment = assess(rows, act, facts, Workdays())
    alone = [verdict for row in rows for verdict in assess([row], act, facts, Workdays()).verdicts]
    assert sorted(alone, key=lambda each: each.rule) == list(assessment.verdicts)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    assert assess(shuffled, act, facts, Workdays()) == assessment
    assert assessment.is_allowed == all(each.outcome != "blocked" for each in alone)


@steady
@given(acts(), FACTS)
def test_a_warning_stops_nothing(act, facts):
    rows = [replace(row, effect="warn") for row in PROPOSED_ROWS]
    assert assess(rows, act, facts, Workdays()).is_allowed


def test_a_rule_that_ends_frees_what_it_stopped():
    row = GuardrailRow(
        "X", "reporting_ban", "block", "law", effective_from=START, effective_to=START + 9 * DAY
    )
    act = Act("credit_report", START)
    assert assess([row], act, DebtFacts(), Workdays()).earliest == START + 10 * DAY
    assert assess([row], Act("credit_report", START - DAY), DebtFacts(), Workdays()).is_allowed


def test_periods_add_up():
    facts = DebtFacts(
        facility_kind="nonprofit_hospital",
        states=frozenset({"US-CA"}),
        payer_programs=frozenset(),
        first_statement_on=START,
        notice_on=START + 160 * DAY,
        notice_has_summary=True,
    )
    assessment = assess(PROPOSED_ROWS, Act("lawsuit", START + 100 * DAY), facts, Workdays())
    assert assessment.earliest == START + 190 * DAY
    assert {each.rule for each in assessment.blocking} == {"R501-1", "R501-3", "STATE-1"}


def test_unknown_places_are_under_the_rule():
    row = next(row for row in PROPOSED_ROWS if row.code == "STATE-1")
    act = Act("lawsuit", START)
    for states, count in ((None, 1), (frozenset({"US-NY"}), 0), (frozenset({"US-CA"}), 1)):
        assert len(assess([row], act, DebtFacts(states=states), Workdays()).verdicts) == count
    hospital = next(row for row in PROPOSED_ROWS if row.code == "R501-4")
    for kind, count in (("", 1), ("practice", 0), ("nonprofit_hospital", 1)):
        facts = DebtFacts(facility_kind=kind)
        assert len(assess([hospital], act, facts, Workdays()).verdicts) == count


@pytest.mark.parametrize("code", sorted(GUARDRAIL_EVALUATORS))
def test_defaults_of_all_evaluators_can_be_seeded(code):
    row = GuardrailRow("X", code, "block", "law")
    evaluator = row.definition
    assert evaluator.act_kinds <= ACT_KINDS and evaluator.label
    assert set(row.values) == {parameter.name for parameter in evaluator.parameters}
    again = tuple((each.name, each.default) for each in evaluator.parameters)
    assert GuardrailRow("X", code, "block", "law", again).values == row.values


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"evaluator": "astrology"}, "choice_unknown"),
        ({"effect": "shout"}, "choice_unknown"),
        ({"parties": frozenset({"fourth"})}, "choice_unknown"),
        ({"act_kinds": frozenset({"duel"})}, "choice_unknown"),
        ({"effective_from": START, "effective_to": START - DAY}, "date_order"),
        ({"parameters": (("weeks", "3"),)}, "parameter_unknown"),
        ({"parameters": (("days", "-3"),)}, "parameter_invalid"),
        ({"parameters": (("days", "1e3"),)}, "parameter_invalid"),
        ({"parameters": (("days", "10000"),)}, "parameter_invalid"),
        ({"evaluator": "call_frequency", "parameters": (("calls", "0"),)}, "parameter_invalid"),
        ({"evaluator": "call_hours", "parameters": (("opens", "8"),)}, "parameter_invalid"),
        ({"evaluator": "revocation", "parameters": (("at_once", "1"),)}, "parameter_invalid"),
        ({"evaluator": "stop_reply", "parameters": (("keywords", ","),)}, "parameter_invalid"),
        ({"evaluator": "interest_cap", "parameters": (("percent", "NaN"),)}, "parameter_invalid"),
    ],
)
def test_rows_without_sense(values, code):
    with pytest.raises(DunningError) as error:
        GuardrailRow(
            **{
                "code": "X",
                "evaluator": "notification_period",
                "effect": "block",
                "source": "law",
                **values,
            }
        )
    assert error.value.code == code


def test_acts_without_sense():
    for values in (
        {"kind": "duel"},
        {"party": "fourth"},
        {"at": datetime.combine(START, time(9))},
        {"at": datetime(2026, 5, 5, tzinfo=timezone.utc)},
    ):
        with pytest.raises(DunningError):
            Act(**{"kind": "call", "on": START, **values})
