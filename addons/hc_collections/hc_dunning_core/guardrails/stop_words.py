# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Words by which people say that they want no more messages, in English and Spanish.

The law names stop, quit, end, revoke, opt out, cancel and unsubscribe, and asks that any other
reasonable way be honored too (47 CFR 64.1200(a)(10)). So a message that is a keyword, alone or with
words that add nothing, is *certain*; one that holds a keyword among others is *possible*, for a
person to read.
"""

import re
import unicodedata
from functools import cache

CERTAIN = "certain"
POSSIBLE = "possible"

ENGLISH = (
    "stop",
    "stopall",
    "quit",
    "end",
    "revoke",
    "opt out",
    "optout",
    "cancel",
    "unsubscribe",
    "do not text",
    "dont text",
    "do not call",
    "dont call",
    "do not contact",
    "dont contact",
)
SPANISH = (
    "alto",
    "parar",
    "pare",
    "paren",
    "basta",
    "detener",
    "detengan",
    "cancelar",
    "revocar",
    "terminar",
    "fin",
    "salir",
    "baja",
    "darme de baja",
    "no mas",
    "no me envien",
    "no me llamen",
)
KEYWORDS = (*ENGLISH, *SPANISH)

_FILLER_TEXT = (
    "a again all calling calls contacting i me messages messaging now please sending text texting "
    "texts the these this to want de el enviar envien favor la llamadas los mensajes mas me por "
    "quiero textos todo todos ya"
)
_FILLERS = frozenset(_FILLER_TEXT.split())
# A longer message is no keyword; a person reads it.
_MOST_CHARACTERS = 500
_WORD = re.compile(r"[^\W_]+")


def find_stop(text: str, keywords: tuple[str, ...] = KEYWORDS) -> str:
    """Return ``certain``, ``possible`` or empty.

    >>> find_stop("STOP!"), find_stop("Por favor, no más mensajes"), find_stop("Unsubscribe me")
    ('certain', 'certain', 'certain')
    >>> find_stop("Can I cancel my visit on Friday?"), find_stop("Thank you")
    ('possible', '')
    """
    rest = _words(text[:_MOST_CHARACTERS])
    found = False
    for parts in _split_keywords(keywords):
        left = _without(rest, parts)
        found = found or left != rest
        rest = left
    if not found:
        return ""
    return CERTAIN if _FILLERS.issuperset(rest) else POSSIBLE


@cache
def _split_keywords(keywords: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The keywords as words, the longest first, so that none is cut by a part of it."""
    return tuple(sorted(filter(None, map(_words, keywords)), key=len, reverse=True))


def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(each for each in plain if not unicodedata.combining(each))
    found = _WORD.findall(letters.replace("'", "").replace("\u2019", ""))
    # "S.T.O.P." is one word.
    spelled = len(found) > 1 and all(len(word) == 1 for word in found)
    return ("".join(found),) if spelled else tuple(found)


def _without(words: tuple[str, ...], parts: tuple[str, ...]) -> tuple[str, ...]:
    """The words that are left without a keyword, wherever it stands."""
    kept: list[str] = []
    position = 0
    while position < len(words):
        if words[position : position + len(parts)] == parts:
            position += len(parts)
        else:
            kept.append(words[position])
            position += 1
    return tuple(kept)
