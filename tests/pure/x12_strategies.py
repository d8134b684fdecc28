# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Generated claims that can be written, with hostile text wherever text is free."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

from hc_x12 import claim as c
from hc_x12 import claim_institutional as ci
from hc_x12 import claim_professional as cp
from hc_x12 import inquiry as i
from hc_x12 import parties as p
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# To shrink a claim takes minutes and shows little more: the example is printed as it is.
thorough = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

HOSTILE = "A1 *~:^|\n\r\t\x00\x1c\x85\u2028éßŁ李\U0001f9a0'\"-.,`{}\\"
# One sign that X12 can carry keeps the text from vanishing altogether.
free_text = st.text(st.sampled_from(HOSTILE), max_size=90).map(lambda text: "X" + text)
given_name = free_text | st.just("")
code = st.from_regex(r"[A-Z0-9]{2,12}", fullmatch=True)
days = st.dates(date(2022, 1, 1), date(2026, 6, 30))
cents = st.integers(1, 999_999).map(lambda number: Decimal(number).scaleb(-2))
small = st.decimals("0.001", "999", places=3).filter(lambda number: number > 0)
npi = st.sampled_from(("1234567893", "1245319599", "1679576722", "2345678906"))
icd = st.from_regex(r"[A-TV-Z][0-9][0-9AB][0-9A-Z]{0,4}", fullmatch=True)
procedure = st.from_regex(r"[A-V][0-9]{4}", fullmatch=True)
modifier = st.from_regex(r"[A-Z0-9]{2}", fullmatch=True)
taxonomy = st.sampled_from(("", "207Q00000X", "282N00000X"))


def maybe(strategy, nothing=None):
    """The value, or mostly nothing."""
    return st.just(nothing) | st.just(nothing) | strategy


def some(strategy, most, least=0, **options):
    """A short tuple of values."""
    return st.lists(strategy, min_size=least, max_size=most, **options).map(tuple)


def fields(kind, strategies, optional=()):
    """Build a dataclass from strategies, and set some of its optional fields."""
    return st.builds(kind, **strategies, **{name: maybe(each) for name, each in optional})


