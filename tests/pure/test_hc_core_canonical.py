# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Stored digests rest on these laws."""

from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from hc_core.canonical import canonical_digest
from hc_core.errors import FactError
from hypothesis import given
from hypothesis import strategies as st

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.decimals(allow_nan=False),
    st.dates(),
    st.text(max_size=20),
)
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=4))
FACTS = st.dictionaries(st.text(max_size=10), VALUES, max_size=8)


def kind(value):
    """Equality as the digest sees it: 1 is 1.0, but neither True nor "1"."""
    if isinstance(value, list):
        return tuple(map(kind, value))
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return ("number", Decimal(value))
    return (type(value).__name__, value)


@given(FACTS, st.randoms())
def test_the_order_of_keys_does_not_matter(facts, random):
    items = list(facts.items())
    random.shuffle(items)
    assert canonical_digest(dict(items)) == canonical_digest(facts)


@given(VALUES, VALUES)
def test_equal_values_and_only_they_share_a_digest(first, second):
    same = canonical_digest({"fact": first}) == canonical_digest({"fact": second})
    assert same == (kind(first) == kind(second))


@given(st.decimals(allow_nan=False, allow_infinity=False), st.integers(0, 60))
def test_trailing_zeros_do_not_matter(number, zeros):
    sign, digits, exponent = number.as_tuple()
    padded = Decimal((sign, digits + (0,) * zeros, exponent - zeros))
    assert canonical_digest({"n": padded}) == canonical_digest({"n": number})


def test_the_format_is_frozen():
    facts = {
        "amount": Decimal("12.50"),
        "birth": date(1980, 2, 29),
        "codes": ("J1100", "A0425"),
        "flag": True,
        "moment": datetime(2026, 1, 2, 3, 4),
        "name": "Zoë",
        "none": None,
        "set": {"b", "a"},
        "units": 3,
    }
    text = "\n".join(
        [
            '"amount":#12.5',
            '"birth":@1980-02-29',
            '"codes":["J1100","A0425"]',
            '"flag":yes',
            '"moment":@2026-01-02T03:04:00',
            '"name":"Zo\\u00eb"',
            '"none":~',
            '"set":{"a","b"}',
            '"units":#3',
        ]
    )
    assert canonical_digest(facts) == sha256(text.encode()).hexdigest()


def test_a_huge_exponent_stays_a_short_text():
    assert canonical_digest({"n": Decimal("1E+999999")})


def test_a_type_without_canonical_text_is_refused_with_its_name():
    with pytest.raises(FactError) as refusal:
        canonical_digest({"rate": [0.5]})
    assert refusal.value.params == {"name": "rate", "type": "float"}
