# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Each legal rule on its boundary days: forbidden the day before, lawful on the day."""

import csv
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from corpus import REFERENCE
from hc_dunning_core.guardrails.acts import EXTRAORDINARY, Act
from hc_dunning_core.guardrails.evaluate import assess
from hc_dunning_core.guardrails.facts import ChannelDay, Contact, DebtFacts, Estimate, Validation
from hc_dunning_core.guardrails.proposed import NOT_ABOUT_ACTS, PROPOSED_ROWS, STATE_TEMPLATES
from hc_dunning_core.guardrails.rows import GuardrailRow
from hc_dunning_core.workdays import Workdays

TABLE = REFERENCE / "compliance_guardrails.csv"
ROWS = {row.code: row for row in PROPOSED_ROWS}
DAY = timedelta(days=1)
START = date(2026, 5, 4)
NONE = DebtFacts(
    facility_kind="nonprofit_hospital",
    states=frozenset({"US-CA"}),
    payer_programs=frozenset({"medicare"}),
)
CENT = Decimal("0.01")


def judge(code, act, facts, workdays=None):
    row = ROWS[code] if isinstance(code, str) else code
    assessment = assess([row], act, facts, workdays or Workdays())
    assert len(assessment.verdicts) == 1
    verdict = assessment.verdicts[0]
    assert verdict.source == row.source and verdict.needs_review == row.needs_review
    assert (verdict.outcome == "allowed") == (not verdict.words)
    return verdict


def boundary(code, kind, facts, lawful, **act):
    """The day before is stopped and names the day; the day itself is lawful."""
    before = judge(code, Act(kind, lawful - DAY, **act), facts)
    assert before.outcome in ("blocked", "warned")
    assert before.earliest == lawful
    assert str(lawful) in before.words
    assert judge(code, Act(kind, lawful, **act), facts).outcome == "allowed"


def forever(code, act, facts):
    verdict = judge(code, act, facts)
    assert verdict.outcome in ("blocked", "warned") and verdict.earliest is None
    return verdict


@pytest.mark.parametrize("kind", sorted({*EXTRAORDINARY, "placement"}))
def test_120_days_from_the_first_statement(kind):
    facts = replace(NONE, first_statement_on=START)
    boundary("R501-1", kind, facts, START + 120 * DAY)
    boundary("R501-1", kind, facts, START + 120 * DAY, party="third")
    boundary("STATE-1", "lawsuit", facts, START + 180 * DAY)
    assert forever("R501-1", Act(kind, START), NONE).missing == "first_statement_on"


def test_applications_are_taken_through_day_240():
    facts = replace(NONE, first_statement_on=START)
    boundary("R501-2", "close_application", facts, START + 241 * DAY)
    late = replace(facts, notice_deadline=START + 300 * DAY)
    boundary("R501-2", "close_application", late, START + 301 * DAY)
    assert forever("R501-2", Act("close_application", START), NONE).missing
    boundary("R501-2-WRITE-OFF", "bad_debt_write_off", facts, START + 241 * DAY)
    early = judge("R501-2-WRITE-OFF", Act("bad_debt_write_off", START), facts)
    assert early.outcome == "warned"


def test_a_written_notice_30_days_before():
    facts = replace(NONE, notice_on=START, notice_has_summary=True)
    boundary("R501-3", "lien", facts, START + 30 * DAY)
    later = replace(facts, notice_deadline=START + 40 * DAY)
    boundary("R501-3", "lien", later, START + 41 * DAY)
    assert forever("R501-3", Act("lien", START), NONE).missing == "notice_on"
    forever("R501-3", Act("lien", START), replace(facts, notice_has_summary=False))


def test_an_application_suspends_and_a_grant_reverses():
    act = Act("credit_report", START)
    assert "pending" in forever("R501-4", act, replace(NONE, assistance="pending")).words
    assert "refund" in forever("R501-4", act, replace(NONE, assistance="granted")).words
    for state in ("none", "denied"):
        assert judge("R501-4", act, replace(NONE, assistance=state)).outcome == "allowed"


