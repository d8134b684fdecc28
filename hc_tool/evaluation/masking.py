# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Identifiers that a record knows: none of them is left in a masked letter."""

import json
import random
import re
from collections.abc import Iterable

from hc_ai_core.identifiers import Identifier, fold
from hc_ai_core.masking import Masker
from hc_ai_core.vocabulary import ambiguous_words, ordinary_words

from .figures import Figure, Samples
from .timing import p95_ms

TASK = "masking"
KINDS = {
    **dict.fromkeys(("first", "last", "guar", "employer"), "NAME"),
    **dict.fromkeys(("mrn", "member", "claim", "acct", "ssn", "auth", "zip"), "ID"),
    **dict.fromkeys(("street", "city"), "ADDRESS"),
    "dob": "DATE",
    "phone": "PHONE",
    "email": "EMAIL",
}
# What scanners take for each other, in one of twenty characters.
SLIPS = dict(zip("0O1l5S8Biea", "O0l1S5B8lco", strict=True))
SLIP_CHANCE = 0.05
_PSEUDONYM = re.compile(r"\[[A-Z]+_\d+\]")
_ORDINARY = re.compile(r"[a-z]{2,}")


def samples(at: Samples) -> list:
    """The files that it needs."""
    return [at.letters]


def make_masker(identifiers: Iterable[Identifier]) -> Masker:
    """A masker with the shipped vocabulary."""
    return Masker(identifiers, ordinary_words(), ambiguous_words())


def survivors(original: str, masked: str) -> list[str]:
    """Words of an identifier that can still be read, ordinary ones aside."""
    plain = _PSEUDONYM.sub(" ", masked)
    words = [word for word in re.findall(r"[^\W_]+", original) if len(word) > 2]
    return [
        word
        for word in words
        if fold(word) not in ordinary_words()
        and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain)
    ]


def read(at: Samples, *, is_scanned: bool, seed: int = 11) -> list[tuple]:
    """``(identifiers, text, pieces that the record knows)`` of each letter.

    Args:
        at: where the letters lie.
        is_scanned: identifiers have slips of a scanner.
        seed: of the chance by which slips fall.
    """
    chance = random.Random(seed)
    letters = []
    for letter in json.loads(at.letters.read_text()):
        record = letter["rec"]
        identifiers = [Identifier(KINDS[name], record[name]) for name in KINDS]
        pieces, position, known = [], 0, []
        for start, end, _kind, is_known in sorted(letter["spans"]):
            piece = letter["text"][start:end]
            piece = _add_slips(piece, chance) if is_scanned else piece
            pieces += [letter["text"][position:start], piece]
            position = end
            if is_known:
                known.append(piece)
        pieces.append(letter["text"][position:])
        letters.append((identifiers, "".join(pieces), known))
    return letters


def measure(at: Samples) -> list[Figure]:
    """Mask all letters, clean and scanned."""
    figures = []
    for is_scanned, name, most in ((False, "clean", 0.0), (True, "scanned", 0.01)):
        known_count = leaked = kept = ordinary = 0
        letters = read(at, is_scanned=is_scanned)
        for identifiers, text, known in letters:
            masked = make_masker(identifiers).mask(text).text
            known_count += len(known)
            leaked += sum(bool(_survivors_of_piece(piece, text, masked)) for piece in known)
            ordinary += len(_ORDINARY.findall(text))
            kept += len(_ORDINARY.findall(masked))
        share = leaked / max(1, known_count)
        figures.append(Figure(TASK, f"known, left, {name}", share, most, known_count, True))
        # Masking everything would be no masking: most words of the letters stay readable.
        readable = kept / max(1, ordinary)
        figures.append(Figure(TASK, f"words readable, {name}", readable, 0.65, ordinary))
    latency = p95_ms(lambda letter: make_masker(letter[0]).mask(letter[1]), letters)
    return [*figures, Figure(TASK, "latency p95 (ms)", latency, 60.0, len(letters), True)]


def _add_slips(text: str, chance: random.Random) -> str:
    return "".join(
        SLIPS.get(char, char) if chance.random() < SLIP_CHANCE else char for char in text
    )


def _survivors_of_piece(piece: str, text: str, masked: str) -> list[str]:
    """Like `survivors`, but a number that the text holds elsewhere as an amount is no leak."""
    amounts = set(re.findall(r"\d+", " ".join(re.findall(r"\$[\d,.]+", text))))
    return [word for word in survivors(piece, masked) if word not in amounts]
