# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Answers of providers, read as strictly as anything that comes from outside.

A provider may be wrong, broken or led astray by the text it read. Its answer is JSON of the task's
schema or it is nothing; a quotation is a literal piece of what was sent or it is dropped; a text
for people holds no addresses and no markup.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from .untrusted import clean

MAX_ANSWER_CHARACTERS = 50_000
_FENCE = re.compile(r"\A\s*```(?:json)?\s*(.*?)\s*```\s*\Z", re.DOTALL)
_ADDRESS = re.compile(r"\b(?:https?:|www\.|mailto:)\S+|\S+@\S+\.\S+", re.IGNORECASE)


class AnswerError(Exception):
    """An answer cannot be used; ``code`` says why, in a word for the log.

    ``too_long``, ``not_json``, ``schema``, ``unfounded`` or ``addresses``
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Quote:
    """A literal piece of a source.

    :ivar source: name of the text it stands in
    """

    source: str
    text: str
    start: int
    end: int


def read_answer(text: str, find_problem: Callable[[Any], str | None]) -> dict[str, Any]:
    """The answer as an object of the task's schema.

    :param find_problem: tells what of a value breaks the schema, or None
    :raise AnswerError: it is none
    """
    if len(text) > MAX_ANSWER_CHARACTERS:
        raise AnswerError("too_long")
    fenced = _FENCE.match(text)
    try:
        answer = json.loads(
            fenced[1] if fenced else text,
            object_pairs_hook=_once_each,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError):
        raise AnswerError("not_json") from None
    problem = find_problem(answer)
    if problem or not isinstance(answer, dict):
        raise AnswerError("schema", problem or "no object")
    return answer


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _value in pairs}) != len(pairs):
        raise ValueError("a name occurs twice")
    return dict(pairs)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def find_quote(quote: str, sources: Mapping[str, str]) -> Quote | None:
    """Where a quotation stands; None where it stands nowhere literally.

    >>> find_quote("not covered", {"letter": "It was not covered."})
    Quote(source='letter', text='not covered', start=7, end=18)
    """
    quote = quote.strip()
    if not quote:
        return None
    for name, source in sources.items():
        start = source.find(quote)
        if start >= 0:
            return Quote(name, quote, start, start + len(quote))
    return None


def check_text(text: str) -> str:
    """A text for people: cleaned of what cannot be seen and of markup.

    :raise AnswerError: ``addresses``: it sends its reader somewhere
    """
    if _ADDRESS.search(text):
        raise AnswerError("addresses")
    return clean(text).text.strip()
