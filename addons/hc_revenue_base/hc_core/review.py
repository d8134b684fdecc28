# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What may be proposed for a record, declared field by field."""

from dataclasses import dataclass
from typing import Any

MAX_TEXT_LENGTH = 4000
_CLASSES = {"choice": str, "text": str, "integer": int, "record": int}
REVIEW_FIELD_TYPES = tuple(_CLASSES)


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One field for which a value may be proposed.

    :param type: ``choice``, ``text``, ``integer`` or ``record`` (an id)
    :param label: what people read
    :param choices: for a choice the values, for a record the ids, that may be proposed
    :param reviewer_group: external id of the group that may accept a value; empty: whoever may
        write the record

    >>> ReviewField("choice", "Priority", ("0", "1")).problem("2")
    '2 is none of 0, 1'
    """

    type: str
    label: str
    choices: tuple = ()
    reviewer_group: str = ""

    def __post_init__(self) -> None:
        if self.type not in _CLASSES:
            raise ValueError(f"{self.label}: no type {self.type}")
        if self.type in ("choice", "record") and not self.choices:
            raise ValueError(f"{self.label}: nothing to choose from")

    def problem(self, value: Any) -> str | None:
        """Return why a value cannot be proposed, or None."""
        if not isinstance(value, _CLASSES[self.type]) or isinstance(value, bool):
            return f"a {type(value).__name__} is no {self.type}"
        if self.choices and value not in self.choices:
            if self.type == "record":
                return f"record {value} cannot be chosen here"
            return f"{value} is none of {', '.join(self.choices)}"
        if self.type == "text" and len(value) > MAX_TEXT_LENGTH:
            return f"a text has at most {MAX_TEXT_LENGTH} characters"
        return None