def test_an_agency_acts_under_an_agreement():
    act = Act("lawsuit", START, party="third")
    forever("R501-5", act, NONE)
    forever("R501-5", Act("placement", START, party="third"), NONE)
    assert judge("R501-5", act, replace(NONE, has_agency_agreement=True)).outcome == "allowed"
    assert judge("R501-5", Act("lawsuit", START), NONE).outcome == "allowed"


def test_no_more_than_is_generally_billed():
    limit = Decimal("310.00")
    facts = replace(NONE, assistance="granted", generally_billed_limit=limit)
    act = Act("statement", START)
    assert judge("R501-6", act, replace(facts, charged_amount=limit)).outcome == "allowed"
    forever("R501-6", act, replace(facts, charged_amount=limit + CENT))
    assert forever("R501-6", act, facts).missing == "charged_amount"
    no_limit = replace(facts, charged_amount=limit, generally_billed_limit=None)
    assert forever("R501-6", act, no_limit).missing == "generally_billed_limit"


def test_seven_calls_in_seven_days_per_debt():
    calls = tuple(Contact(START + number * DAY, "call", "A") for number in range(7))
    facts = replace(NONE, contacts=calls)
    boundary("REGF-1", "call", facts, START + 7 * DAY, debt="A")
    assert judge("REGF-1", Act("call", START + 6 * DAY, debt="B"), facts).outcome == "allowed"
    six = replace(NONE, contacts=calls[:6])
    assert judge("REGF-1", Act("call", START + 6 * DAY, debt="A"), six).outcome == "allowed"
    busy = replace(NONE, contacts=(*calls[:6], replace(calls[6], counts=False)))
    assert judge("REGF-1", Act("call", START + 6 * DAY, debt="A"), busy).outcome == "allowed"
    letters = tuple(replace(call, kind="letter") for call in calls)
    act = Act("call", START + 6 * DAY, debt="A")
    assert judge("REGF-1", act, replace(NONE, contacts=letters)).outcome == "allowed"


def test_seven_days_after_a_conversation_the_day_itself_is_the_first():
    spoken = Contact(START, "call", "A", is_conversation=True)
    facts = replace(NONE, contacts=(spoken,))
    boundary("REGF-1", "call", facts, START + 7 * DAY, debt="A")
    assert judge("REGF-1", Act("call", START, debt="A"), facts).outcome == "blocked"
    # Six more on the sixth day keep the line closed beyond the seventh.
    more = tuple(Contact(START + 6 * DAY, "call", "A") for _number in range(7))
    both = replace(NONE, contacts=(spoken, *more))
    boundary("REGF-1", "call", both, START + 13 * DAY, debt="A")
    within = judge("REGF-1", Act("call", START + 6 * DAY, debt="A"), both)
    assert within.earliest == START + 13 * DAY
    # The last of several conversations counts.
    again = replace(spoken, on=START + 3 * DAY)
    boundary("REGF-1", "call", replace(NONE, contacts=(again, spoken)), START + 10 * DAY, debt="A")


def test_opt_out_cease_and_work():
    facts = replace(NONE, opted_out=frozenset({"text"}), cease_on=START)
    forever("REGF-3", Act("text", START), facts)
    assert judge("REGF-3", Act("email", START), facts).outcome == "allowed"
    forever("REGF-3-CEASE", Act("letter", START), facts)
    assert judge("REGF-3-CEASE", Act("letter", START - DAY), facts).outcome == "allowed"
    forever("REGF-3-WORK", Act("call", START, is_at_workplace=True), NONE)
    assert judge("REGF-3-WORK", Act("call", START), NONE).outcome == "allowed"


