# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts of a case: of the promised types, without patient data, whatever is missing."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hc_core.facts import fact_register
from hc_core.readiness import BASE_FACTS, coding, derive_facts
from hc_core.readiness.rows import (
    CaseRow,
    CaseSheet,
    ChargedLine,
    CodeRow,
    DocumentRow,
    LineRow,
    Tables,
    age_years,
    in_period,
)
from hypothesis import given
from hypothesis import strategies as st

DAY = date(2026, 3, 2)
# Values that a fact must never show.
SECRETS = ("Secretlast", "Secretfirst", "9 Secret Street", "Secretcity", "SECRETMEMBER")
BORN = date(1980, 5, 17)

CODE = CodeRow(
    1,
    "V1001",
    date(2000, 1, 1),
    None,
    False,
    None,
    0,
    0,
    (),
    (),
    (),
    (),
    (),
    (),
    False,
    False,
    False,
    False,
    0,
    False,
)
CASE = CaseRow(
    case_id=1,
    company_id=1,
    encounter_id=1,
    encounter_class="ambulatory",
    type_of_bill=None,
    is_scheduled=False,
    encounter_date=DAY,
    note_signed_on=DAY,
    attending_id=5,
    referring_id=None,
    authorization_id=None,
    referral_id=None,
    department_code="FAM",
    facility_code="RIV",
    facility_npi="1234567893",
    facility_tax_identifier="12-3456789",
    facility_taxonomy_code="261QP2300X",
    facility_clia_number=None,
    facility_bill_hold_days=0,
    patient_id=1,
    last_name=SECRETS[0],
    first_name=SECRETS[1],
    birth_date=BORN,
    death_date=None,
    sex="female",
    street=SECRETS[2],
    city=SECRETS[3],
    state_id=1,
    zip="62701",
    guarantor_id=None,
    guarantor_birth_date=None,
    same_person_count=0,
    coverage_id=1,
    coverage_order="1",
    member_id=SECRETS[4],
    subscriber_relation="self",
    subscriber_id=None,
    coverage_from=date(2026, 1, 1),
    coverage_to=None,
    medicare_secondary_answered=False,
    eligibility_status="active",
    eligibility_checked_on=DAY,
    secondary_coverage_id=None,
    secondary_coverage_order=None,
    payer_id=1,
    payer_code="ACME",
    payer_type="commercial",
    payer_identifier="60054",
    timely_filing_days=365,
    timely_filing_warning_days=30,
    eligibility_required=True,
    eligibility_fresh_days=3,
    payer_bill_hold_days=0,
    member_id_pattern=None,
    accepts_professional_claims=True,
    accepts_institutional_claims=True,
    unanswered_query_count=0,
    answered_query_count=0,
)
LINE = LineRow(
    encounter_id=1,
    line_id=1,
    charge_id=1,
    service_date=DAY,
    code_id=1,
    units="1.000",
    amount="150.00",
    performer_id=None,
    place_id=2,
    revenue_code_id=None,
    authorization_id=None,
    description=None,
    drug_code=None,
    drug_quantity=None,
    drug_unit=None,
    price_is_sourced=True,
    charged_on=DAY,
    modifier_ids=(),
    diagnosis_ids=(3,),
)
PLACE = CODE._replace(id=2, code="11")
DIAGNOSIS = CODE._replace(id=3, code="Z00.00")


def sheet(case=CASE, line=LINE, code=CODE, charged=True, **vals):
    """The sheet of a clean case with one line, changed as asked."""
    tables = Tables(codes={1: code, 2: PLACE, 3: DIAGNOSIS})
    lines = [ChargedLine(line, code, Decimal(line.units), 5, PLACE, None, ())] if charged else []
    values = {
        "uncharged": [] if charged else [code],
        "diagnoses": [DIAGNOSIS],
        "documents": [DocumentRow(1, 1, "consent", None)],
        "global_periods": (),
        "billed_before_ids": frozenset(),
        "service_date_from": line.service_date,
        "service_date_to": line.service_date,
        **vals,
    }
    return CaseSheet(row=case, as_of=DAY, tables=tables, lines=lines, **values)


