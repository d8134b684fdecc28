# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What one asks of an indicator: code, day, scope and group, as text for filters."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from .kpi import KpiError

_QUESTION_LENGTH_MAX = 20_000


@dataclass(frozen=True)
class KpiQuestion:
    """Which records stand behind which number: code, day, scope and group.

    >>> question = KpiQuestion("dnfb_days", date(2026, 3, 2), 1, facility_ids=(4,))
    >>> KpiQuestion.from_text(question.to_text()) == question
    True
    """

    code: str
    as_of: date
    company_id: int
    facility_ids: tuple[int, ...] | None = None
    payer_ids: tuple[int, ...] | None = None
    grouping: str | None = None
    group_key: int | str | None = None

    def to_text(self) -> str:
        """The question as canonical JSON."""
        values = asdict(self) | {"as_of": self.as_of.isoformat()}
        return json.dumps(values, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: object) -> "KpiQuestion":
        """Read a question back.

        :raise KpiError: the text is none; nothing of it is trusted
        """
        if not isinstance(text, str) or len(text) > _QUESTION_LENGTH_MAX:
            raise KpiError("kpi_question_malformed", reason="it is not a text, or too long")
        try:
            values = json.loads(text)
        except (ValueError, RecursionError):
            raise KpiError("kpi_question_malformed", reason="it is not JSON") from None
        if not isinstance(values, dict) or set(values) - set(cls.__dataclass_fields__):
            raise KpiError("kpi_question_malformed", reason="it has unknown parts")
        try:
            question = cls(
                code=_typed(values["code"], str),
                as_of=date.fromisoformat(_typed(values["as_of"], str)),
                company_id=_typed(values["company_id"], int),
                facility_ids=_ids(values.get("facility_ids")),
                payer_ids=_ids(values.get("payer_ids")),
                grouping=_typed(values.get("grouping"), str, type(None)),
                group_key=_typed(values.get("group_key"), int, str, type(None)),
            )
        except (KeyError, TypeError, ValueError):
            raise KpiError("kpi_question_malformed", reason="a part is missing or wrong") from None
        return question


def _typed(value, *types):
    if type(value) not in types:
        raise TypeError
    return value


def _ids(values) -> tuple[int, ...] | None:
    return None if values is None else tuple(_typed(value, int) for value in values)
