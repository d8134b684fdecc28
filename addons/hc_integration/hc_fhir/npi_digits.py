# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""National Provider Identifiers: ten digits, the last one a check digit."""


def is_npi(text):
    """Whether a text is a well-formed NPI (45 CFR 162.406: ISO/IEC 7812 with prefix 80840).

    >>> is_npi("1679576722"), is_npi("1679576723"), is_npi("60")
    (True, False, False)
    """
    if len(text) != 10 or not (text.isascii() and text.isdigit()):
        return False
    # 24 is what the prefix 80840 adds to the sum.
    total = 24
    for position, char in enumerate(reversed(text)):
        digit = int(char) * (2 if position % 2 else 1)
        total += digit - 9 if digit > 9 else digit
    return total % 10 == 0
