# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""National Provider Identifier: ten digits, the last one a check digit.

The check digit is the Luhn digit (ISO/IEC 7812) of the number behind the issuer prefix
80840, health applications (80) in the United States (840): 45 CFR 162.406.

>>> validate("1234567893")
'1234567893'
>>> is_valid("1234567890")
False
>>> format(" 123-456-7893 ")
'1234567893'
"""

from .errors import HcError

ISSUER_PREFIX = "80840"
LENGTH = 10


class NpiError(HcError):
    """A text is no NPI; the subclass tells the cause."""

    messages = {
        "npi_format": "{value} is no NPI: an NPI has digits only.",
        "npi_length": "{value} is no NPI: it has {length} digits instead of 10.",
        "npi_component": "{value} is no NPI: an NPI begins with 1 or 2.",
        "npi_checksum": ("{value} is no NPI: its check digit is wrong, look for a typing error."),
    }


class InvalidFormat(NpiError):
    """The text holds something other than digits."""


class InvalidLength(NpiError):
    """The number of digits is not ten."""


class InvalidComponent(NpiError):
    """The first digit is neither 1 (individual or organization) nor 2 (reserved)."""


class InvalidChecksum(NpiError):
    """The check digit does not fit."""


def compact(number: str) -> str:
    """Return the number without spaces, dashes and, if written, its issuer prefix."""
    number = number.replace(" ", "").replace("-", "").strip()
    if len(number) == len(ISSUER_PREFIX) + LENGTH:
        number = number.removeprefix(ISSUER_PREFIX)
    return number


def validate(number: str) -> str:
    """Return the compact number.

    :raises NpiError: one of the four subclasses, by cause
    """
    number = compact(number)
    if not (number.isascii() and number.isdigit()):
        raise InvalidFormat("npi_format", value=number)
    if len(number) != LENGTH:
        raise InvalidLength("npi_length", value=number, length=len(number))
    if number[0] not in "12":
        raise InvalidComponent("npi_component", value=number)
    if _luhn_sum(ISSUER_PREFIX + number) % 10:
        raise InvalidChecksum("npi_checksum", value=number)
    return number


def is_valid(number: str) -> bool:
    """Tell whether the text is an NPI."""
    try:
        validate(number)
    except NpiError:
        return False
    return True


def format(number: str) -> str:  # noqa: A001 - the name that all identifier modules use
    """Return the number as it is printed: ten digits without separators."""
    return compact(number)


def check_digit(first_nine: str) -> str:
    """Return the digit that completes the first nine of an NPI.

    >>> check_digit("123456789")
    '3'
    """
    return str(-_luhn_sum(ISSUER_PREFIX + first_nine + "0") % 10)


def _luhn_sum(digits: str) -> int:
    from_right = [int(digit) for digit in reversed(digits)]
    doubled = (sum(divmod(2 * digit, 10)) for digit in from_right[1::2])
    return sum(from_right[0::2]) + sum(doubled)
