# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Text that may stand in an element: the X12 character sets, without the separators.

X12.6 names a basic set (capitals, digits, some punctuation) and an extended one. Partners
agree on the basic set with a few signs of the extended one; so letters are written as
capitals, accents are dropped, and what has no place in the sets becomes a space.
"""

import re
import unicodedata

from .separators import Separators

BASIC = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"&'()*+,-./:;?="
EXTENDED = "%~@[]_{}\\|<>#$"

# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS = str.maketrans(
    {
        "Æ": "AE", "Œ": "OE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Þ": "TH", "Ħ": "H",
        "ı": "I", "‘": "'", "’": "'", "“": '"', "”": '"', "‐": "-", "‑": "-", "–": "-", "—": "-",
    }
)  # fmt: skip


class TextCleaner:
    """Makes text writable between given separators."""

    def __init__(self, separators: Separators):
        taken = {
            separators.element,
            separators.component,
            separators.repetition,
            separators.terminator,
        }
        allowed = "".join(re.escape(sign) for sign in BASIC + EXTENDED if sign not in taken)
        self._is_clean = re.compile(f"(?:[{allowed}](?:[ {allowed}]*[{allowed}])?)?").fullmatch
        self._foreign = re.compile(f"[^{allowed}]+")

    def clean(self, text: str) -> str:
        """Return the text as it may be written; it is empty where nothing can be kept.

        >>> TextCleaner(Separators()).clean("Núñez* of~\\r\\nKraków")
        'NUNEZ OF KRAKOW'
        """
        if self._is_clean(text):
            return text
        plain = unicodedata.normalize("NFKD", text.upper().translate(_LETTERS))
        plain = "".join(sign for sign in plain.upper() if not unicodedata.combining(sign))
        return self._foreign.sub(" ", plain).strip()