persons = st.builds(
    p.Name, last=free_text, first=given_name, middle=given_name, suffix=st.sampled_from(("", "JR"))
)
organizations = st.builds(p.Name, last=free_text, is_organization=st.just(True))
addresses = st.builds(
    p.Address,
    line_1=free_text,
    line_2=given_name,
    city=free_text.map(lambda text: "X" + text),
    state=st.sampled_from(("IL", "CA", "NY", "TX")),
    postal_code=st.sampled_from(("627010001", "941031234")),
)
short_addresses = st.builds(replace, addresses, postal_code=st.just("62704"))
contacts = st.builds(
    p.Contact,
    name=free_text,
    phone=st.just("5551234567"),
    extension=st.sampled_from(("", "12")),
    fax=st.sampled_from(("", "5557654321")),
    email=st.sampled_from(("", "desk@clinic.example")),
)
identifiers = st.sampled_from(((), (p.Identifier("G2", "PX77"),)))
physicians = st.builds(
    p.Provider, name=persons, npi=npi, taxonomy=taxonomy, identifiers=identifiers
)
groups = st.builds(p.Provider, name=organizations, npi=npi, taxonomy=taxonomy)
facilities = st.builds(p.Facility, name=free_text, address=addresses, npi=npi | st.just(""))
billing_providers = st.builds(
    p.BillingProvider,
    name=organizations,
    address=addresses,
    tax_id=st.just("370000001"),
    npi=npi,
    taxonomy=taxonomy,
    pay_to=maybe(addresses),
    contact=maybe(contacts),
    payer_identifiers=identifiers,
)
payers = st.builds(
    p.Payer,
    name=free_text,
    identifier=code,
    qualifier=st.sampled_from(("PI", "XV")),
    address=maybe(addresses),
    identifiers=st.sampled_from(((), (p.Identifier("2U", "ALT1"),))),
)
subscribers = st.builds(
    p.Subscriber,
    name=persons,
    member_id=code,
    address=addresses | short_addresses,
    birth_date=st.dates(date(1901, 1, 1), date(2025, 1, 1)),
    gender=st.sampled_from("FMU"),
    group_number=st.sampled_from(("", "G100")),
    group_name=st.just("") | free_text,
    social_security_number=st.sampled_from(("", "123456789")),
)
coverages = st.builds(
    p.Coverage,
    payer=payers,
    subscriber=subscribers,
    filing_code=st.sampled_from(("CI", "BL", "MB", "MC", "HM", "ZZ")),
)
patients = st.builds(
    p.Patient,
    name=persons,
    relationship=st.sampled_from(("01", "19", "G8")),
    birth_date=days,
    gender=st.sampled_from("FMU"),
    address=addresses,
)
attachments = st.builds(
    c.Attachment,
    report_type=st.sampled_from(("OZ", "B4", "RR")),
    transmission=st.sampled_from(("EL", "FX")),
    control_number=code,
) | st.just(c.Attachment("OZ", "AA"))
drugs = st.builds(
    c.Drug,
    ndc=st.just("00000123401"),
    quantity=small,
    unit=st.sampled_from(("UN", "ML", "GR", "ME", "F2")),
    prescription=st.sampled_from(("", "RX1")),
)
notes = st.builds(c.Note, text=free_text, kind=st.just("ADD"))
line_basis = {
    "charge": cents,
    "units": st.integers(1, 999).map(Decimal) | small,
    "modifiers": some(modifier, 4),
    "description": st.just("") | free_text,
    "service_from": days,
    "attachments": some(attachments, 2),
    "drug": maybe(drugs),
    "referring": maybe(physicians),
}
claim_basis = {
    "claim_id": code,
    "coverage": coverages,
    "patient": maybe(patients),
    "frequency": st.sampled_from("178"),
    "payer_claim_control_number": code,
    "assignment": st.sampled_from("ABC"),
    "delay_reason": st.sampled_from(("", "3")),
    "attachments": some(attachments, 3),
    "prior_authorization": st.sampled_from(("", "AUTH9")),
    "referral": st.sampled_from(("", "REF9")),
    "medical_record_number": st.sampled_from(("", "MR9")),
    "property_casualty_number": st.sampled_from(("", "PC9")),
    "clearinghouse_number": st.sampled_from(("", "D9D9")),
    "fixed_format": some(st.just("FIXED FORMAT"), 2),
    "condition_codes": some(st.sampled_from(("02", "17", "A1")), 24),
    "referring": maybe(physicians),
    "service_facility": maybe(facilities),
}


@st.composite
def split(draw, total):
    """What an earlier payer paid of an amount, and adjustments that explain the rest."""
    paid = draw(st.integers(0, int(total * 100)).map(lambda number: Decimal(number).scaleb(-2)))
    rest = total - paid
    groups_of = draw(some(st.sampled_from(("CO", "PR", "OA", "PI")), 8, least=1))
    parts = [draw(cents) for _group in groups_of[1:]]
    amounts = [rest - sum(parts), *parts]
    reasons = draw(some(st.sampled_from(("45", "1", "2", "96", "A1")), 8, least=8))
    adjustments = tuple(
        c.Adjustment(group, reason, amount, draw(maybe(st.integers(1, 9).map(Decimal))))
        for group, reason, amount in zip(groups_of, reasons, amounts, strict=False)
    )
    return paid, adjustments


@st.composite
def decided_before(draw, claim):
    """The claim for a later payer, with the decisions of one or two earlier ones."""
    places = "PST"[: draw(st.integers(1, 2))]
    others, lines = [], list(claim.lines)
    for number, place in enumerate(places):
        coverage = replace(
            draw(coverages),
            payer=p.Payer(name=f"PLAN {number}", identifier=f"PLAN{number}"),
            responsibility=place,
        )
        paid, adjustments = Decimal(0), ()
        if draw(st.booleans()):
            for at, line in enumerate(lines):
                line_paid, reasons = draw(split(line.charge))
                paid += line_paid
                decision = c.LineAdjudication(
                    payer_id=f"PLAN{number}",
                    paid=line_paid,
                    paid_on=draw(days),
                    adjustments=reasons,
                    patient_liability=draw(maybe(cents)),
                )
                lines[at] = replace(line, adjudications=(*line.adjudications, decision))
        else:
            paid, adjustments = draw(split(claim.charge))
        decided = c.Adjudication(
            paid=paid,
            paid_on=draw(days),
            adjustments=adjustments,
            remarks=draw(some(st.sampled_from(("MA01", "N130")), 5)),
            claim_number=draw(st.sampled_from(("", "PAYER77"))),
            non_covered=draw(maybe(cents)),
        )
        others.append(c.OtherCoverage(coverage=coverage, adjudication=decided))
    here = replace(claim.coverage, responsibility="PST"[len(places)])
    return replace(claim, coverage=here, lines=tuple(lines), other_coverages=tuple(others))


