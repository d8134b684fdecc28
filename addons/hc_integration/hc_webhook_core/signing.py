# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Signatures of what is sent, by the Standard Webhooks specification 1.0 (scheme ``v1``).

HMAC-SHA256 over ``id.timestamp.body``, one signature per valid secret, so that the receiver may
change to a new secret while the previous one is still accepted.
"""

import base64
import binascii
import hashlib
import hmac

PREFIX = "whsec_"


def secret_key(secret: str) -> bytes:
    """Return the key that a secret stands for.

    ``whsec_`` and Base64 is the form of the specification; any other text is its own key, for
    receivers (n8n's Crypto node among them) that take a secret only as text.

    >>> secret_key("whsec_c2VjcmV0"), secret_key("plain text")
    (b'secret', b'plain text')
    """
    if secret.startswith(PREFIX):
        try:
            return base64.b64decode(secret[len(PREFIX) :], validate=True)
        except (binascii.Error, ValueError):
            return secret.encode()
    return secret.encode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return one signature, ``v1,`` and Base64.

    Args:
        secret: as it is kept, see :func:`secret_key`.
        message_id: value of the header ``webhook-id``.
        timestamp: seconds since 1970, the value of ``webhook-timestamp``.
        body: the bytes that are sent.
    """
    content = b".".join((message_id.encode(), str(timestamp).encode(), body))
    digest = hmac.new(secret_key(secret), content, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def signature_headers(
    secrets: tuple[str, ...] | list[str], message_id: str, timestamp: int, body: bytes
) -> dict[str, str]:
    """Return the three headers of a message, signed with every secret, the current one first.

    Raises:
        ValueError: without a secret nothing is sent.

    >>> headers = signature_headers(["new", "old"], "msg_1", 1767225600, b"{}")
    >>> headers["webhook-id"], len(headers["webhook-signature"].split())
    ('msg_1', 2)
    """
    if not secrets:
        raise ValueError("a message is signed with at least one secret")
    signatures = [sign(secret, message_id, timestamp, body) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
