# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Claims of any content: an independent validator has nothing to object to."""

from dataclasses import replace

import pytest
from hc_x12.claim import Note
from hc_x12.findings import ERROR
from hc_x12.separators import Separators
from hc_x12.transaction_file import Outcome
from hc_x12.write_837i import write_837i
from hc_x12.write_837p import write_837p
from hypothesis import given
from x12_claims import CHILD, CLAIM, CLINIC, ENVELOPE, RECEIVER, SUBMITTER, secondary
from x12_oracle import pyx12_errors
from x12_strategies import institutional_claims, professional_claims, thorough


def written(write, claims, envelope=ENVELOPE, **options):
    """The file of claims, all of which must be writable."""
    outcome = Outcome()
    data = b"".join(write(envelope, SUBMITTER, RECEIVER, claims, outcome, **options))
    assert [each for each in outcome.findings.findings if each.severity == ERROR] == []
    assert outcome.left_out == []
    assert outcome.documents == len(claims)
    assert outcome.charge == sum(claim.charge for claim in claims)
    return data


@thorough
@given(professional_claims)
def test_professional_claims_pass_an_independent_validator(claim):
    assert pyx12_errors(written(write_837p, [claim])) == []


@thorough
@given(institutional_claims)
def test_institutional_claims_pass_an_independent_validator(claim):
    assert pyx12_errors(written(write_837i, [claim])) == []


def test_the_validator_sees_what_is_wrong():
    data = written(write_837p, [CLAIM])
    assert pyx12_errors(data) == []
    assert pyx12_errors(data.replace(b"HI*ABK:I10", b"HI*ABX:I10"))
    assert pyx12_errors(data.replace(b"HL*2*1*22", b"HL*2*7*22"))
    assert pyx12_errors(data.replace(b"SE*", b"SE*9"))


def test_claims_of_many_people_share_the_loops_of_their_providers():
    other_clinic = replace(CLINIC, npi="1679576722")
    claims = [
        CLAIM,
        replace(CLAIM, claim_id="PC2"),
        replace(CLAIM, claim_id="PC3", patient=CHILD),
        replace(secondary(CLAIM), claim_id="PC4"),
        replace(CLAIM, claim_id="PC5", billing_provider=other_clinic),
    ]
    data = written(write_837p, claims)
    assert pyx12_errors(data) == []
    levels = [line.decode() for line in data.splitlines() if line.startswith(b"HL*")]
    assert levels == [
        "HL*1**20*1~",
        "HL*2*1*22*0~",
        "HL*3*1*22*1~",
        "HL*4*3*23*0~",
        "HL*5*1*22*0~",
        "HL*6**20*1~",
        "HL*7*6*22*0~",
    ]


def test_a_loop_holds_a_hundred_claims_and_a_transaction_what_it_may():
    claims = [replace(CLAIM, claim_id=f"PC{number}") for number in range(250)]
    claims += [replace(CLAIM, claim_id=f"PD{number}", patient=CHILD) for number in range(150)]
    data = written(write_837p, claims, claims_per_transaction=360)
    assert pyx12_errors(data) == []
    assert data.count(b"\nST*") == 2
    assert data.count(b"*22*0~") == 3
    # The dependents begin a loop at 0 and 100, and where the second transaction begins.
    assert data.count(b"*23*0~") == 3


@pytest.mark.parametrize("lines", [True, False])
@pytest.mark.parametrize(
    "separators",
    [Separators(), Separators("|", ">", "!", "'"), Separators("+", "<", "%", "?")],
    ids=["usual", "other", "signs of text"],
)
def test_any_separators_divide(separators, lines):
    envelope = replace(ENVELOPE, separators=separators, lines=lines)
    hostile = replace(CLAIM, note=Note("".join(chr(number) for number in range(32, 110))))
    assert pyx12_errors(written(write_837p, [hostile], envelope)) == []