professional_lines = fields(
    cp.ProfessionalLine,
    {
        **line_basis,
        "procedure": procedure,
        "unit": st.sampled_from(("UN", "MJ")),
        "diagnosis_pointers": some(st.integers(1, 2), 2, least=1, unique=True),
        "place_of_service": st.sampled_from(("", "11", "22")),
        "is_emergency": st.booleans(),
        "is_epsdt": st.booleans(),
        "is_family_planning": st.booleans(),
        "is_copay_exempt": st.booleans(),
        "clia_number": st.sampled_from(("", "05D0000001")),
        "prior_authorization": st.sampled_from(("", "AUTH1")),
        "third_party_note": st.just("") | free_text,
    },
    [
        *((name, physicians) for name in ("rendering", "supervising", "ordering")),
        *((name, days) for name in ("prescription_on", "last_seen_on", "creatinine_tested_on")),
        ("rendering", groups | physicians),
        ("service_facility", facilities),
        ("note", notes),
        ("sales_tax", cents),
        ("ordering_address", addresses),
        ("ordering_contact", contacts),
        ("purchased_provider", groups),
    ],
)
ambulances = st.builds(
    cp.AmbulanceTransport,
    reason=st.sampled_from("ABCDE"),
    miles=st.integers(0, 500).map(Decimal),
    pick_up=addresses,
    drop_off=addresses,
    drop_off_name=st.just("") | free_text,
    patient_weight_pounds=maybe(st.integers(1, 400).map(Decimal)),
    stretcher_purpose=st.just("") | free_text,
    conditions=some(st.sampled_from(("01", "04", "09")), 5),
)
_professional = fields(
    cp.ProfessionalClaim,
    {
        **claim_basis,
        "charge": st.just(Decimal(0)),
        "billing_provider": billing_providers,
        "place_of_service": st.sampled_from(("11", "21", "22", "23")),
        "diagnoses": some(icd, 12, least=2),
        "lines": some(professional_lines, 4, least=1),
        "clia_number": st.sampled_from(("", "05D0000001")),
        "patient_is_pregnant": st.booleans(),
        "conditions": st.sampled_from(((), (cp.Condition("E1", ("L1",)),))),
        "anesthesia_procedures": some(procedure, 2),
    },
    [
        *((name, physicians) for name in ("supervising",)),
        *((name, days) for name in ("onset_on", "patient_died_on", "admitted_on", "disability_to")),
        *((name, days) for name in ("disability_from", "first_contact_on", "care_assumed_on")),
        ("rendering", groups | physicians),
        ("note", notes),
        ("patient_paid", cents),
        ("patient_weight_pounds", st.integers(1, 400).map(Decimal)),
        ("ambulance", ambulances),
    ],
)

