# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Inquiries to payers: another library reads them into its models and writes them alike."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hc_x12.envelope import InterchangeReader
from hc_x12.inquiry import ClaimStatusRequest, EligibilityInquiry, StatusLine
from hc_x12.parties import Provider
from hc_x12.transaction_file import Outcome
from hc_x12.write_270 import write_270
from hc_x12.write_276 import write_276
from hypothesis import given
from hypothesis import strategies as st
from x12_claims import CHILD, CLINIC, ENVELOPE, PAYER, SUBSCRIBER
from x12_oracle import own_transactions, x12sdk_transactions
from x12_strategies import eligibility_inquiries, status_requests, thorough

ASKING = Provider(name=CLINIC.name, npi=CLINIC.npi)
INQUIRY = EligibilityInquiry(
    trace_number="T0001",
    trace_originator="9CLINIC001",
    payer=PAYER,
    provider=ASKING,
    subscriber=SUBSCRIBER,
)
REQUEST = ClaimStatusRequest(
    trace_number="S0001",
    payer=PAYER,
    receiver=CLINIC.name,
    receiver_id="RB001",
    provider=ASKING,
    subscriber=SUBSCRIBER,
    claim_id="PC0001",
    charge=Decimal("120.00"),
    service_from=date(2026, 2, 16),
)


def written(write, documents):
    """The file of documents, all of which must be writable; our reader finds no fault."""
    outcome = Outcome()
    data = b"".join(write(ENVELOPE, documents, outcome))
    assert outcome.left_out == []
    assert outcome.documents == len(documents)
    reader = InterchangeReader([data])
    for transaction in reader:
        assert list(transaction.segments)
    assert reader.findings.counts.total() == 0
    return data


@thorough
@given(st.lists(eligibility_inquiries, min_size=1, max_size=3))
def test_eligibility_inquiries_survive_another_library(inquiries):
    data = written(write_270, inquiries)
    assert x12sdk_transactions(data) == own_transactions(data)


@thorough
@given(st.lists(status_requests, min_size=1, max_size=3))
def test_status_requests_survive_another_library(requests):
    data = written(write_276, requests)
    assert x12sdk_transactions(data) == own_transactions(data)


def test_the_other_library_sees_what_is_wrong():
    data = written(write_270, [INQUIRY])
    with pytest.raises(Exception, match="(?i)invalid|validation|error"):
        x12sdk_transactions(data.replace(b"NM1*PR*2", b"NM1*QQ*2"))


def test_an_inquiry_names_its_trace_where_its_patient_is():
    data = written(write_270, [INQUIRY, replace(INQUIRY, trace_number="T0002", patient=CHILD)])
    lines = data.decode().splitlines()
    assert lines[lines.index("TRN*1*T0001*9CLINIC001~") + 1].startswith("NM1*IL*")
    assert lines[lines.index("TRN*1*T0002*9CLINIC001~") + 1].startswith("NM1*03*")
    # Payer and provider are named once.
    assert sum(line.startswith(("NM1*PR*", "NM1*1P*")) for line in lines) == 2


def test_a_batch_of_inquiries_is_divided_as_the_guide_asks():
    many = [replace(INQUIRY, trace_number=f"T{number}") for number in range(200)]
    data = written(write_270, many)
    assert [part.count("TRN*") for part in own_transactions(data)] == [99, 99, 2]


def test_requests_for_one_patient_share_the_loop():
    data = written(write_276, [REQUEST, replace(REQUEST, trace_number="S0002", claim_id="PC2")])
    assert data.count(b"NM1*IL*") == 1
    assert data.count(b"TRN*1*") == 2


def test_a_request_asks_for_several_lines():
    lines = tuple(
        StatusLine(
            charge=Decimal(40),
            units=Decimal("1.5"),
            service_from=date(2026, 2, 16),
            control_number=f"L{number}",
            **of,
        )
        for number, of in enumerate(
            ({"procedure": "G0463", "modifiers": ("25",)}, {"revenue_code": "0300"}), 1
        )
    )
    data = written(write_276, [replace(REQUEST, lines=lines)])
    assert b"SVC*HC:G0463:25*40*****1.5~\nREF*FJ*L1~\nDTP*472*D8*20260216~\n" in data
    assert b"SVC*NU:0300*40*****1.5~\nREF*FJ*L2~\nDTP*472*D8*20260216~\n" in data


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"trace_number": ""}, "missing"),
        ({"trace_number": "lower"}, "number_changes"),
        ({"trace_originator": "CLINIC"}, "originator_invalid"),
        ({"service_types": ()}, "missing"),
        ({"service_types": ("30", "30")}, "service_type_repeated"),
        ({"provider": replace(ASKING, npi="")}, "npi_missing"),
        ({"subscriber": replace(SUBSCRIBER, member_id="", birth_date=None)}, "search_too_wide"),
        ({"patient": replace(CHILD, relationship="18")}, "code_unknown"),
        ({"serves_from": date(2026, 3, 2), "serves_to": date(2026, 3, 1)}, "period_reversed"),
    ],
    ids=str,
)
def test_an_inquiry_that_cannot_be_answered_is_left_out(change, code):
    outcome = Outcome()
    inquiry = replace(INQUIRY, **change)
    assert b"".join(write_270(ENVELOPE, [inquiry], outcome)) == b""
    assert outcome.left_out == [inquiry.trace_number]
    assert code in [finding.code for finding in outcome.findings.findings]


@pytest.mark.parametrize(
    "change",
    [
        {"service_from": None},
        {"charge": Decimal("-1")},
        {"receiver_id": ""},
        {"provider": replace(ASKING, npi="123")},
        {"subscriber": replace(SUBSCRIBER, birth_date=None)},
    ],
    ids=str,
)
def test_a_request_that_cannot_be_answered_is_left_out(change):
    outcome = Outcome()
    assert b"".join(write_276(ENVELOPE, [replace(REQUEST, **change)], outcome)) == b""
    assert outcome.left_out == [REQUEST.trace_number]