def test_the_validation_notice_and_the_dispute_window():
    def outcome(day, **validation):
        act = Act("letter", day, party="third")
        return judge("REGF-4", act, replace(NONE, validation=Validation(**validation))).outcome

    assert outcome(START + 5 * DAY, first_contact_on=START) == "allowed"
    assert outcome(START + 6 * DAY, first_contact_on=START) == "blocked"
    sent = {"first_contact_on": START, "notice_sent_on": START + 5 * DAY}
    assert outcome(START + 60 * DAY, **sent) == "allowed"
    in_time = {**sent, "disputed_on": START + 35 * DAY}
    assert outcome(START + 60 * DAY, **in_time) == "blocked"
    assert outcome(START + 34 * DAY, **in_time) == "allowed"
    assert outcome(START + 60 * DAY, **in_time, verified_on=START + 60 * DAY) == "allowed"
    assert outcome(START + 60 * DAY, **sent, disputed_on=START + 36 * DAY) == "allowed"
    assert not assess([ROWS["REGF-4"]], Act("letter", START), NONE, Workdays()).verdicts


def test_a_revocation_at_once_or_after_ten_business_days():
    facts = replace(NONE, revocations=(ChannelDay("text", START),))
    forever("TCPA-1", Act("text", START), facts)
    assert judge("TCPA-1", Act("text", START - DAY), facts).outcome == "allowed"
    assert judge("TCPA-1", Act("call", START), facts).outcome == "allowed"
    assert judge("TCPA-1", Act("text", START, is_automated=False), facts).outcome == "allowed"
    renewed = replace(facts, consents=(ChannelDay("text", START + 9 * DAY),))
    assert judge("TCPA-1", Act("text", START + 9 * DAY), renewed).outcome == "allowed"
    assert judge("TCPA-1", Act("text", START + 8 * DAY), renewed).outcome == "blocked"
    early = judge("TCPA-1", Act("text", START + 8 * DAY), renewed)
    assert early.earliest == START + 9 * DAY
    many = replace(
        NONE,
        revocations=(ChannelDay("text", START), ChannelDay("text", START + 3 * DAY)),
        consents=tuple(ChannelDay("text", START + days * DAY) for days in (9, 2, 7)),
    )
    twice = judge("TCPA-1", Act("text", START + 4 * DAY), many)
    assert twice.earliest == START + 7 * DAY and str(START + 3 * DAY) in twice.words
    standing = replace(many, consents=(ChannelDay("text", START + 9 * DAY),))
    first = judge("TCPA-1", Act("text", START + 4 * DAY), standing)
    assert f"revoked on {START}" in first.words
    between = replace(many, consents=(*many.consents[:1], ChannelDay("text", START + 5 * DAY)))
    assert judge("TCPA-1", Act("text", START + 4 * DAY), between).earliest == START + 5 * DAY
    slow = replace(ROWS["TCPA-1"], parameters=(("at_once", "no"),))
    # Ten business days after Monday 4 May, Memorial Day not among them, end on Monday 18 May.
    assert judge(slow, Act("text", date(2026, 5, 18)), facts).outcome == "allowed"
    assert judge(slow, Act("text", date(2026, 5, 19)), facts).outcome == "blocked"
    holiday = Workdays(frozenset({date(2026, 5, 8)}))
    assert judge(slow, Act("text", date(2026, 5, 19)), facts, holiday).outcome == "allowed"


def test_one_stop_covers_all_from_its_effective_day():
    facts = replace(NONE, revocations=(ChannelDay("text", date(2026, 4, 1)),))
    row = ROWS["TCPA-2"]
    assert not assess([row], Act("call", date(2026, 4, 10)), facts, Workdays()).verdicts
    assert forever("TCPA-2", Act("call", date(2026, 4, 11)), facts).outcome == "warned"
    quiet = judge("TCPA-2", Act("call", START, is_automated=False), facts)
    assert quiet.outcome == "allowed"


