# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a rule has against an act."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ..workdays import Workdays
from .acts import Act
from .facts import DebtFacts


@dataclass(frozen=True, slots=True)
class Finding:
    """Why an act is not in order.

    :param words: for people, with the figures
    :param earliest: when the rule first allows it; None: only when a fact changes
    :param missing: name of the fact that is unknown
    """

    words: str
    earliest: date | datetime | None = None
    missing: str = ""


Values = Mapping[str, Any]
Judge = Callable[[Act, DebtFacts, Values, Workdays], Finding | None]


def unknown(name: str, words: str) -> Finding:
    """Return the finding that a needed fact is unknown."""
    return Finding(words, missing=name)


def not_before(act: Act, earliest: date, words: str) -> Finding | None:
    """Return a finding where the act lies before a day; words may name it as ``{earliest}``."""
    if act.on >= earliest:
        return None
    return Finding(words.format(earliest=earliest), earliest)


def after_days(day: date, days: int) -> date:
    """Return the day that lies a number of days after another."""
    return day + timedelta(days=days)
