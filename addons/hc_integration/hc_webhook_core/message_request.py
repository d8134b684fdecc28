# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Messages to people by a gateway's HTTP interface: what is asked of it, what it answers.

A document of messages is ``{"messages": [{"id": …, "to": …, "text": …, "subject": …,
"not_after": …}]}``; after ``not_after``, a moment with its zone, it is not sent any more. What a
gateway is sent is a JSON object that an administrator writes, with placeholders of a closed list
inside its texts: no expression, and no value can end the text that it stands in.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from . import json_bounds
from .errors import BorderError

PLACEHOLDERS = ("recipient", "text", "message_id", "sender")
MAX_MESSAGES = 5000
_MAX_DEPTH = 8
_BRACES = re.compile(r"\{([^{}]*)\}|[{}]")
_PATH = re.compile(r"[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,7}")
_TELEPHONE = re.compile(r"\+?[0-9][0-9()./ -]{4,30}")
_MAIL_ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}")
_MAX_ANSWER_VALUE = 64


class MessageError(ValueError):
    """A template, path or document that cannot be used; holds no recipient and no text."""


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message of a document; ``reference`` is the sender's own number of it."""

    reference: str
    recipient: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    not_after: datetime | None = None


def read_messages(content: bytes) -> tuple[OutgoingMessage, ...]:
    """The messages of a document.

    >>> read_messages(b'{"messages": [{"id": 7, "to": "555-0100", "text": "Hi"}]}')[0].reference
    '7'

    :raises MessageError: it is no such document, or names a message twice
    """
    try:
        document = json_bounds.parse(content, _MAX_DEPTH)
    except BorderError as error:
        raise MessageError(f"is no readable JSON ({error.code})") from None
    rows = document.get("messages") if isinstance(document, dict) else None
    if not isinstance(rows, list) or len(rows) > MAX_MESSAGES:
        raise MessageError(f"holds no list of at most {MAX_MESSAGES} messages")
    messages = tuple(_read_message(number, row) for number, row in enumerate(rows))
    if len({each.reference for each in messages}) < len(messages):
        raise MessageError("holds two messages of one id")
    return messages


def _read_message(number: int, row: Any) -> OutgoingMessage:
    if not isinstance(row, dict) or isinstance(row.get("id"), bool):
        raise MessageError(f"/messages/{number} is no message with an id")
    reference = str(row.get("id") or "") if isinstance(row.get("id"), int | str) else ""
    texts = [row.get(name) or "" for name in ("to", "text", "subject")]
    if not 0 < len(reference) <= 64 or not all(isinstance(each, str) for each in texts):
        raise MessageError(f"/messages/{number} is no message with an id")
    try:
        not_after = _read_moment(row.get("not_after"))
    except ValueError:
        raise MessageError(f"/messages/{number}/not_after is no moment with a time zone") from None
    return OutgoingMessage(reference, *texts, not_after)


def _read_moment(text: Any) -> datetime | None:
    """A moment in UTC, without its zone as databases keep it; None for nothing.

    >>> _read_moment("2026-05-04T21:00:00-05:00")
    datetime.datetime(2026, 5, 5, 2, 0)

    :raises ValueError: it is none, or names no time zone
    """
    if text is None:
        return None
    moment = datetime.fromisoformat(text) if isinstance(text, str) else None
    if moment is None or moment.tzinfo is None:
        raise ValueError(text)
    try:
        return moment.astimezone(timezone.utc).replace(tzinfo=None, microsecond=0)
    except OverflowError as error:
        raise ValueError(text) from error


def problem_of(message: OutgoingMessage, *, is_mail: bool = False) -> str:
    """Why a message cannot be sent, as a code; empty where it can.

    >>> problem_of(OutgoingMessage("1", "555-0100", "Hi")), problem_of(OutgoingMessage("1", "", ""))
    ('', 'recipient_missing')
    >>> problem_of(OutgoingMessage("1", "Jane", "Hi"))
    'recipient_invalid'
    """
    if not message.recipient.strip():
        return "recipient_missing"
    pattern = _MAIL_ADDRESS if is_mail else _TELEPHONE
    if not pattern.fullmatch(message.recipient.strip()):
        return "recipient_invalid"
    return "" if message.text.strip() else "text_missing"


def same_recipient(first: str, second: str) -> bool:
    """Whether two telephone numbers or addresses are the same, however they are written.

    >>> same_recipient("+1 (555) 010-0199", "555 0100199"), same_recipient("A@b.c", "a@b.c")
    (True, True)
    """
    if "@" in first or "@" in second:
        return first.strip().casefold() == second.strip().casefold()
    left, right = (re.sub(r"[^0-9]", "", each)[-10:] for each in (first, second))
    return bool(left) and left == right


def check_template(template: str) -> None:
    """Whether a template can be filled in: a JSON object, closed placeholders, a recipient.

    >>> check_template('{"To": "{recipient}", "Body": "{text}"}')
    >>> check_template('{"To": "{recipient.x}", "Body": "{text}"}')
    Traceback (most recent call last):
    ...
    hc_webhook_core.message_request.MessageError: “{recipient.x}” is no placeholder

    :raises MessageError: it cannot
    """
    used: set[str] = set()
    _walk(_read_template(template), lambda text: used.update(_placeholders(text)) or text)
    missing = [name for name in ("recipient", "text") if name not in used]
    if missing:
        raise MessageError(f"{{{missing[0]}}} stands nowhere")


def check_path(path: str) -> None:
    """Whether a text is a path of names and positions such as ``messages.0.id``.

    :raises MessageError: it is not
    """
    if not _PATH.fullmatch(path):
        raise MessageError("is no path of names and positions like messages.0.id")


def fill(template: str, values: Mapping[str, str]) -> dict[str, Any]:
    """What a gateway is sent: the template with its placeholders filled in.

    >>> fill('{"To": "{recipient}", "Tags": ["{sender}"]}', {"recipient": '5"5'})
    {'To': '5"5', 'Tags': ['']}
    """
    return _walk(
        _read_template(template),
        lambda text: _BRACES.sub(lambda match: values.get(match[1], ""), text),
    )


def read_path(answer: bytes, path: str) -> str:
    """What an answer says at a path, as short text; empty where it says nothing usable.

    >>> read_path(b'{"messages": [{"sid": "SM1"}]}', "messages.0.sid")
    'SM1'
    >>> read_path(b"no json", "sid"), read_path(b'{"a": {"b": 1}}', "a")
    ('', '')
    """
    if not path:
        return ""
    try:
        value = json_bounds.parse(answer, 32)
    except BorderError:
        return ""
    for part in path.split("."):
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, dict):
            value = value.get(part)
        else:
            return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = str(value).strip()
    return text if len(text) <= _MAX_ANSWER_VALUE and text.isprintable() else ""


def _read_template(template: str) -> Any:
    try:
        found = json_bounds.parse(template.encode(), _MAX_DEPTH)
    except BorderError as error:
        raise MessageError(f"is no readable JSON ({error.code})") from None
    if not isinstance(found, dict) or not found:
        raise MessageError("is no JSON object")
    return found


def _placeholders(text: str) -> set[str]:
    names = set()
    for match in _BRACES.finditer(text):
        if match[1] not in PLACEHOLDERS:
            raise MessageError(f"“{match[0]}” is no placeholder")
        names.add(match[1])
    return names


def _walk(value: Any, change: Any) -> Any:
    """The same structure with every text changed; names of members stay as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_walk(each, change) for each in value]
    if isinstance(value, dict):
        return {name: _walk(each, change) for name, each in value.items()}
    return value