def test_estimates_400_above_and_120_days():
    def facts(excess, disputed_after, **more):
        return replace(
            NONE,
            estimate=Estimate(
                expected_amount=Decimal("1000.00"),
                billed_amount=Decimal("1000.00") + excess,
                initial_bill_on=START,
                disputed_on=START + disputed_after * DAY,
                **more,
            ),
        )

    act = Act("call", START + 200 * DAY)
    enough = Decimal("400.00")
    forever("NSA-2", act, facts(enough, 120))
    assert judge("NSA-2", act, facts(enough - CENT, 120)).outcome == "allowed"
    assert judge("NSA-2", act, facts(enough, 121)).outcome == "allowed"
    assert judge("NSA-2", Act("call", START), facts(enough, 1)).outcome == "allowed"
    closed = facts(enough, 120, dispute_closed_on=START + 150 * DAY)
    assert judge("NSA-2", act, closed).outcome == "allowed"
    before = judge("NSA-2", Act("call", START + 149 * DAY), closed)
    assert before.earliest == START + 150 * DAY
    assert judge("NSA-2", Act("call", START + 150 * DAY), closed).outcome == "allowed"
    unclear = replace(NONE, estimate=Estimate(disputed_on=START))
    assert forever("NSA-2", act, unclear).missing == "estimate"
    assert judge("NSA-2", act, NONE).outcome == "allowed"


def test_the_window_of_a_dispute_warns():
    estimate = Estimate(
        expected_amount=Decimal("100.00"), billed_amount=Decimal("500.00"), initial_bill_on=START
    )
    facts = replace(NONE, estimate=estimate)
    boundary("NSA-2-WINDOW", "placement", facts, START + 121 * DAY)
    assert judge("NSA-2-WINDOW", Act("placement", START), facts).outcome == "warned"
    below = replace(NONE, estimate=replace(estimate, billed_amount=Decimal("499.99")))
    assert judge("NSA-2-WINDOW", Act("placement", START), below).outcome == "allowed"


@pytest.mark.parametrize(
    ("service_on", "requested_on", "due_on"),
    [
        # Monday 4 May: Thursday is three business days ahead, Wednesday two.
        (date(2026, 5, 7), None, date(2026, 5, 5)),
        (date(2026, 5, 6), None, None),
        (date(2026, 5, 15), None, date(2026, 5, 5)),
        (date(2026, 5, 18), None, date(2026, 5, 7)),
        (date(2026, 5, 6), date(2026, 5, 5), date(2026, 5, 8)),
    ],
)
def test_when_an_estimate_is_due(service_on, requested_on, due_on):
    def outcome(given_on, on=START + 30 * DAY):
        estimate = Estimate(START, service_on, requested_on, given_on)
        return judge("NSA-1", Act("statement", on), replace(NONE, estimate=estimate)).outcome

    if due_on is None:
        assert outcome(None) == "allowed"
        return
    assert outcome(due_on) == "allowed"
    assert outcome(due_on + DAY) == "warned"
    assert outcome(None) == "warned"
    assert outcome(None, on=due_on) == "allowed"


def test_the_bureaus_limits():
    facts = replace(NONE, balance=Decimal("500.00"), delinquent_on=START)
    boundary("CRED-2", "credit_report", facts, START + 365 * DAY)
    act = Act("credit_report", START + 400 * DAY)
    forever("CRED-2", act, replace(facts, balance=Decimal("499.99")))
    forever("CRED-2", act, replace(facts, is_paid=True))
    assert forever("CRED-2", act, replace(facts, balance=None)).missing == "balance"
    undated = replace(facts, delinquent_on=None)
    assert forever("CRED-2", act, undated).missing == "delinquent_on"
    boundary(
        "CRED-2", "credit_report", replace(undated, first_statement_on=START), START + 365 * DAY
    )


def test_bans_of_reporting():
    assert not assess([ROWS["CRED-1"]], Act("credit_report", START), NONE, Workdays()).verdicts
    vacated = date(2025, 7, 11)
    assert judge("CRED-1", Act("credit_report", vacated), NONE).outcome == "informed"
    state = GuardrailRow("CRED-3", "reporting_ban", "block", "state law", jurisdiction="US-CO")
    colorado = replace(NONE, states=frozenset({"US-CO"}))
    forever(state, Act("credit_report", START), colorado)
    assert not assess([state], Act("credit_report", START), NONE, Workdays()).verdicts


