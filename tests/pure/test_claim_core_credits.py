# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Rules of credits, takebacks and answers that were settled elsewhere."""

import doctest
import importlib
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hc_claim_core import adjudication, takebacks
from hc_claim_core.adjudication import Adjustment, Answer, plan_missing, plan_posting
from hc_claim_core.credits import CAUSES, Clock, CreditFacts, age_band, propose_cause
from hc_claim_core.takebacks import Document, sum_account
from hypothesis import given
from hypothesis import strategies as st

CENTS = st.integers(-100_000, 100_000).map(lambda cents: Decimal(cents) / 100)
POSITIVE = st.integers(0, 100_000).map(lambda cents: Decimal(cents) / 100)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
DOCUMENTS = st.lists(
    st.builds(Document, st.sampled_from(["WO", "FB", "72", "CS", "J1", ""]), CENTS), max_size=12
)


@pytest.mark.parametrize("name", ["adjudication", "credits", "provider_adjustments", "takebacks"])
def test_examples_hold(name):
    result = doctest.testmod(importlib.import_module(f"hc_claim_core.{name}"))
    assert result.attempted and not result.failed


@given(DOCUMENTS, st.randoms(use_true_random=False))
def test_an_account_is_the_sum_of_its_documents_in_any_order(documents, chance):
    account = sum_account(documents)
    assert account.balance == sum((each.amount for each in documents), Decimal(0))
    shuffled = list(documents)
    chance.shuffle(shuffled)
    assert sum_account(shuffled) == account
    assert (account.state == takebacks.OPEN) == (account.balance > 0)
    settled = account.state in (takebacks.RECOVERED, takebacks.OFFSET)
    assert settled == (account.balance == 0)


@given(DAYS, st.integers(1, 120), st.integers(0, 365), st.integers(0, 60), st.integers(0, 400))
def test_a_suspension_gives_back_exactly_its_days(identified, days, limit, after, length):
    begun = identified + timedelta(days=after)
    plain = Clock(identified, days)
    running = Clock(identified, days, limit, begun)
    ended = Clock(identified, days, limit, begun, begun + timedelta(days=length))
    assert plain.deadline == identified + timedelta(days=days)
    assert running.deadline - plain.deadline == timedelta(days=limit)
    assert ended.deadline - plain.deadline == timedelta(days=min(limit, length))
    assert not plain.is_suspended(begun)
    assert running.is_suspended(begun) == (limit > 0)
    assert not ended.is_suspended(begun + timedelta(days=min(limit, length)))


def test_no_duty_has_no_last_day():
    assert Clock(date(2026, 3, 2), 0, 180, date(2026, 3, 3)).deadline is None


@given(DAYS, st.integers(0, 1000))
def test_every_age_has_a_band(found_on, days):
    first, _dash, last = age_band(found_on, found_on + timedelta(days=days)).partition("-")
    assert int(first.strip("+")) <= days
    assert not last or days <= int(last)


@given(st.lists(POSITIVE, max_size=4), st.lists(POSITIVE, max_size=4), st.booleans())
def test_a_cause_is_always_proposed(payments, allowances, is_patient):
    facts = CreditFacts(Decimal(10), is_patient, tuple(payments), tuple(allowances))
    assert propose_cause(facts) in dict(CAUSES)


@given(POSITIVE, POSITIVE, POSITIVE, POSITIVE, st.booleans(), st.booleans(), CENTS)
def test_what_people_posted_and_what_is_missing_make_the_whole(
    paid, allowed, share, more_open, by_hand, allowed_by_hand, off_by
):
    answer = Answer(
        "1",
        paid + allowed + share,
        paid,
        (
            Adjustment("CO", "45", allowed, adjudication.ALLOWANCE),
            Adjustment("PR", "1", share, adjudication.PATIENT),
        ),
    )
    cash = paid if by_hand else Decimal(0)
    taken = allowed if allowed_by_hand else Decimal(0)
    still_open = answer.charged - cash - taken
    rest = plan_missing(answer, still_open + more_open, cash_posted=cash, allowance_posted=taken)
    whole = plan_posting(answer, answer.charged)
    assert not rest.hold
    assert rest.settled + cash + taken == whole.settled
    if cash and off_by and cash + off_by:
        wrong = plan_missing(
            answer, answer.charged, cash_posted=cash + off_by, allowance_posted=taken
        )
        assert wrong.hold == "cash_differs"
    if rest.settled:
        short = plan_missing(
            answer, rest.settled - Decimal("0.01"), cash_posted=cash, allowance_posted=taken
        )
        assert short.hold == "credit"
