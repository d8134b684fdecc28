# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Text from outside, made harmless to read: data, never instructions, never markup.

What cannot be seen is removed (zero-width characters, changes of direction, control characters),
markup and addresses of links are taken out, and look-alike forms of letters become the letters.
Positions are kept, so that what is found can be shown in the source.
"""

import re
import unicodedata
from dataclasses import dataclass

MAX_CHARACTERS = 200_000
_MARKUP = re.compile(
    r"<!--.{0,2000}?-->|</?[a-zA-Z][^<>]{0,500}>|!?\[(?=[^\]]{0,300}\]\()|\]\([^()\s]{0,2000}\)"
    r"|\bhttps?://\S{1,2000}|\b(?:javascript|data|vbscript):\S{1,2000}",
    re.IGNORECASE | re.DOTALL,
)
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
_KEPT_CONTROLS = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class CleanText:
    """A text that is safe to read, and where each of its characters stood.

    :ivar removed_count: characters of the source that are not in it
    """

    text: str
    source: str
    positions: tuple[int, ...]
    removed_count: int

    def source_span(self, start: int, end: int) -> tuple[int, int] | None:
        """Where a piece of this text stands in the source; None if it is not there literally."""
        if not 0 <= start < end <= len(self.text):
            return None
        first, last = self.positions[start], self.positions[end - 1] + 1
        if self.source[first:last] != self.text[start:end]:
            return None
        return first, last


def clean(source: str) -> CleanText:
    """Clean a text; what is longer than ``MAX_CHARACTERS`` is cut.

    >>> clean("pay\\u200b now <b>here</b>").text
    'pay now here'
    """
    source = source[:MAX_CHARACTERS]
    hidden = bytearray(len(source))
    for found in _MARKUP.finditer(source):
        hidden[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    characters, positions = [], []
    for position, char in enumerate(source):
        if hidden[position] or (
            unicodedata.category(char) in _UNSEEN_CATEGORIES and char not in _KEPT_CONTROLS
        ):
            continue
        plain = unicodedata.normalize("NFKC", char)
        characters.append(plain if len(plain) == 1 else char)
        positions.append(position)
    return CleanText("".join(characters), source, tuple(positions), len(source) - len(characters))
