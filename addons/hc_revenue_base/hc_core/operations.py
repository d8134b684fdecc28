# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Coarse operations and exportable resources: what a module offers to other systems."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from . import schema
from .errors import HcError

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+", re.ASCII)
_KEY = re.compile(r"[\x21-\x7e]{8,128}", re.ASCII)
_PROBLEMS_SHOWN = 20
DEFAULT_SIZE_MAX = 65_536


class OperationError(HcError):
    """An operation is refused; nothing was changed. The codes are stable."""

    messages = {
        "operation_unknown": "There is no operation {operation}.",
        "operation_repeated": "The operation {operation} is registered twice.",
        "operation_code_invalid": "{operation} is no code of an operation: use area.verb.",
        "access_denied": "You may not use {subject}: ask your administrator.",
        "payload_too_large": "The input has {size} bytes, more than {limit}.",
        "payload_invalid": "The input does not fit its schema: {problems}.",
        "key_missing": "Give an idempotency key: 8 to 128 visible ASCII characters.",
        "key_conflict": "The idempotency key was used before with other input.",
        "in_progress": "A call with this idempotency key is still running: try again shortly.",
        "not_found": "There is no {what} that you may see.",
        "rejected": "{reason}",
        "internal_error": "The operation failed unexpectedly; nothing was changed.",
    }


@dataclass(frozen=True)
class OperationDefinition:
    """One operation: who may do what with which input, and what comes back.

    :ivar groups: XML ids of groups; one of them is required
    :ivar handler: method of ``hc.operation``: called with the input, returns the output
    :ivar is_write: writes need an idempotency key
    """

    code: str
    version: int
    summary: str
    schema_in: Mapping[str, Any]
    schema_out: Mapping[str, Any]
    groups: tuple[str, ...]
    handler: str
    is_write: bool = True
    size_max: int = DEFAULT_SIZE_MAX

    def __post_init__(self):
        if not _CODE.fullmatch(self.code):
            raise OperationError("operation_code_invalid", operation=self.code)
        schema.check_schema(self.schema_in)
        schema.check_schema(self.schema_out)

    def check_input(self, payload: Any) -> str:
        """Refuse input that is too large or does not fit; return its digest.

        :raise OperationError: ``payload_too_large``, ``payload_invalid``
        """
        try:
            text = json.dumps(payload, sort_keys=True, separators=(",", ":"), allow_nan=False)
            content = text.encode()
        except (TypeError, ValueError, RecursionError):
            raise OperationError("payload_invalid", problems="it is not plain JSON") from None
        if len(content) > self.size_max:
            raise OperationError("payload_too_large", size=len(content), limit=self.size_max)
        problems = self._problems(self.schema_in, payload)
        if problems:
            raise OperationError("payload_invalid", problems=problems)
        return hashlib.sha256(f"{self.code}@{self.version}:".encode() + content).hexdigest()

    def check_output(self, answer: Any) -> None:
        """Refuse an answer that breaks what was promised: a mistake of the handler.

        :raise ValueError: it does not fit its schema
        """
        problems = self._problems(self.schema_out, answer)
        if problems:
            raise ValueError(problems)

    def _problems(self, described: Mapping[str, Any], value: Any) -> str:
        found = list(schema.problems(described, value))[:_PROBLEMS_SHOWN]
        return "; ".join(f"{problem.path or '/'} {problem.message}" for problem in found)

    def check_key(self, key: Any) -> None:
        """Refuse a write without a usable idempotency key."""
        if self.is_write and not (isinstance(key, str) and _KEY.fullmatch(key)):
            raise OperationError("key_missing")


@dataclass(frozen=True)
class ResourceDefinition:
    """Records that others may read page by page, oldest change first.

    :ivar fields: name outside → field, or path of fields, on the model; nothing else is served
    :ivar private_fields: the same, served only to members of ``private_group``
    """

    name: str
    model: str
    summary: str
    groups: tuple[str, ...]
    fields: Mapping[str, str]
    private_fields: Mapping[str, str] = field(default_factory=dict)
    private_group: str | None = None


def registry(definitions: Iterable[OperationDefinition]) -> dict[str, OperationDefinition]:
    """The operations by code, in their order.

    :raise OperationError: two share a code
    """
    by_code: dict[str, OperationDefinition] = {}
    for definition in definitions:
        if definition.code in by_code:
            raise OperationError("operation_repeated", operation=definition.code)
        by_code[definition.code] = definition
    return by_code


def cursor_text(changed_at: datetime, record_id: int) -> str:
    """A place in a resource: behind the record that was changed last before it.

    >>> cursor_text(datetime(2026, 3, 2, 8, 0, 0, 5), 17)
    '2026-03-02T08:00:00.000005~17'
    >>> read_cursor('2026-03-02T08:00:00.000005~17')
    (datetime.datetime(2026, 3, 2, 8, 0, 0, 5), 17)
    """
    return f"{changed_at.isoformat(timespec='microseconds')}~{record_id}"


def read_cursor(text: str) -> tuple[datetime, int]:
    """The place that a cursor names.

    :raise OperationError: it was not made by :func:`cursor_text`
    """
    moment, _tilde, record_id = text.partition("~")
    try:
        place = datetime.fromisoformat(moment), int(record_id)
    except ValueError:
        place = None
    if place is None or cursor_text(*place) != text:
        raise OperationError("payload_invalid", problems="/cursor is none that was given out")
    return place
