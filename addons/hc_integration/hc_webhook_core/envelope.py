# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""The envelope of an event: CloudEvents 1.0, structured JSON; Stripe's events through the same.

Checked is what the border needs: which message, of which type and version, about what, when and
in which order. What the data means is the handler's.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from fnmatch import fnmatchcase
from typing import Any

from . import events, stripe_events
from .errors import BorderError

MAX_TEXT_CHARACTERS = 255
MAX_SEQUENCE = 2**31 - 1
# A sender's clock may be wrong; an event of next month would outrank all that follow it.
MAX_AHEAD = timedelta(minutes=10)
# Types of a processor's own events that mean nothing here: stored, shown, not applied.
NATIVE = "stripe."

_TYPE = re.compile(r"([a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+)\.v([1-9][0-9]{0,2})", re.ASCII)
# NUL and halves of surrogate pairs, which JSON can write and no database keeps.
_UNSTORABLE = re.compile("[\x00-\x1f\ud800-\udfff]")
_MOMENT = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


@dataclass(frozen=True)
class Event:
    """What the border knows of a message.

    :param str message_id: the sender's id, by which repeats are known
    :param str event_type: canonical type without the version
    :param datetime occurred_at: the sender's time, in UTC, without a time zone
    :param str subject_key: what it is about; empty where nothing orders it
    :param int sequence_number: the sender's order within the subject; 0 for none
    """

    message_id: str
    event_type: str
    version: int
    occurred_at: datetime
    subject_key: str
    sequence_number: int


def read_event(
    document: Any, now: datetime, *, message_id: str = "", scheme: str = "standard"
) -> Event:
    """Read the envelope of a message.

    :param document: what the JSON body says
    :param now: the moment of arrival, with a time zone
    :param message_id: the id that the signature covers, where the scheme has one
    :param scheme: ``stripe`` for Stripe's own envelope, else CloudEvents
    :raises BorderError: status 422; ``envelope_invalid`` names the member, ``event_type_unknown``,
        ``event_version_unknown``; types that only Stripe knows are kept as ``stripe.<type>``
    """
    if not isinstance(document, dict):
        raise _invalid("", "must be an object")
    if scheme == "stripe":
        return _read_stripe(document, now)
    if document.get("specversion") != "1.0":
        raise _invalid("specversion", "must be 1.0")
    _read_text(document, "source")
    body_id = _read_text(document, "id")
    definition = _find_definition(_read_text(document, "type"))
    data = document.get("data")
    if not isinstance(data, dict):
        raise _invalid("data", "must be an object")
    return Event(
        message_id=message_id or body_id,
        event_type=definition.code,
        version=definition.version,
        occurred_at=_read_moment(document, now),
        subject_key=_find_subject(document, data, definition.subject_path),
        sequence_number=_read_sequence(document),
    )


def check_allowed(event: Event, patterns: Collection[str]) -> None:
    """Refuse an event that its source may not send.

    :param patterns: codes of types, ``*`` for any part; without any, none is allowed
    :raises BorderError: status 403, ``event_type_not_allowed``
    """
    if event.event_type.startswith(NATIVE):
        # It does nothing here; refused, the processor would send it for days.
        return
    if not any(fnmatchcase(event.event_type, pattern) for pattern in patterns):
        raise BorderError(
            "event_type_not_allowed", 403, "This source may not send events of this type."
        )


def _find_definition(name):
    match = _TYPE.fullmatch(name)
    if not match:
        raise _invalid("type", "must be like encounter.completed.v1")
    code, version = match[1], int(match[2])
    definition = events.find(code, version)
    if definition is None:
        known = any(events.find(code, other) for other in range(1, 20))
        what = "event_version_unknown" if known else "event_type_unknown"
        raise BorderError(what, 422, "type: this type or version of event is not known.")
    return definition


def _read_text(document, name, required=True):
    value = document.get(name)
    if value is None and not required:
        return ""
    if not isinstance(value, str) or not value.strip():
        raise _invalid(name, "must be a text")
    if len(value) > MAX_TEXT_CHARACTERS:
        raise _invalid(name, f"has more than {MAX_TEXT_CHARACTERS} characters")
    if _UNSTORABLE.search(value):
        raise _invalid(name, "holds a character that no database keeps")
    return value


def _read_moment(document, now):
    match = _MOMENT.fullmatch(_read_text(document, "time"))
    if not match:
        raise _invalid("time", "must be a moment with its time zone, like 2026-01-31T08:15:00Z")
    day, clock, fraction, zone = match.groups()
    offset = "+00:00" if zone in "Zz" else zone
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}.{(fraction or '0'):0<6.6}{offset}")
        moment = moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        raise _invalid("time", "is no moment of the calendar") from None
    if moment > now + MAX_AHEAD:
        raise _invalid("time", "lies ahead: check the sender's clock")
    return moment.replace(tzinfo=None)


def _read_sequence(document):
    value = document.get("sequence", 0)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_SEQUENCE:
        raise _invalid("sequence", f"must be a whole number from 0 to {MAX_SEQUENCE}")
    return value


def _find_subject(document, data, path):
    """The value that the type's path leads to, else the envelope's subject."""
    value = data if path else None
    for part in re.split(r"[/.]", path.strip("/.")) if path else ():
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if isinstance(value, str) and value:
        return _read_text({"data": value}, "data")
    return _read_text(document, "subject", required=False)


def _read_stripe(document, now):
    """An event of Stripe, by what it means here; what is not read here is kept all the same."""
    if not stripe_events.is_native(document):
        raise _invalid("specversion", "does not belong into an event of Stripe")
    created = document.get("created")
    if isinstance(created, bool) or not isinstance(created, int) or not 0 < created < 2**33:
        raise _invalid("created", "must be seconds since 1970")
    moment = datetime.fromtimestamp(created, timezone.utc)
    if moment > now + MAX_AHEAD:
        raise _invalid("created", "lies ahead: check the sender's clock")
    kind = _read_text(document, "type")
    if not stripe_events.TYPE.fullmatch(kind):
        raise _invalid("type", "must be like payment_intent.succeeded")
    reading = stripe_events.translate(document, timezone.utc)
    return Event(
        message_id=_read_text(document, "id"),
        event_type=reading.code or f"{NATIVE}{kind}",
        version=1,
        occurred_at=moment.replace(tzinfo=None),
        subject_key=_read_text({"subject": reading.subject or None}, "subject", required=False),
        sequence_number=0,
    )


def _invalid(name, problem):
    return BorderError("envelope_invalid", 422, f"/{name}: {problem}.")
