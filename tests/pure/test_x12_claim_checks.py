# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What keeps a claim from being written is said with its field; nothing crashes."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hc_x12.check_837i import check_institutional
from hc_x12.check_837p import check_professional
from hc_x12.claim import Adjustment, Attachment, Drug, Note
from hc_x12.claim_institutional import Diagnosis, InstitutionalClaim, InstitutionalLine
from hc_x12.findings import ERROR
from hc_x12.parties import Contact, Name
from hc_x12.transaction_file import Outcome
from hc_x12.write_837p import write_837p
from x12_claims import (
    CHILD,
    CLAIM,
    CLINIC,
    COVERAGE,
    DOCTOR,
    ENVELOPE,
    LINE,
    RECEIVER,
    SUBMITTER,
    SUBSCRIBER,
    secondary,
)

DAY = date(2026, 2, 16)
HOSPITAL_CLAIM = InstitutionalClaim(
    claim_id="IC0001",
    charge=Decimal("900.00"),
    billing_provider=CLINIC,
    coverage=COVERAGE,
    facility_type="13",
    statement_from=DAY,
    statement_to=DAY,
    patient_status="01",
    principal_diagnosis=Diagnosis("I10", "Y"),
    lines=(InstitutionalLine(revenue_code="0450", charge=Decimal("900.00")),),
    attending=DOCTOR,
)


def errors(findings):
    return {
        (finding.code, finding.message.partition(":")[0])
        for finding in findings
        if finding.severity == ERROR
    }


def line(**change):
    return {"lines": (replace(LINE, **change),)}


PROFESSIONAL_FAULTS = [
    ({"claim_id": ""}, "missing", "claim_id"),
    ({"claim_id": "X" * 21}, "too_long", "claim_id"),
    ({"claim_id": "lower"}, "number_changes", "claim_id"),
    ({"charge": Decimal(119)}, "total_differs", "charge"),
    ({"frequency": "7"}, "original_number_missing", "payer_claim_control_number"),
    ({"frequency": "8"}, "original_number_missing", "payer_claim_control_number"),
    ({"frequency": "99"}, "code_unknown", "frequency"),
    ({"billing_provider": replace(CLINIC, npi="")}, "npi_missing", "billing_provider.npi"),
    ({"billing_provider": replace(CLINIC, npi="12")}, "npi_invalid", "billing_provider.npi"),
    (
        {"billing_provider": replace(CLINIC, tax_id="12-3")},
        "tax_id_invalid",
        "billing_provider.tax_id",
    ),
    ({"billing_provider": replace(CLINIC, name=Name(""))}, "missing", "billing_provider.name.last"),
    ({"rendering": replace(DOCTOR, npi="")}, "npi_missing", "rendering.npi"),
    ({"referring": replace(DOCTOR, name=CLINIC.name)}, "not_a_person", "referring.name"),
    ({"diagnoses": ()}, "missing", "diagnoses"),
    ({"diagnoses": ("I10",) * 13}, "too_many", "diagnoses"),
    ({"diagnoses": ("I10", "E11.9")}, "icd_invalid", "diagnoses[2]"),
    ({"place_of_service": "OFFICE"}, "place_invalid", "place_of_service"),
    ({"related_causes": ("AA",)}, "missing", "accident_state"),
    ({"related_causes": ("EM",)}, "missing", "accident_on"),
    ({"admitted_on": DAY, "discharged_on": DAY - timedelta(1)}, "period_reversed", "discharged_on"),
    ({"attachments": (Attachment("OZ", "EL"),)}, "missing", "attachments[1].control_number"),
    ({"patient": replace(CHILD, relationship="18")}, "code_unknown", "patient.relationship"),
    ({"note": Note("SEEN TWICE", "QQQ")}, "code_unknown", "note.kind"),
    ({"special_program": "77"}, "code_unknown", "special_program"),
    ({"coverage": replace(COVERAGE, filing_code="XX")}, "code_unknown", "coverage.filing_code"),
    (line(note=Note("SEEN TWICE", "CER")), "code_unknown", "lines[1].note.kind"),
    ({"lines": ()}, "missing", "lines"),
    ({"lines": (LINE,) * 51}, "too_many", "lines"),
    (line(modifiers=("25",) * 5), "too_many", "lines[1].modifiers"),
    (line(modifiers=("250",)), "modifier_invalid", "lines[1].modifiers[1]"),
    (line(diagnosis_pointers=(3,)), "pointer_invalid", "lines[1].diagnosis_pointers"),
    (line(diagnosis_pointers=()), "missing", "lines[1].diagnosis_pointers"),
    (line(procedure=""), "missing", "lines[1].procedure"),
    (line(service_from=None), "missing", "lines[1].service_from"),
    (line(service_to=DAY - timedelta(1)), "period_reversed", "lines[1].service_to"),
    (line(units=Decimal(0)), "quantity_zero", "lines[1].units"),
    (line(unit="DA"), "code_unknown", "lines[1].unit"),
    (line(drug=Drug(ndc="1", quantity=Decimal(1))), "ndc_invalid", "lines[1].drug.ndc"),
]


