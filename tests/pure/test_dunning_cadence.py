# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Who is contacted next, and why not."""

import sqlite3
from contextlib import closing
from dataclasses import fields, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from dunning_samples import BASE_DAY, DAYS, WORKDAYS, accounts, holds, policies, steady
from hc_dunning_core import cadence_table
from hc_dunning_core.cadence import decide, propose
from hc_dunning_core.cadence_columns import AccountFacts, work_out
from hc_dunning_core.cadence_debts import CaseHold, Debt, next_place, work_out_held
from hc_dunning_core.cadence_policy import (
    CONSENT_RULES,
    PROPOSED_CHANNEL_RULES,
    PROPOSED_LEVELS,
    CadencePolicy,
    ChannelRule,
    Level,
)
from hc_dunning_core.cadence_table import DECISION_TABLE, DUE, REASONS
from hc_dunning_core.errors import DunningError
from hc_dunning_core.holds import CALLS, CONTACT, HOLD_KINDS, Hold, holds_in_force
from hc_dunning_core.workdays import Workdays
from hypothesis import given, settings
from hypothesis import strategies as st

DAY = timedelta(days=1)
ANY_DAY = Workdays(weekend=frozenset())
POLICY = CadencePolicy("norm", 1, "USD", PROPOSED_LEVELS, PROPOSED_CHANNEL_RULES, Decimal("10.00"))
ASSISTANCE = Hold("assistance", BASE_DAY)
DEBT = Debt(1, Decimal("120.00"), BASE_DAY, case=7)
ACCOUNT = AccountFacts(Decimal("120.00"), "USD", (DEBT,), ((7, Decimal("120.00")),))


def ask(day_number=5, policy=POLICY, workdays=ANY_DAY, **values):
    return decide(policy, replace(ACCOUNT, **values), BASE_DAY + day_number * DAY, workdays)


def tell(facts, policy, level, day):
    """What is known after a contact: each debt that is not ahead has moved on by one level."""
    place = policy.position_of(level.code)
    debts = []
    for debt in facts.debts:
        own = next_place(policy, debt)
        if own <= place:
            debt = replace(
                debt,
                last_level=policy.levels[own].code,
                levels_told=debt.levels_told + 1,
                told_on=day,
                told_levels=debt.told_levels | {policy.levels[own].code},
            )
        debts.append(debt)
    return replace(facts, debts=tuple(debts), last_level_on=day)


@steady
@given(
    policies(), accounts(), holds(tuple(set(HOLD_KINDS) - {"dispute", "manual"})), WORKDAYS, DAYS
)
def test_no_contact_under_a_hold_whatever_else(policy, facts, hold, workdays, as_of):
    facts = replace(facts, holds=(*facts.holds, hold))
    decision = decide(policy, facts, as_of, workdays)
    if hold.is_in_force(as_of):
        assert not decision.is_due
    if decision.is_due:
        assert not holds_in_force(facts.holds, CONTACT, as_of)
        assert decision.channel != "call" or not holds_in_force(facts.holds, CALLS, as_of)


@settings(steady, max_examples=60)
@given(policies(), accounts(), WORKDAYS, DAYS)
def test_on_the_earliest_day_it_goes_out_and_on_no_day_before(policy, facts, workdays, as_of):
    decision = decide(policy, facts, as_of, workdays)
    last = decision.earliest_on or as_of + 70 * DAY
    if decision.earliest_on:
        assert decide(policy, facts, last, workdays).reason == DUE
    day = as_of
    while day < last:
        assert decide(policy, facts, day, workdays).reason != DUE
        day += DAY


@steady
@given(policies(), accounts(), WORKDAYS, DAYS)
def test_whoever_is_contacted_may_be_contacted(policy, facts, workdays, as_of):
    decision = decide(policy, facts, as_of, workdays)
    assert decision.reason in REASONS
    assert decision.words and "{" not in decision.words
    assert decision.is_due == (decision.earliest_on == as_of)
    if not decision.is_due:
        return
    level, channel = decision.level, decision.channel
    assert facts.currency == policy.currency
    assert facts.open_amount >= policy.minimum_amount
    assert channel in facts.reachable and channel in level.channels
    rule = policy.rule_of(channel)
    if not level.must_go_by(channel):
        assert channel not in facts.opted_out
        assert rule.consent != "opted_in" or channel in facts.opted_in
    for contacted_by, day in facts.contacts:
        assert (as_of - day).days >= level.spacing_days
        assert contacted_by != channel or (as_of - day).days >= rule.spacing_days
    assert facts.last_level_on is None or (as_of - facts.last_level_on).days >= level.spacing_days
    assert not level.on_workdays or workdays.is_open(as_of)


