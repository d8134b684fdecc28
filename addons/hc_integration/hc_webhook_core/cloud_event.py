# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What leaves the house about a fact: a CloudEvents 1.0 envelope around ids and codes.

The body is thin: who may know more fetches it through the API, where reading patient data is
logged. The fields are a closed list; nothing of a log entry's reason or facts is ever copied.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime

VERSION = 1
CONTENT_TYPE = "application/cloudevents+json"
PING = "ping"
CUSTOM_PREFIX = "custom."
MOVES = ("creation", "transition")

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_SLUG = re.compile(r"[a-z][a-z0-9_]{1,40}")


def model_code(model_name: str) -> str:
    """Return how event types name a model.

    >>> model_code("hc.billing.case"), model_code("res.partner")
    ('billing_case', 'res_partner')
    """
    return model_name.removeprefix("hc.").replace(".", "_")


def slug(text: str) -> str:
    """Return a word that a type may hold.

    >>> slug("Value set"), slug("previous values ended")
    ('value_set', 'previous_values_ended')
    """
    return _NOT_WORD.sub("_", text.lower()).strip("_")[:64]


def is_slug(text: str) -> bool:
    """Whether administrators may name an event of their own so."""
    return bool(_SLUG.fullmatch(text))


def event_type(model_name: str, kind: str, to_state: str | None, event: object) -> str | None:
    """Return the type of a log entry; None for one that is no event.

    Args:
        model_name: of the record, such as ``hc.billing.case``.
        kind: of the entry: creation, transition, event, decision or override.
        to_state: the state that was reached.
        event: the fact ``event`` of an entry of kind event.

    >>> event_type("hc.billing.case", "transition", "ready", None)
    'billing_case.ready'
    >>> event_type("hc.secret", "event", None, "value set")
    'secret.value_set'
    >>> event_type("res.partner", "event", None, "custom.vip_created")
    'custom.vip_created'
    """
    if kind in MOVES and to_state:
        return f"{model_code(model_name)}.{to_state}"
    if kind != "event" or not isinstance(event, str):
        return None
    if event.startswith(CUSTOM_PREFIX) and is_slug(event.removeprefix(CUSTOM_PREFIX)):
        return event
    word = slug(event)
    return f"{model_code(model_name)}.{word}" if word else None


def message_id(subscription_id: int, entry_id: int) -> str:
    """Return the id of a message: the same for every attempt and every replay.

    >>> message_id(3, 512)
    'evt_3_512'
    """
    return f"evt_{subscription_id}_{entry_id}"


@dataclass(frozen=True, slots=True)
class ThinEvent:
    """The part of a log entry that may leave the house: ids and codes."""

    type: str
    model: str
    record_id: int
    sequence: int
    kind: str
    field: str | None
    from_state: str | None
    to_state: str | None
    company_id: int | None
    facility: str | None
    occurred_at: datetime


def envelope(event: ThinEvent, event_id: str, source: str) -> dict:
    """Return the CloudEvents 1.0 envelope of an event.

    Args:
        event: what happened.
        event_id: see :func:`message_id`.
        source: URI of this database.
    """
    return {
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": f"hc.{event.type}.v{VERSION}",
        "subject": f"{event.model}/{event.record_id}",
        "time": event.occurred_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "sequence": str(event.sequence),
        "datacontenttype": "application/json",
        "data": {
            "model": event.model,
            "record_id": event.record_id,
            "kind": event.kind,
            "field": event.field,
            "from": event.from_state,
            "to": event.to_state,
            "company_id": event.company_id,
            "facility": event.facility,
        },
    }


def serialize(content: dict) -> bytes:
    """Return the bytes to sign and send: the same bytes for the same content, always."""
    return json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
