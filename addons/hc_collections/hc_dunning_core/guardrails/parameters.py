# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Parameters of rules: declared, typed, bounded, written as text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from ..errors import DunningError

INTEGER = "integer"
DECIMAL = "decimal"
BOOLEAN = "boolean"
TIME = "time"
WORDS = "words"

_WHOLE = re.compile(r"\d{1,4}", re.ASCII)
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)
_BOOLEANS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One figure of a rule.

    :param type: ``integer``, ``decimal``, ``boolean`` (yes, no), ``time`` (HH:MM) or ``words``
        (separated by commas)
    :param default: as text
    :param least: lowest whole number
    """

    name: str
    type: str
    default: str
    label: str
    least: int = 0

    def parse(self, text: str, evaluator: str) -> Any:
        """Return the typed value.

        >>> Parameter("days", "integer", "120", "Days").parse("180", "notification_period")
        180

        :raises DunningError: ``parameter_invalid``
        """
        text = text.strip()
        if self.type == INTEGER and _WHOLE.fullmatch(text) and int(text) >= self.least:
            return int(text)
        if self.type == DECIMAL and _NUMBER.fullmatch(text):
            return Decimal(text)
        if self.type == BOOLEAN and text in _BOOLEANS:
            return _BOOLEANS[text]
        if self.type == TIME and _CLOCK.fullmatch(text):
            return time.fromisoformat(text)
        if self.type == WORDS:
            words = tuple(word.strip() for word in text.split(",") if word.strip())
            if words:
                return words
        why = {
            INTEGER: f"write a whole number of {self.least} or more",
            DECIMAL: "write a number such as 400.00",
            BOOLEAN: "write yes or no",
            TIME: "write a time as 08:00",
            WORDS: "write words separated by commas",
        }[self.type]
        raise DunningError(
            "parameter_invalid", name=self.name, evaluator=evaluator, value=text, why=why
        )


def parse_parameters(
    evaluator: str, declared: tuple[Parameter, ...], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return the typed values of all declared parameters, defaults where none is given.

    :raises DunningError: ``parameter_unknown``, ``parameter_invalid``
    """
    by_name = {parameter.name: parameter for parameter in declared}
    for name in texts:
        if name not in by_name:
            choices = ", ".join(by_name) or "none"
            raise DunningError("parameter_unknown", evaluator=evaluator, name=name, choices=choices)
    return {
        name: parameter.parse(texts.get(name, parameter.default), evaluator)
        for name, parameter in by_name.items()
    }