@steady
@given(policies(), accounts(), WORKDAYS, DAYS)
def test_asking_again_on_the_same_day_gives_no_second_contact(policy, facts, workdays, as_of):
    first = decide(policy, facts, as_of, workdays)
    assert decide(policy, facts, as_of, workdays) == first
    if first.is_due:
        recorded = tell(facts, policy, first.level, as_of)
        assert not decide(policy, recorded, as_of, workdays).is_due


@steady
@given(policies(), WORKDAYS, st.integers(0, 300))
def test_a_life_of_reminders_skips_no_level_and_keeps_the_spacing(policy, workdays, length):
    facts = replace(
        ACCOUNT,
        open_amount=Decimal("500.00"),
        reachable=frozenset({"letter", "email", "sms", "portal", "call"}),
        opted_in=frozenset({"letter", "email", "sms", "portal", "call"}),
    )
    sent = []
    for number in range(length):
        as_of = BASE_DAY + number * DAY
        decision = decide(policy, facts, as_of, workdays)
        if decision.is_due:
            sent.append((decision.level, as_of))
            facts = tell(facts, policy, decision.level, as_of)
            facts = replace(facts, contacts=(*facts.contacts, (decision.channel, as_of)))
    assert [level for level, _day in sent] == list(policy.levels[: len(sent)])
    for (_level, before), (level, after) in zip(sent, sent[1:], strict=False):
        assert (after - before).days >= level.spacing_days


@pytest.mark.parametrize(
    ("expected", "values"),
    [
        ("nothing_open", {"open_amount": Decimal("0.00")}),
        ("nothing_open", {"open_amount": Decimal("-3.00")}),
        ("held", {"holds": (Hold("cease", BASE_DAY),)}),
        ("currency_differs", {"currency": "EUR"}),
        ("undated", {"debts": (replace(DEBT, basis_on=None),)}),
        ("all_disputed", {"holds": (Hold("dispute", BASE_DAY, amount=Decimal("120.00")),)}),
        ("below_minimum", {"holds": (Hold("dispute", BASE_DAY, amount=Decimal("110.01")),)}),
        ("below_minimum", {"open_amount": Decimal("9.99")}),
        ("all_disputed", {"case_holds": (CaseHold(ASSISTANCE, frozenset({7})),)}),
        ("waiting", {"is_waiting": True}),
        ("exhausted", {"debts": (replace(DEBT, last_level="final", levels_told=4),)}),
        ("exhausted", {"debts": (replace(DEBT, last_level="gone", levels_told=4),)}),
        ("guardrail", {"lawful_on": BASE_DAY + 9 * DAY}),
        ("unreachable", {"reachable": frozenset({"email"})}),
        ("not_due", {"debts": (replace(DEBT, basis_on=BASE_DAY + DAY),)}),
        ("due", {"holds": (Hold("dispute", BASE_DAY, amount=Decimal("110.00")),)}),
        ("due", {"open_amount": Decimal("10.00")}),
    ],
)
def test_each_reason(expected, values):
    assert ask(**values).reason == expected


def test_the_reasons_that_need_a_channel_or_a_calendar():
    by_call = CadencePolicy("call", 1, "USD", (Level("call", 0, "call"),), PROPOSED_CHANNEL_RULES)
    reachable = frozenset({"call"})
    quiet = Hold("manual", BASE_DAY, BASE_DAY + 9 * DAY, narrowed_to=frozenset({CALLS}))
    decision = ask(policy=by_call, reachable=reachable, holds=(quiet,))
    assert (decision.reason, decision.earliest_on) == ("calls_held", BASE_DAY + 10 * DAY)
    assert ask(policy=by_call, reachable=reachable, opted_out=reachable).reason == "no_consent"
    # 7 March 2026 is a Saturday.
    closed = ask(workdays=Workdays())
    assert (closed.reason, closed.earliest_on) == ("closed_day", date(2026, 3, 9))


def test_every_reason_is_tested_here_or_above():
    told = {"calls_held", "no_consent", "closed_day", "due"}
    marks = test_each_reason.pytestmark[0].args[1]
    assert told | {expected for expected, _values in marks} == set(REASONS)


def test_the_boundary_days_of_the_first_level():
    assert ask(4).reason == "not_due"
    assert ask(4).earliest_on == BASE_DAY + 5 * DAY
    assert ask(5).is_due and ask(5).level.code == "statement_1"


def told(debt, level, day, levels=1):
    return replace(debt, last_level=level, levels_told=levels, told_on=day)


