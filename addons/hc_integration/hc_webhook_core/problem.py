# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Refusals as other systems read them: problem+json with stable codes (RFC 9457)."""

import json

from .errors import BorderError

CONTENT_TYPE = "application/problem+json"
# All of these look the same from outside: whether there is such a source, and what exactly was
# wrong with the proof, is nobody's business.
NOT_AUTHENTICATED = BorderError(
    "not_authenticated",
    401,
    "The sender could not be verified. Check the address, the secret, the clock and the signature.",
)
INTERNAL = BorderError(
    "internal_error", 500, "The message could not be stored. Send it again later."
)
UNAVAILABLE = BorderError(
    "unavailable",
    503,
    "The database is not reached right now. Send it again later.",
    wait_seconds=30,
)


def shown(error: BorderError) -> BorderError:
    """The refusal as the sender may see it.

    >>> shown(BorderError("signature_old", 401, "")).code
    'not_authenticated'
    """
    return NOT_AUTHENTICATED if error.status == 401 else error


def body_of(error: BorderError) -> bytes:
    """The document that describes a refusal.

    >>> json.loads(body_of(BorderError("rate_exceeded", 429, "Too fast.")))["type"]
    'urn:hc:problem:rate_exceeded'
    """
    document = {
        "type": f"urn:hc:problem:{error.code}",
        "title": error.message,
        "status": error.status,
        "code": error.code,
    }
    return json.dumps(document | error.extra).encode()
