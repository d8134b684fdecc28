# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Words that say nothing about who somebody is."""

from functools import cache
from pathlib import Path

from .identifiers import fold

# Ordinary words that are given or family names as well: they pass in small letters only.
_NAMES_TOO = (
    "art august back baker bell bill brown carter case chance chase christian church cook cross"
    " day dean dear drew early east faith fields ford forest fox frank free french glass good"
    " grace grant gray green hall hand hands harmony head heart hill holiday holy home hope hunter"
    " iris jack joy june key king knight lake lane law long love march mark mason max may miles"
    " mills moon moore noble north page park parks part parts pat patience penny place pope power"
    " price rain ray reach reed rich river robin rock roman rose rush sage sandy scale sharp short"
    " singer small south spring star stone story street strong summer sunday sweet table teller"
    " temple trust turner victor ward waters way weeks welcome west white will win winter wise wood"
    " woods worth young"
)


@cache
def ordinary_words() -> frozenset[str]:
    """Folded words that may leave: of billing, medicine and everyday English."""
    path = Path(__file__).with_name("ordinary_words.txt")
    return frozenset(fold(word) for word in path.read_text(encoding="ascii").split())


@cache
def ambiguous_words() -> frozenset[str]:
    """Folded ordinary words that are names too."""
    return frozenset(fold(word) for word in _NAMES_TOO.split())
