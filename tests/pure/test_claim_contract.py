# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What contracts allow: properties that hold for any contract and any claim."""

import doctest
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hc_claim_core import contract as module
from hc_claim_core.contract import (
    METHODS,
    NO_PRICE,
    NO_TERM,
    PER_SERVICE,
    PER_UNIT,
    PERCENT_OF_CHARGE,
    PERCENT_OF_SCHEDULE,
    Contract,
    Service,
    Term,
    price_services,
    sum_expected,
)
from hypothesis import given
from hypothesis import strategies as st

cents = st.integers(0, 500_000).map(lambda number: Decimal(number).scaleb(-2))
rates = st.integers(0, 30_000).map(lambda number: Decimal(number).scaleb(-2))
codes = st.sampled_from(("99211", "99213", "99215", "J1100", "0450T"))
days = st.sampled_from((date(2026, 3, 1), date(2026, 3, 2)))
services = st.builds(
    Service,
    charge=cents,
    code=codes,
    modifiers=st.lists(st.sampled_from(("25", "59", "TC")), max_size=2).map(tuple),
    revenue_code=st.sampled_from(("", "0450", "0636")),
    facility_type=st.sampled_from(("", "hospital")),
    units=st.integers(1, 20).map(Decimal),
    day=days,
    schedule_prices=st.sampled_from(((), ((1, Decimal("80.00")),))),
)
terms = st.builds(
    Term,
    number=st.integers(1, 99),
    method=st.sampled_from(METHODS),
    rate=rates,
    code_from=st.one_of(st.just(""), codes),
    modifier=st.sampled_from(("", "25", "59")),
    revenue_code=st.sampled_from(("", "0450")),
    facility_type=st.sampled_from(("", "hospital")),
    schedule=st.just(1),
    is_lesser_of=st.booleans(),
    is_reduced=st.booleans(),
)
contracts = st.builds(
    Contract,
    terms=st.lists(terms, max_size=6).map(tuple),
    unlisted_percent=st.sampled_from((Decimal(0), Decimal(40))),
)


def price(term, **values):
    [result] = price_services(Contract(terms=(term,)), [Service(**values)])
    return result


def test_doctests():
    assert doctest.testmod(module).failed == 0


@given(contracts, st.lists(services, max_size=5))
def test_every_service_has_an_amount_or_a_reason(contract, claim):
    prices = price_services(contract, claim)
    assert len(prices) == len(claim)
    for each, service in zip(prices, claim, strict=True):
        assert (each.amount is None) == bool(each.problem)
        if each.amount is not None:
            assert each.amount >= 0
            assert each.amount.as_tuple().exponent >= -2
            assert each.steps
            if each.term.is_lesser_of:
                assert each.amount <= service.charge


@given(contracts, st.lists(services, max_size=5))
def test_the_term_that_says_most_decides(contract, claim):
    for service, each in zip(claim, price_services(contract, claim), strict=True):
        fitting = [term for term in contract.terms if term.applies(service)]
        assert (each.term is None) == (not fitting)
        assert all(term.specificity <= each.term.specificity for term in fitting)


@given(contracts, st.lists(services, max_size=4), st.lists(services, max_size=4))
def test_without_reduction_services_do_not_touch_each_other(contract, one, other):
    plain = replace(
        contract, terms=tuple(replace(term, is_reduced=False) for term in contract.terms)
    )
    together = price_services(plain, [*one, *other])
    assert together == price_services(plain, one) + price_services(plain, other)
    parts = [sum_expected(price_services(plain, part)) for part in (one, other)]
    assert sum_expected(together) == (None if None in parts else sum(parts))


@given(st.lists(services, min_size=1, max_size=5), st.booleans())
def test_hundred_percent_of_charge_is_the_charge(claim, is_lesser_of):
    term = Term(number=1, method=PERCENT_OF_CHARGE, rate=Decimal(100), is_lesser_of=is_lesser_of)
    prices = price_services(Contract(terms=(term,)), claim)
    assert [each.amount for each in prices] == [service.charge for service in claim]


@given(st.lists(services, min_size=1, max_size=6))
def test_one_procedure_of_each_day_is_paid_in_full(claim):
    term = Term(
        number=1,
        method=PERCENT_OF_CHARGE,
        rate=Decimal(100),
        is_lesser_of=False,
        is_reduced=True,
    )
    prices = price_services(Contract(terms=(term,), reduced_percent=Decimal(50)), claim)
    for day in {service.day for service in claim}:
        of_day = [
            (service.charge, len(each.steps))
            for service, each in zip(claim, prices, strict=True)
            if service.day == day
        ]
        full = [charge for charge, steps in of_day if steps == 1]
        assert full == [max(charge for charge, _steps in of_day)]


@given(terms, services)
def test_equal_terms_compete_and_different_modifiers_do_not(term, service):
    assert term.competes(replace(term, number=100))
    assert not term.competes(replace(term, modifier="XU"))
    if term.code_from:
        assert not term.competes(replace(term, code_from=""))


def test_the_methods():
    charge = Decimal("300.00")
    per_unit = Term(number=1, method=PER_UNIT, rate=Decimal("12.345"))
    assert price(per_unit, charge=charge, units=Decimal(3)).amount == Decimal("37.04")
    per_service = Term(number=1, method=PER_SERVICE, rate=Decimal("120.00"))
    assert price(per_service, charge=charge, units=Decimal(3)).amount == Decimal("120.00")
    of_schedule = Term(number=1, method=PERCENT_OF_SCHEDULE, rate=Decimal(110), schedule=7)
    listed = price(
        of_schedule,
        charge=charge,
        units=Decimal(2),
        schedule_prices=((7, Decimal("80.00")),),
    )
    assert listed.amount == Decimal("176.00")
    assert price(of_schedule, charge=charge).problem == NO_PRICE
    contract = Contract(terms=(of_schedule,), unlisted_percent=Decimal(40))
    [unlisted] = price_services(contract, [Service(charge=charge)])
    assert (unlisted.amount, unlisted.steps[0].code) == (Decimal("120.00"), "unlisted")
    assert price_services(Contract(terms=()), [Service(charge=charge)])[0].problem == NO_TERM


def test_lesser_of_is_said_in_the_steps():
    term = Term(number=1, method=PER_UNIT, rate=Decimal("500.00"))
    result = price(term, charge=Decimal("300.00"))
    assert result.amount == Decimal("300.00")
    assert [step.code for step in result.steps] == [PER_UNIT, "lesser_of"]


def test_ranges_hold_both_ends_and_only_codes_of_their_length():
    term = Term(number=1, method=PER_SERVICE, rate=Decimal(1), code_from="99211", code_to="99215")
    found = [
        code
        for code in ("99210", "99211", "99213", "99215", "99216", "9921", "992130")
        if term.applies(Service(charge=Decimal(1), code=code))
    ]
    assert found == ["99211", "99213", "99215"]
    narrow = replace(term, number=2, code_from="99213", code_to="", rate=Decimal(2))
    [result] = price_services(
        Contract(terms=(term, narrow)), [Service(charge=Decimal(9), code="99213")]
    )
    assert result.term.number == 2
    assert term.competes(replace(term, code_from="99214", code_to="99219"))
    assert not term.competes(replace(term, code_from="99216", code_to="99219"))
    assert not term.competes(narrow)
