# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an eligibility answer means, and that no file makes the reading of one crash."""

import doctest
from datetime import date, timedelta
from decimal import Decimal

import remittance_files as files
from hc_claim_core import eligibility, eligibility_codes, eligibility_reading
from hc_claim_core.eligibility import BenefitRow, Member, check_status, key_benefits, plan_period
from hc_claim_core.eligibility_reading import MemberAnswer, read_answers
from hc_x12.eligibility import EligibilityResponse
from hc_x12.envelope import InterchangeReader
from hypothesis import given
from hypothesis import strategies as st

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
_MEMBER = (
    b"BHT*0022*11*X*20260101*1200~HL*1**20*1~NM1*PR*2*PLAN*****PI*60054~HL*2*1*21*1~"
    b"NM1*1P*2*CLINIC*****XX*1234567893~HL*3*2*22*0~TRN*2*EL1*9X~"
    b"NM1*IL*1*DOE*JANE****MI*W1~DMG*D8*19800517~DTP*346*D8*20260101~EB*1**30~"
    b"EB*C*IND*30***29*150~EB*A**98*****.2~MSG*TEXT~AAA*N**75*C~"
)


def read(body):
    content = (
        files.isa().encode()
        + b"GS*HB*A*B*20260101*1200*1*X*005010X279A1~ST*271*0001*005010X279A1~"
        + body
        + b"SE*9*0001~GE*1*1~IEA*1*000000001~"
    )
    return [
        answer
        for transaction in InterchangeReader([content], "fuzz")
        if transaction.type == "271"
        for answer in read_answers(EligibilityResponse(transaction))
    ]


def test_docstring_examples():
    for module in (eligibility, eligibility_codes, eligibility_reading):
        assert doctest.testmod(module).failed == 0


def test_an_answer_is_read_with_all_that_the_desk_needs():
    [answer] = read(_MEMBER)
    assert answer.traces == ("EL1",)
    assert answer.member == Member("W1", "DOE", "JANE", date(1980, 5, 17))
    assert (answer.payer_identifier, answer.values["outcome"]) == ("60054", "active")
    assert answer.values["plan_date_from"] == date(2026, 1, 1)
    assert answer.values["reject_codes"] == "75/C"
    assert [each["information"] for each in answer.benefits] == ["1", "C", "A"]
    assert answer.benefits[2]["percent"] == 20.0


@given(st.binary(max_size=300), st.integers(0, len(_MEMBER)), st.integers(0, 40))
def test_no_bytes_make_the_reading_crash(noise, place, cut):
    for answer in read(_MEMBER[:place] + noise + _MEMBER[place + cut :]):
        if isinstance(answer, MemberAnswer):
            assert answer.values["outcome"] in ("active", "inactive", "rejected", "unavailable")
            assert all(len(each["message"]) <= 2000 for each in answer.benefits)
            assert "\x00" not in repr(answer.values)


def test_a_long_answer_is_bounded_and_says_so():
    [answer] = read(_MEMBER + b"EB*C*IND*30***29*1~" * 1200)
    assert len(answer.benefits) == eligibility_reading.BENEFITS_MAX
    assert "left off" in answer.values["note"]


@given(DAYS, DAYS, st.integers(0, 90), st.booleans())
def test_a_later_check_is_never_worth_less(checked_on, day, days, same_month):
    status = check_status("active", checked_on, day, days, same_month)
    later = check_status("active", checked_on + timedelta(days=1), day, days, same_month)
    assert status in ("fresh", "stale")
    assert (status, later) != ("fresh", "stale")
    assert check_status("active", day, day, days, same_month) == "fresh"


@given(st.lists(st.tuples(st.sampled_from(["346", "347", "291", "307"]), DAYS, DAYS)))
def test_a_plan_never_ends_before_it_begins(dates):
    begin, end = plan_period(dates)
    assert not begin or not end or begin <= end


def test_key_figures_are_those_of_a_visit_within_the_network():
    rows = [
        BenefitRow("B", ("98",), network="N", amount=Decimal(60)),
        BenefitRow("B", ("86",), network="Y", amount=Decimal(250)),
        BenefitRow("B", ("98",), network="Y", amount=Decimal(25)),
        BenefitRow("C", ("30",), "IND", "23", Decimal(1500)),
        BenefitRow("C", ("30",), "FAM", "29", Decimal(900)),
        BenefitRow("C", ("30",), "IND", "29", Decimal(0)),
    ]
    found = key_benefits(rows)
    assert (found.copay, found.deductible_left) == (Decimal(25), Decimal(0))
    assert key_benefits(rows[:4]).deductible_left is None, "a year's total is not what is left"


def test_families_share_a_number_and_twins_a_birth_date():
    jane = Member("W1", "DOE", "JANE", date(1980, 5, 17))
    assert not jane.is_same(Member("W1", "DOE", "JOHN"))
    assert not jane.is_same(Member("W2", "ROE", "JANE", date(1980, 5, 17)))
    assert not jane.is_same(Member())
    assert jane.is_same(Member("", "Doe", "Jane", date(1980, 5, 17)))
