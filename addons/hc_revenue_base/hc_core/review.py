# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What may be proposed for a record, declared field by field."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

MAX_TEXT_LENGTH = 4000
_CLASSES = {
    "choice": str,
    "text": str,
    "integer": int,
    "record": int,
    "date": date,
    "decimal": Decimal,
}
_WHOLE = re.compile(r"-?[0-9]{1,18}")


def _read_whole(text: str) -> int:
    """A whole number in plain digits: `int` takes spaces and the digits of every script."""
    if not _WHOLE.fullmatch(text):
        raise ValueError(text)
    return int(text)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "choice": str,
    "text": str,
    "integer": _read_whole,
    "record": _read_whole,
    "date": date.fromisoformat,
    "decimal": Decimal,
}
REVIEW_FIELD_TYPES = tuple(_CLASSES)


@dataclass(frozen=True, slots=True)
class ReviewField:
    """One field for which a value may be proposed.

    :param type: ``choice``, ``text``, ``integer``, ``record`` (an id), ``date`` or ``decimal``
    :param label: what people read
    :param choices: for a choice the values, for a record the ids, that may be proposed
    :param reviewer_group: external id of the group that may accept a value; empty: whoever may
        write the record
    :param task: the kind of advice that suits the field, such as ``classify_denial``, ``extract``
        or ``draft``; empty: whatever suits its type. An adviser that does not know it gives none
    :param source: for ``extract`` the name of the value as documents tell it, such as
        ``authorization_number``; empty: the field's own
    :param is_note: a text that is no field of the record: whoever accepts it posts it as a note

    >>> ReviewField("choice", "Priority", ("0", "1")).problem("2")
    '2 is none of 0, 1'
    """

    type: str
    label: str
    choices: tuple = ()
    reviewer_group: str = ""
    task: str = ""
    source: str = ""
    is_note: bool = False

    def __post_init__(self) -> None:
        if self.type not in _CLASSES:
            raise ValueError(f"{self.label}: no type {self.type}")
        if self.type in ("choice", "record") and not self.choices:
            raise ValueError(f"{self.label}: nothing to choose from")

    def parse(self, text: str) -> Any:
        """A value that is written as text: an id or number in digits, a date as ISO 8601.

        :raise ValueError: it is none of the field's type

        >>> ReviewField("date", "Valid until").parse("2026-03-31")
        datetime.date(2026, 3, 31)
        """
        try:
            value = _PARSERS[self.type](text)
        except (ValueError, TypeError, InvalidOperation):
            raise ValueError(f"{text} is no {self.type}") from None
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(f"{text} is no {self.type}")
        return value

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


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """One amount of a record, with what tells whether it is usual.

    :ivar record_id: the record whose amount it is
    :ivar amount: in the currency of the company
    :ivar entered_on: day of the entry
    :ivar compared_by: what amounts of its kind have in common: payer, kind, code
    :ivar reference: what the amount should be for one unit, where a price or contract tells it
    :ivar ceiling: what the amount never goes beyond, such as the charge that a payment pays
    :ivar fingerprint: equal for entries that would be one fact told twice; empty: never
    :ivar payer_id: id of the payer; 0 for none
    """

    record_id: int
    amount: Decimal
    entered_on: date
    compared_by: tuple = ()
    reference: Decimal | None = None
    units: Decimal = Decimal(1)
    ceiling: Decimal | None = None
    fingerprint: tuple = ()
    payer_id: int = 0
