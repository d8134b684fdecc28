# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""NPI check digits and causes of refusal."""

import pytest
from hc_core import npi
from hypothesis import given
from hypothesis import strategies as st

FIRST_NINE = st.from_regex(r"[12][0-9]{8}", fullmatch=True)


@given(FIRST_NINE)
def test_exactly_one_digit_completes_a_number(first_nine):
    valid = [digit for digit in "0123456789" if npi.is_valid(first_nine + digit)]
    assert valid == [npi.check_digit(first_nine)]


@given(FIRST_NINE, st.integers(0, 9), st.integers(1, 9))
def test_every_single_typing_error_is_found(first_nine, position, shift):
    number = first_nine + npi.check_digit(first_nine)
    wrong = str((int(number[position]) + shift) % 10)
    assert not npi.is_valid(number[:position] + wrong + number[position + 1 :])


@given(st.text(max_size=20))
def test_any_text_is_answered(text):
    assert npi.is_valid(text) in (True, False)


@pytest.mark.parametrize(
    ("number", "cause", "code"),
    [
        ("12345678A3", npi.InvalidFormat, "npi_format"),
        ("", npi.InvalidFormat, "npi_format"),
        ("１２３４５６７８９３", npi.InvalidFormat, "npi_format"),
        ("123456789", npi.InvalidLength, "npi_length"),
        ("3234567893", npi.InvalidComponent, "npi_component"),
        ("1234567890", npi.InvalidChecksum, "npi_checksum"),
    ],
)
def test_the_cause_of_a_refusal(number, cause, code):
    with pytest.raises(cause) as refusal:
        npi.validate(number)
    assert refusal.value.code == code


def test_the_issuer_prefix_is_dropped():
    assert npi.validate("80840 1234567893") == "1234567893"
