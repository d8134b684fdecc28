# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""A chain shows every change, loss and insertion."""

import pytest
from hc_core import chain
from hypothesis import given
from hypothesis import strategies as st

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
payloads = st.lists(
    st.dictionaries(st.text(max_size=8), values, max_size=4), min_size=1, max_size=8
)


def build(contents):
    """Rows of a chain: (position, payload, previous hash, hash, version)."""
    rows, previous = [], chain.GENESIS
    for position, payload in enumerate(contents, start=1):
        hash_ = chain.row_hash(payload, previous)
        rows.append((position, payload, previous, hash_, chain.CURRENT_VERSION))
        previous = hash_
    return rows


def first_break(rows):
    """Walk a chain as the verification does."""
    position, previous = 1, chain.GENESIS
    for row in rows:
        found = chain.check_row(*row, position, previous)
        if found:
            return found
        position, previous = position + 1, row[3]
    return None


@given(payloads)
def test_an_untouched_chain_holds(contents):
    assert first_break(build(contents)) is None


@given(payloads, st.data())
def test_a_changed_row_is_found_where_it_is(contents, data):
    rows = build(contents)
    index = data.draw(st.integers(0, len(rows) - 1))
    position, payload, previous, hash_, version = rows[index]
    rows[index] = (position, {**payload, "forged": "yes"}, previous, hash_, version)
    assert first_break(rows).position == index + 1


@given(payloads, st.data())
def test_a_lost_row_is_found(contents, data):
    rows = build([*contents, {"last": 1}])
    index = data.draw(st.integers(0, len(rows) - 2))
    del rows[index]
    assert first_break(rows).position == index + 1


@given(st.dictionaries(st.text(max_size=8), values, min_size=2, max_size=5))
def test_the_order_of_keys_does_not_matter(payload):
    turned = dict(reversed(payload.items()))
    assert chain.row_hash(payload, chain.GENESIS) == chain.row_hash(turned, chain.GENESIS)


@pytest.mark.parametrize("value", [1.5, {"a": 0.1}, {1: "a"}, [object()], {"a": {2: "b"}}])
def test_unstable_values_are_refused(value):
    with pytest.raises(chain.ChainError, match="log facts"):
        chain.canonical_json(value)


def test_an_unknown_version_is_a_break_not_a_crash():
    row = (1, {"a": 1}, chain.GENESIS, "$9$x", 9)
    assert "unknown hash version 9" in chain.check_row(*row, 1, chain.GENESIS).reason


def test_a_signature_depends_on_key_and_text():
    assert chain.sign("head", b"k") != chain.sign("head", b"other")
    assert chain.sign("head", b"k") != chain.sign("tail", b"k")