def test_the_sample_claims_have_nothing_wrong():
    assert check_professional(CLAIM) == []
    assert check_professional(secondary(CLAIM)) == []
    assert check_institutional(HOSPITAL_CLAIM) == []


@pytest.mark.parametrize(("change", "code", "path"), PROFESSIONAL_FAULTS, ids=str)
def test_a_fault_is_named_and_the_claim_is_left_out(change, code, path):
    claim = replace(CLAIM, **change)
    assert (code, path) in errors(check_professional(claim))
    outcome = Outcome()
    assert b"".join(write_837p(ENVELOPE, SUBMITTER, RECEIVER, [claim], outcome)) == b""
    assert outcome.left_out == [claim.claim_id]
    assert {finding.claim for finding in outcome.findings.findings} == {claim.claim_id}


def test_one_outcome_serves_several_files():
    outcome = Outcome()
    bad = replace(CLAIM, diagnoses=())
    assert b"".join(write_837p(ENVELOPE, SUBMITTER, RECEIVER, [bad], outcome)) == b""
    assert b"".join(write_837p(ENVELOPE, SUBMITTER, RECEIVER, [CLAIM], outcome))
    assert (outcome.documents, outcome.left_out) == (1, [CLAIM.claim_id])


def test_a_sender_without_a_number_to_call_sends_nothing():
    outcome = Outcome()
    silent = replace(SUBMITTER, contact=Contact(name="NOBODY"))
    assert b"".join(write_837p(ENVELOPE, silent, RECEIVER, [CLAIM], outcome)) == b""
    assert outcome.findings.has_errors


@pytest.mark.parametrize("missing", ["birth_date", "address"])
def test_who_is_patient_and_subscriber_is_described(missing):
    holder = replace(SUBSCRIBER, **{missing: None})
    claim = replace(CLAIM, coverage=replace(COVERAGE, subscriber=holder))
    assert errors(check_professional(claim)) == {("missing", f"coverage.subscriber.{missing}")}
    assert errors(check_professional(replace(claim, patient=CHILD))) == set()


def test_a_later_payer_needs_the_primary_one():
    claim = replace(CLAIM, coverage=replace(COVERAGE, responsibility="S"))
    assert errors(check_professional(claim)) == {("earlier_payer_missing", "other_coverages")}


def test_decisions_of_earlier_payers_add_up():
    claim = secondary(CLAIM)
    [other] = claim.other_coverages
    wrong = replace(other, adjudication=replace(other.adjudication, paid=Decimal(1)))
    assert errors(check_professional(replace(claim, other_coverages=(wrong,)))) == {
        ("claim_unbalanced", "other_coverages[1]")
    }
    [decided] = claim.lines[0].adjudications
    more = replace(decided, adjustments=(*decided.adjustments, Adjustment("CO", "96", Decimal(1))))
    lines = (replace(claim.lines[0], adjudications=(more,)),)
    assert ("line_unbalanced", "lines[1]") in errors(
        check_professional(replace(claim, lines=lines))
    )


def test_a_decision_names_a_payer_of_the_claim():
    claim = secondary(CLAIM)
    [decided] = claim.lines[0].adjudications
    lines = (replace(claim.lines[0], adjudications=(replace(decided, payer_id="WHO"),)),)
    found = errors(check_professional(replace(claim, lines=lines)))
    assert ("payer_unknown", "lines[1]") in found


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"facility_type": "1"}, "facility_type_invalid", "facility_type"),
        ({"patient_status": ""}, "patient_status_invalid", "patient_status"),
        ({"statement_to": DAY - timedelta(1)}, "period_reversed", "statement_to"),
        (
            {"principal_diagnosis": Diagnosis("I10", "1")},
            "code_unknown",
            "principal_diagnosis.on_admission",
        ),
        ({"other_diagnoses": (Diagnosis("I10"),) * 25}, "too_many", "other_diagnoses"),
        (
            {"billing_provider": replace(CLINIC, name=Name("ARDEN", "MIRA"))},
            "not_an_organization",
            "billing_provider.name",
        ),
        (
            {"lines": (replace(HOSPITAL_CLAIM.lines[0], revenue_code="45"),)},
            "revenue_code_invalid",
            "lines[1].revenue_code",
        ),
    ],
    ids=str,
)
def test_faults_of_institutional_claims(change, code, path):
    assert (code, path) in errors(check_institutional(replace(HOSPITAL_CLAIM, **change)))