def test_level_two_never_follows_level_one_by_a_day():
    late = BASE_DAY + 29 * DAY
    decision = ask(30, debts=(told(DEBT, "statement_1", late),), last_level_on=late)
    assert (decision.reason, decision.earliest_on) == ("not_due", late + 21 * DAY)


def test_a_contact_by_anybody_moves_the_level():
    decision = ask(5, contacts=(("call", BASE_DAY + 4 * DAY),))
    assert decision.earliest_on == BASE_DAY + 25 * DAY


def test_a_balance_that_arises_after_the_last_notice_begins_at_the_first_level():
    late = BASE_DAY + 100 * DAY
    old = told(DEBT, "final", late, levels=4)
    # The ledger dates it before the last notice.
    new = Debt(2, Decimal("50.00"), BASE_DAY + 99 * DAY, case=8)
    values = {"last_level_on": late, "open_amount": Decimal("170.00")}
    decision = ask(130, debts=(old, new), **values)
    assert decision.is_due and decision.level.code == "statement_1"
    alone = ask(130, debts=(new,), **values)
    assert alone.is_due and alone.level.code == "statement_1"
    assert ask(130, debts=(old,), **values).reason == "exhausted"


def test_a_younger_debt_moves_on_by_one_level_with_each_reminder():
    old = told(DEBT, "statement_3", BASE_DAY + 60 * DAY, levels=3)
    new = Debt(2, Decimal("50.00"), BASE_DAY + 40 * DAY)
    facts = replace(ACCOUNT, debts=(old, new))
    decision = decide(POLICY, facts, BASE_DAY + 90 * DAY, ANY_DAY)
    assert decision.level.code == "final"
    after = tell(facts, POLICY, decision.level, BASE_DAY + 90 * DAY)
    assert [debt.last_level for debt in after.debts] == ["final", "statement_1"]
    following = decide(POLICY, after, BASE_DAY + 111 * DAY, ANY_DAY)
    assert following.is_due and following.level.code == "statement_2"


def test_a_level_that_the_new_version_dropped_counts_as_told():
    decision = ask(60, debts=(told(DEBT, "gone", BASE_DAY + 9 * DAY, levels=2),))
    assert decision.is_due and decision.level.code == "statement_3"


def test_a_level_that_the_new_version_put_later_is_not_repeated():
    debt = told(DEBT, "statement_1", BASE_DAY + 9 * DAY, levels=2)
    debt = replace(debt, told_levels=frozenset({"statement_1", "statement_2"}))
    decision = ask(60, debts=(debt,))
    assert decision.is_due and decision.level.code == "statement_3"
    everything = frozenset(level.code for level in PROPOSED_LEVELS)
    assert ask(60, debts=(replace(debt, told_levels=everything),)).reason == "exhausted"


def test_a_held_case_does_not_drive_the_account():
    other = Debt(2, Decimal("50.00"), BASE_DAY + DAY, case=8)
    values = {
        "open_amount": Decimal("170.00"),
        "debts": (told(DEBT, "statement_3", BASE_DAY, levels=3), other),
        "case_amounts": ((7, Decimal("120.00")), (8, Decimal("50.00"))),
        "case_holds": (CaseHold(ASSISTANCE, frozenset({7})),),
    }
    decision = ask(6, **values)
    assert decision.is_due and decision.level.code == "statement_1"


@steady
@given(accounts(), DAYS)
def test_never_more_is_held_than_is_open(facts, day):
    held, stopped = work_out_held(
        facts.open_amount, facts.case_amounts, facts.holds, facts.case_holds, day
    )
    assert 0 <= held <= max(facts.open_amount, 0)
    still = {
        case
        for each in facts.case_holds
        if each.hold.is_in_force(day) and CONTACT in each.hold.stops
        for case in each.cases
    }
    assert still <= stopped


def test_a_case_that_two_holds_name_is_held_once():
    dispute = CaseHold(Hold("dispute", BASE_DAY, amount=Decimal("100.00")), frozenset({7}))
    case_holds = (dispute, dispute, CaseHold(ASSISTANCE, frozenset({8})))
    amounts = ((7, Decimal("120.00")), (8, Decimal("50.00")))
    held = work_out_held(Decimal("300.00"), amounts, (), case_holds, BASE_DAY)
    assert held == (Decimal("170.00"), frozenset({7, 8}))


def test_the_fallback_is_taken_where_the_first_channel_is_refused():
    level = Level("mail", 0, "email", fallback_channel="letter")
    policy = replace(POLICY, levels=(level,))
    assert ask(policy=policy, reachable=frozenset({"email", "letter"})).channel == "email"
    refused = ask(
        policy=policy,
        reachable=frozenset({"email", "letter"}),
        opted_out=frozenset({"email"}),
    )
    assert refused.is_due and refused.channel == "letter"


