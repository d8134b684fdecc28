# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Keys of the server, references to its variables, and what is shown of a secret."""

import base64

import pytest
from hc_core.secret_keys import SecretError, last_characters, parse_keys, parse_reference
from hypothesis import given
from hypothesis import strategies as st

KEYS = st.binary(min_size=32, max_size=32)


@given(st.lists(st.tuples(KEYS, st.booleans()), min_size=1, max_size=5), st.sampled_from(",\n"))
def test_both_spellings_of_a_key_mean_the_same(keys, separator):
    texts = [
        key.hex() if as_digits else base64.urlsafe_b64encode(key).decode()
        for key, as_digits in keys
    ]
    parsed = parse_keys(f" {separator} ".join(texts) + separator)
    assert [base64.urlsafe_b64decode(key.encoded) for key in parsed] == [key for key, _ in keys]


@given(st.text())
def test_any_text_gives_keys_or_an_error_without_the_text(text):
    try:
        keys = parse_keys(text)
    except SecretError as error:
        assert error.code in ("key_missing", "key_invalid")
        assert set(error.params) <= {"position", "bytes"}
    else:
        assert all(len(base64.urlsafe_b64decode(key.encoded)) == 32 for key in keys)


@pytest.mark.parametrize("text", ["", "  ", ",,", "\n"])
def test_no_key_at_all(text):
    with pytest.raises(SecretError) as caught:
        parse_keys(text)
    assert caught.value.code == "key_missing"


@pytest.mark.parametrize("text", ["11" * 31, "11" * 33, "zz" * 32, "11" * 16, "é" * 44])
def test_a_key_of_another_length_or_alphabet(text):
    with pytest.raises(SecretError) as caught:
        parse_keys("22" * 32 + "," + text)
    assert caught.value.params["position"] == 2


@given(KEYS, KEYS)
def test_names_tell_keys_apart_and_nothing_else(one, other):
    first, second = parse_keys(f"{one.hex()},{other.hex()}")
    assert (first.name == second.name) == (one == other)
    assert first.name not in one.hex()


@given(st.text())
def test_at_most_four_characters_are_shown(value):
    shown = last_characters(value)
    assert value.endswith(shown)
    assert len(shown) == (4 if len(value) >= 12 else 0)


@given(st.text())
def test_only_credentials_can_be_referred_to(name):
    try:
        variable = parse_reference(f"env:{name}")
    except SecretError as error:
        assert error.code == "reference_invalid"
    else:
        assert variable == name
        assert variable.startswith("HC_CREDENTIAL_")
