# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Regular expressions from data, bounded before they run.

Python's matcher backtracks: ``(a+)+b`` on thirty letters runs for hours. A pattern is
accepted only if an upper bound on the number of ways to match it stays small. The
grammar is the part of Python's that identifiers need: literals, escapes, classes,
groups, alternatives, ``^ $ * + ? {m,n}``; no look-around, back-references, flags, lazy
or possessive repetition.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from .errors import PatternError

MAX_PATTERN_LENGTH = 200
MAX_SUBJECT_LENGTH = 256
# Two open repetitions over the longest subject: some milliseconds at worst.
MAX_WAYS = (MAX_SUBJECT_LENGTH + 1) ** 2

_ZERO_WIDTH = ("^", "$", r"\A", r"\Z", r"\b", r"\B")
# Python warns that these may become set operations one day.
_RESERVED_IN_CLASS = ("[", "--", "&&", "~~", "||")
_REPETITION = re.compile(r"\{(\d{1,3})(?:(,)(\d{1,3})?)?\}", re.ASCII)


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether a whole text matches ``pattern``.

    Character classes are ASCII: ``\\d`` is 0 to 9. The function raises
    :class:`PatternError` ``subject_too_long`` for a text over the limit.

    >>> matches = compile_pattern(r"[A-Z]{3}\\d{6,9}")
    >>> matches("ABC1234567"), matches("ABC1234567X")
    (True, False)
    >>> compile_pattern("(a+)+b")
    Traceback (most recent call last):
    ...
    hc_core.errors.PatternError: The pattern can be matched in too many ways: it may \
hold at most two open repetitions (* or +) and no repetition inside another one.

    :raises PatternError: ``pattern_too_long``, ``pattern_syntax``,
        ``pattern_too_costly``
    """
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise PatternError("pattern_too_long", length=len(pattern), limit=MAX_PATTERN_LENGTH)
    scanner = _Scanner(pattern)
    ways = scanner.alternatives().ways
    if scanner.position < len(pattern):
        scanner.refuse("a closing parenthesis without its opening one")
    if ways > MAX_WAYS:
        raise PatternError("pattern_too_costly")
    try:
        fullmatch = re.compile(pattern, re.ASCII).fullmatch
    except re.error as error:
        raise PatternError(
            "pattern_syntax", position=(error.pos or 0) + 1, reason=error.msg
        ) from error

    def matches(subject: str) -> bool:
        if len(subject) > MAX_SUBJECT_LENGTH:
            raise PatternError("subject_too_long", length=len(subject), limit=MAX_SUBJECT_LENGTH)
        return fullmatch(subject) is not None

    return matches


class _Part(NamedTuple):
    """In how many ways a part of the pattern can match, and whether with nothing."""

    ways: int
    may_be_empty: bool


class _Scanner:
    """Walks the grammar and measures each part."""

    def __init__(self, pattern: str):
        self.pattern = pattern
        self.position = 0

    def refuse(self, reason: str) -> NoReturn:
        raise PatternError("pattern_syntax", position=self.position + 1, reason=reason)

    def _peek(self) -> str:
        return self.pattern[self.position : self.position + 1]

    def alternatives(self) -> _Part:
        ways, may_be_empty = self._sequence()
        while self._peek() == "|":
            self.position += 1
            branch = self._sequence()
            ways += branch.ways
            may_be_empty = may_be_empty or branch.may_be_empty
        return _Part(ways, may_be_empty)

    def _sequence(self) -> _Part:
        ways, may_be_empty = 1, True
        while self._peek() not in ("", "|", ")"):
            part = self._repeated(self._atom())
            # Capped: the product of forty repetitions need not be computed.
            ways = min(ways * part.ways, MAX_WAYS + 1)
            may_be_empty = may_be_empty and part.may_be_empty
        return _Part(ways, may_be_empty)

    def _atom(self) -> _Part:
        character = self._peek()
        if character == "(":
            return self._group()
        if character == "[":
            self._character_class()
            return _Part(1, may_be_empty=False)
        if character in ("*", "+", "?", "{"):
            self.refuse("a repetition sign needs something single before it")
        token = self.pattern[self.position : self.position + 2]
        if character != "\\":
            token = character
        elif token[1:] in tuple("123456789"):
            self.refuse("back-references are not allowed")
        self.position += len(token)
        return _Part(1, may_be_empty=token in _ZERO_WIDTH)

    def _group(self) -> _Part:
        self.position += 1
        if self.pattern.startswith("?:", self.position):
            self.position += 2
        elif self._peek() == "?":
            self.refuse("of the (?…) groups only (?:…) is allowed")
        content = self.alternatives()
        if self._peek() != ")":
            self.refuse("a group is not closed")
        self.position += 1
        return content

    def _character_class(self) -> None:
        # A "]" right after the opening (or its "^") is a member, not the end.
        self.position += 1
        if self._peek() == "^":
            self.position += 1
        first = self.position
        while self._peek() != "]" or self.position == first:
            if not self._peek():
                self.refuse("a character class is not closed")
            if self.pattern.startswith(_RESERVED_IN_CLASS, self.position):
                self.refuse("inside a character class, put a backslash before it")
            self.position += 2 if self._peek() == "\\" else 1
        self.position += 1

    def _repeated(self, part: _Part) -> _Part:
        """Apply the repetition that follows, if any."""
        low, high = self._bounds()
        if part.may_be_empty and high > 1:
            # Nested, it would loop 256 times 256 times … without consuming anything.
            self.refuse("what may match nothing cannot be repeated")
        ways = part.ways
        if ways == 1:
            repeated_ways = high - low + 1
        elif high * (ways.bit_length() - 1) > MAX_WAYS.bit_length():
            repeated_ways = MAX_WAYS + 1
        else:
            repeated_ways = sum(ways**count for count in range(low, high + 1))
        return _Part(repeated_ways, part.may_be_empty or low == 0)

    def _bounds(self) -> tuple[int, int]:
        sign = self._peek()
        if sign in ("*", "+", "?"):
            self.position += 1
            return (int(sign == "+"), 1 if sign == "?" else MAX_SUBJECT_LENGTH)
        if sign != "{":
            return (1, 1)
        match = _REPETITION.match(self.pattern, self.position)
        if match is None:
            self.refuse("write a repetition as {3}, {3,} or {3,5}")
        low = int(match[1])
        high = low if not match[2] else int(match[3] or MAX_SUBJECT_LENGTH)
        if low > high or high > MAX_SUBJECT_LENGTH:
            self.refuse(f"repeat 0 to {MAX_SUBJECT_LENGTH} times, the lower bound first")
        self.position = match.end()
        return (low, high)
