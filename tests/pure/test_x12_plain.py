# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A claim that was sent is kept as JSON: it comes back exactly."""

import json

import pytest
from hc_x12.claim_institutional import InstitutionalClaim
from hc_x12.claim_professional import ProfessionalClaim
from hc_x12.parties import Name
from hc_x12.plain import from_plain, to_plain
from hypothesis import given
from x12_strategies import institutional_claims, professional_claims, thorough


def _through_json(claim):
    return from_plain(type(claim), json.loads(json.dumps(to_plain(claim))))


@given(professional_claims)
@thorough
def test_a_professional_claim_comes_back(claim):
    assert isinstance(claim, ProfessionalClaim)
    assert _through_json(claim) == claim


@given(institutional_claims)
@thorough
def test_an_institutional_claim_comes_back(claim):
    assert isinstance(claim, InstitutionalClaim)
    assert _through_json(claim) == claim


@pytest.mark.parametrize(
    "plain", [{"last": "DOE", "shoe_size": 9}, {"last": 1}, {"first": "JANE"}, []]
)
def test_what_is_no_name_is_refused(plain):
    with pytest.raises((TypeError, ValueError, AttributeError)):
        from_plain(Name, plain)


def test_a_float_has_no_plain_form():
    with pytest.raises(TypeError):
        to_plain(Name(1.5))