def test_an_opt_out_counts_whatever_the_rule_asks():
    rules = (ChannelRule("letter", "unless_opted_out"),)
    policy = replace(POLICY, levels=(Level("one", 0, "letter"),), channel_rules=rules)
    letter = frozenset({"letter"})
    assert ask(policy=policy, reachable=letter).is_due
    assert ask(policy=policy, reachable=letter, opted_out=letter).reason == "no_consent"


@pytest.mark.parametrize("consent", CONSENT_RULES)
def test_a_required_notice_goes_by_letter_whatever_the_party_wants(consent):
    letter = frozenset({"letter"})
    policy = replace(
        POLICY,
        levels=(Level("bill", 0, "email", fallback_channel="letter", is_required=True),),
        channel_rules=(ChannelRule("letter", consent), ChannelRule("email", consent)),
    )
    wanted = {"reachable": letter | {"email"}, "opted_out": letter | {"email"}}
    decision = ask(policy=policy, **wanted)
    assert decision.is_due and decision.channel == "letter"
    assert ask(policy=policy, **wanted | {"reachable": frozenset({"email"})}).reason == "no_consent"
    held = ask(policy=policy, **wanted, holds=(Hold("cease", BASE_DAY),))
    assert held.reason == "held"
    without = replace(policy, channel_rules=())
    assert ask(policy=without, **wanted).reason == "no_consent"


def test_a_channel_without_a_rule_is_never_used():
    policy = replace(POLICY, channel_rules=(ChannelRule("email", "unless_opted_out"),))
    assert ask(policy=policy).reason == "no_consent"


def test_a_delay_may_count_from_the_level_before():
    levels = (Level("one", 5, "letter"), Level("two", 40, "letter", "previous"))
    policy = replace(POLICY, levels=levels)
    decision = ask(20, policy=policy, debts=(told(DEBT, "one", BASE_DAY + 9 * DAY),))
    assert decision.due_on == BASE_DAY + 49 * DAY


def test_the_table_names_columns_and_operators_that_exist():
    columns = {field.name for field in fields(cadence_table.Columns)}
    for condition in DECISION_TABLE:
        assert condition.left in columns
        assert condition.operator in cadence_table.OPERATORS
        assert condition.right in columns | {""} or condition.right.startswith("'")
    codes = [condition.code for condition in DECISION_TABLE]
    assert len(set(codes)) == len(codes)


def test_many_accounts_at_once_are_decided_as_each_alone():
    many = {1: ACCOUNT, 2: replace(ACCOUNT, currency="EUR")}
    as_of = BASE_DAY + 5 * DAY
    decisions = propose(POLICY, many.items(), as_of, ANY_DAY)
    assert decisions == {key: decide(POLICY, each, as_of, ANY_DAY) for key, each in many.items()}


@steady
@given(policies(), accounts(), WORKDAYS, DAYS)
def test_a_query_that_evaluates_the_table_decides_the_same(policy, facts, workdays, as_of):
    _level, _channel, columns = work_out(policy, facts, as_of, workdays)
    names = [field.name for field in fields(columns)]
    cases = " ".join(
        f"WHEN {each.left} {each.operator} {each.right} THEN '{each.code}'"
        for each in DECISION_TABLE
    )
    marks = ", ".join(f"? AS {name}" for name in names)
    values = [to_sqlite(getattr(columns, name)) for name in names]
    with closing(sqlite3.connect(":memory:")) as database:
        query = f"SELECT CASE {cases} ELSE '{DUE}' END FROM (SELECT {marks})"
        (found,) = database.execute(query, values).fetchone()
    assert found == decide(policy, facts, as_of, workdays).reason


def to_sqlite(value):
    """Amounts as cents and days as text keep their order in SQLite."""
    if isinstance(value, Decimal):
        return int(value * 100)
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize(
    "values",
    [
        {"delay_days": -1},
        {"delay_days": 10_001},
        {"spacing_days": 0},
        {"channel": "fax"},
        {"delay_from": "birth"},
    ],
)
def test_levels_without_sense(values):
    with pytest.raises(DunningError):
        Level(**{"code": "one", "delay_days": 1, "channel": "letter", **values})


def test_policies_without_sense():
    level = PROPOSED_LEVELS[0]
    with pytest.raises(DunningError):
        replace(POLICY, levels=(level, level))
    with pytest.raises(DunningError):
        replace(POLICY, minimum_amount=Decimal("0.001"))