def test_medicare_bad_debt_begins_anew_with_a_payment():
    facts = replace(NONE, first_statement_on=START)
    boundary("MCR-3", "bad_debt_write_off", facts, START + 120 * DAY)
    paid = replace(facts, last_payment_on=START + 50 * DAY)
    boundary("MCR-3", "bad_debt_write_off", paid, START + 170 * DAY)
    fixed = replace(ROWS["MCR-3"], parameters=(("restarts_on_payment", "no"),))
    boundary(fixed, "bad_debt_write_off", paid, START + 120 * DAY)
    assert forever("MCR-3", Act("bad_debt_write_off", START), NONE).missing


def test_what_the_patient_does_not_owe():
    act = Act("statement", START)
    forever("QMB-1", act, replace(NONE, is_dual_eligible=True))
    assert judge("QMB-1", act, NONE).outcome == "allowed"
    forever("CO-1", act, replace(NONE, contractual_amount=CENT))
    assert judge("CO-1", act, NONE).outcome == "allowed"
    protected = replace(NONE, is_surprise_protected=True, cost_share_limit=Decimal("50.00"))
    assert judge("NSA-3", act, replace(protected, balance=Decimal("50.00"))).outcome == "allowed"
    forever("NSA-3", act, replace(protected, balance=Decimal("50.01")))
    assert forever("NSA-3", act, protected).missing == "balance"
    assert judge("NSA-3", act, NONE).outcome == "allowed"


def test_statements_not_too_early_not_too_late_not_too_often():
    facts = replace(NONE, adjudicated_on=START)
    boundary("STMT-1", "statement", facts, START + 5 * DAY)
    assert judge("STMT-1", Act("statement", START + 10 * DAY), facts).outcome == "allowed"
    forever("STMT-1", Act("statement", START + 11 * DAY), facts)
    second = replace(facts, statements_sent=1)
    assert judge("STMT-1", Act("statement", START), second).outcome == "allowed"
    boundary("STMT-2", "statement", replace(NONE, last_statement_on=START), START + 30 * DAY)
    last = Act("final_notice", START)
    forever("STMT-2-FINAL", last, replace(NONE, statements_sent=2))
    assert judge("STMT-2-FINAL", last, replace(NONE, statements_sent=3)).outcome == "allowed"


def test_what_states_add():
    cap = GuardrailRow("S-1", "interest_cap", "block", "state law", (("percent", "3"),), "US-CA")
    assert judge(cap, Act("interest", START, rate_percent=Decimal(3)), NONE).outcome == "allowed"
    forever(cap, Act("interest", START, rate_percent=Decimal("3.01")), NONE)
    assert forever(cap, Act("interest", START), NONE).missing == "rate_percent"
    offers = GuardrailRow(
        "S-2", "required_offers", "block", "state law", (("offers", "payment_plan, screening"),)
    )
    act = Act("placement", START)
    half = replace(NONE, offers_made=frozenset({"screening"}))
    assert "payment_plan" in forever(offers, act, half).words
    full = replace(NONE, offers_made=frozenset({"screening", "payment_plan"}))
    assert judge(offers, act, full).outcome == "allowed"


def test_every_proposed_rule_is_tested_here():
    with open(__file__) as file:
        here = file.read()
    elsewhere = {"REGF-2", "TCPA-3"}
    assert {code for code in ROWS if f'"{code}"' not in here} <= elsewhere


@pytest.mark.skipif(not TABLE.is_file(), reason=f"no table of rules: {TABLE.name}")
def test_every_rule_of_the_table_is_a_row_a_template_or_no_act():
    with TABLE.open(newline="") as file:
        asked = {row["id"] for row in csv.DictReader(file)}
    templates = {code for code, _evaluator in STATE_TEMPLATES}
    assert asked <= set(ROWS) | templates | set(NOT_ABOUT_ACTS)


def test_templates_of_states_name_evaluators():
    for code, evaluator in STATE_TEMPLATES:
        row = GuardrailRow(code, evaluator, "block", "state law", jurisdiction="US-CO")
        assert row.definition.code == evaluator
