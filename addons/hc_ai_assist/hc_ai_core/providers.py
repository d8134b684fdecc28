# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is asked of a provider and what it answers, whoever it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    :ivar instructions: the task, written by this project; the only instructions there are
    :ivar material: facts and masked texts, as data
    :ivar schema: JSON Schema of the answer
    :ivar max_output_tokens: after which the provider stops
    """

    model: str
    instructions: str
    material: str
    schema: Mapping[str, Any]
    max_output_tokens: int


@dataclass(frozen=True, slots=True)
class WireRequest:
    """What goes over the line: a path below the provider's address, headers and a JSON body.

    The key is not among the headers: whoever sends adds it.
    """

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """A provider's answer: its text as it came, and what it cost.

    :ivar is_complete: the provider says that it came to an end
    """

    text: str
    input_tokens: int
    output_tokens: int
    is_complete: bool


class ProviderError(Exception):
    """A provider gave no usable answer.

    :ivar code: ``refused_key``, ``busy``, ``failed``, ``refused`` or ``unreadable``
    :ivar is_passing: worth another try later
    """

    def __init__(self, code: str, *, is_passing: bool) -> None:
        super().__init__(code)
        self.code = code
        self.is_passing = is_passing


def check_status(status: int) -> None:
    """Raise what an HTTP status means.

    :raise ProviderError: it is no success
    """
    if status in (401, 403):
        raise ProviderError("refused_key", is_passing=False)
    if status in (408, 429, 529):
        raise ProviderError("busy", is_passing=True)
    if status >= 500:
        raise ProviderError("failed", is_passing=True)
    if not 200 <= status < 300:
        raise ProviderError("refused", is_passing=False)


def read_count(usage: Any, name: str) -> int:
    """A count of tokens that a provider reports; nothing where it reports nonsense."""
    count = usage.get(name) if isinstance(usage, Mapping) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else 0