diagnoses = st.builds(ci.Diagnosis, code=icd, on_admission=st.sampled_from(("", *"NUWY")))
procedures = st.builds(
    ci.Procedure, code=st.from_regex(r"[0-9A-HJ-NP-Z]{7}", fullmatch=True), performed_on=days
)
occurrence_code = st.sampled_from(("11", "42", "A1"))
institutional_lines = fields(
    ci.InstitutionalLine,
    {
        **line_basis,
        "procedure": procedure,
        "revenue_code": st.sampled_from(("0120", "0300", "0450")),
        "unit": st.sampled_from(("DA", "UN")),
    },
    [
        *((name, physicians) for name in ("operating", "other_operating", "rendering")),
        *((name, cents) for name in ("non_covered", "service_tax", "facility_tax")),
    ],
)
_institutional = fields(
    ci.InstitutionalClaim,
    {
        **claim_basis,
        "charge": st.just(Decimal(0)),
        "billing_provider": billing_providers,
        "facility_type": st.sampled_from(("11", "13", "21", "85")),
        "statement_from": st.just(date(2025, 3, 1)),
        "statement_to": st.dates(date(2025, 3, 1), date(2025, 3, 31)),
        "patient_status": st.sampled_from(("01", "30")),
        "admission_type": st.sampled_from(("", "1", "3")),
        "admission_source": st.sampled_from(("", "1")),
        "admitted_on": days,
        "principal_diagnosis": diagnoses,
        "visit_reasons": some(icd, 3),
        "external_causes": some(diagnoses, 12),
        "other_diagnoses": some(diagnoses, 24),
        "principal_procedure": procedures,
        "other_procedures": some(procedures, 3),
        "drg": st.sampled_from(("", "470")),
        "occurrence_spans": some(
            st.builds(ci.Occurrence, occurrence_code, days, st.just(date(2026, 7, 1))), 2
        ),
        "occurrences": some(st.builds(ci.Occurrence, occurrence_code, days), 24),
        "value_amounts": some(st.builds(ci.ValueAmount, st.sampled_from(("80", "A1")), cents), 13),
        "lines": some(institutional_lines, 4, least=1),
        "notes": some(st.builds(c.Note, free_text, st.sampled_from(("DCP", "DGN"))), 3),
        "billing_note": st.just("") | free_text,
        "attending": physicians,
    },
    [
        *(
            (name, st.times().map(lambda at: time(at.hour, at.minute)))
            for name in ("admission_hour", "discharge_hour")
        ),
        *((name, physicians) for name in ("operating", "other_operating", "rendering")),
        ("patient_estimated_due", cents),
    ],
)


@st.composite
def _complete(draw, strategy):
    claim = draw(strategy)
    lines = tuple(
        replace(
            line, control_number=f"L{number}", service_to=draw(maybe(st.just(date(2026, 7, 1))))
        )
        for number, line in enumerate(claim.lines, 1)
    )
    claim = replace(claim, lines=lines, charge=sum(line.charge for line in lines))
    if isinstance(claim, cp.ProfessionalClaim) and claim.disability_from and claim.disability_to:
        begin, end = sorted((claim.disability_from, claim.disability_to))
        claim = replace(claim, disability_from=begin, disability_to=end)
    return draw(decided_before(claim)) if draw(st.booleans()) else claim


professional_claims = _complete(_professional)
institutional_claims = _complete(_institutional)
# The other library admits no person without a first name.
_full_names = st.builds(p.Name, last=free_text, first=free_text, middle=given_name)
_known_subscribers = st.builds(replace, subscribers, name=_full_names)
_known_patients = st.builds(replace, patients, name=_full_names)
_asking = st.builds(p.Provider, name=organizations | _full_names, npi=npi, taxonomy=taxonomy)
eligibility_inquiries = st.builds(
    i.EligibilityInquiry,
    trace_number=code,
    trace_originator=st.just("9CLINIC001"),
    payer=st.builds(replace, payers, identifiers=st.just(()), qualifier=st.just("PI")),
    provider=_asking,
    subscriber=_known_subscribers,
    patient=maybe(_known_patients),
    service_types=some(st.sampled_from(("30", "1", "98", "UC")), 4, least=1, unique=True),
    serves_from=days,
    serves_to=maybe(st.just(date(2026, 7, 1))),
)
_status_lines = st.builds(
    i.StatusLine,
    charge=cents,
    units=st.integers(1, 99).map(Decimal),
    service_from=days,
    procedure=procedure,
    modifiers=some(modifier, 4),
    control_number=st.sampled_from(("", "L1")),
)
status_requests = st.builds(
    i.ClaimStatusRequest,
    trace_number=code,
    payer=st.builds(replace, payers, qualifier=st.just("PI")),
    receiver=organizations,
    receiver_id=code,
    provider=_asking,
    subscriber=_known_subscribers,
    patient=maybe(_known_patients),
    payer_claim_number=st.sampled_from(("", "PAYER77")),
    bill_type=st.sampled_from(("", "111")),
    group_number=st.sampled_from(("", "G100")),
    claim_id=code,
    charge=maybe(cents),
    service_from=days,
    service_to=maybe(st.just(date(2026, 7, 1))),
    # The other library loses all but one of several lines.
    lines=some(_status_lines, 1),
)