def derive(*args, **vals):
    failures = []
    facts = derive_facts(sheet(*args, **vals), lambda group, error: failures.append(group))
    assert not failures
    return facts


def test_every_declared_fact_is_derived_and_nothing_else():
    assert set(derive()) == set(fact_register(BASE_FACTS))


# Any column of the case may be empty in the database, except the keys.
_OPTIONAL = [
    name
    for name in CaseRow._fields
    if name
    not in {
        "case_id",
        "company_id",
        "encounter_id",
        "patient_id",
        "encounter_date",
        "facility_code",
        "encounter_class",
        "same_person_count",
        "unanswered_query_count",
        "answered_query_count",
    }
]


@given(st.sets(st.sampled_from(_OPTIONAL)), st.booleans())
def test_facts_are_of_their_types_whatever_is_missing(names, charged):
    facts = derive(CASE._replace(**dict.fromkeys(names)), charged=charged)
    register = fact_register(BASE_FACTS)
    assert [p for name, value in facts.items() if (p := register[name].problem(value))] == []


@given(st.sets(st.sampled_from(_OPTIONAL)))
def test_no_fact_shows_patient_data(names):
    facts = derive(CASE._replace(**dict.fromkeys(names)))
    shown = repr(facts)
    assert not [secret for secret in SECRETS if secret in shown]
    assert BORN not in facts.values()


def test_a_group_that_fails_is_left_out_and_reported(monkeypatch):
    def fail(_sheet):
        raise KeyError("gone")

    monkeypatch.setattr(coding, "derive", fail)
    failures = []
    facts = derive_facts(sheet(), lambda group, error: failures.append(group))
    assert failures == ["coding"]
    assert "pair_conflicts" not in facts
    assert "has_consent" in facts


@pytest.mark.parametrize(("pattern", "expected"), [(None, True), ("[A-Z]+", True), (r"\d+", False)])
def test_member_id_against_the_payers_pattern(pattern, expected):
    assert derive(CASE._replace(member_id_pattern=pattern))["member_id_matches"] is expected


def test_a_malformed_pattern_gives_no_fact_at_all():
    assert "member_id_matches" not in derive(CASE._replace(member_id_pattern="(["))


@pytest.mark.parametrize(
    ("days_before", "expected"), [(-2, True), (0, True), (3, True), (4, False)]
)
def test_an_eligibility_answer_is_fresh_near_or_after_the_service(days_before, expected):
    case = CASE._replace(eligibility_checked_on=DAY - timedelta(days=days_before))
    assert derive(case)["eligibility_is_fresh"] is expected


def test_the_payers_bill_hold_comes_before_the_facilitys():
    case = CASE._replace(facility_bill_hold_days=3)
    assert derive(case)["bill_hold_until"] == DAY + timedelta(days=3)
    case = case._replace(payer_bill_hold_days=5)
    assert derive(case)["bill_hold_until"] == DAY + timedelta(days=5)


def test_a_document_counts_for_its_encounter_and_until_it_expires():
    def has_consent(encounter_id, expires_on):
        documents = [DocumentRow(1, encounter_id, "consent", expires_on)]
        return derive(documents=documents)["has_consent"]

    assert has_consent(None, None)
    assert has_consent(1, DAY)
    assert not has_consent(2, None)
    assert not has_consent(1, DAY - timedelta(days=1))


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 120))
def test_age_counts_birthdays(born, years):
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:
        birthday = date(born.year + years, 3, 1)
    assert age_years(born, birthday) == years
    if years:
        assert age_years(born, birthday - timedelta(days=1)) == years - 1


def test_a_period_without_bounds_is_always():
    assert in_period(None, None, DAY)
    assert in_period(DAY, DAY, DAY)
    assert not in_period(None, DAY - timedelta(days=1), DAY)
