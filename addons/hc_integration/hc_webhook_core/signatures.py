# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Who sent a message: signatures of webhooks, checked with the scheme of the source and no other.

A proof is read from the headers first, so that what cannot be genuine is refused before its body
is read; the body is then checked against all secrets that are valid. Refusals carry the reason
for the office; the sender is told none.

Sources: Standard Webhooks 1.0 (``webhook-id``, ``webhook-timestamp``, ``webhook-signature``);
Stripe's ``Stripe-Signature``; RFC 6750 for bearer keys.
"""

import binascii
import hashlib
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from .errors import BorderError

TOLERANCE_SECONDS = 300
MIN_KEY_BYTES = 16
SCHEMES = ("standard", "stripe", "hmac", "bearer")

_MAX_HEADER_CHARACTERS = 2048
_MAX_SIGNATURES = 16
_PREFIX = "whsec_"
# No braces and no quotes: an id that reached into a JSON body would need them, so that the signed
# text ``id.timestamp.body`` can be cut in one way only.
_MESSAGE_ID = re.compile(r"[A-Za-z0-9._:/=+@~-]{1,255}")
_SECONDS = re.compile(r"[0-9]{1,11}")
_HEX = re.compile(r"(?:sha256=)?([0-9a-fA-F]{64})")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,1024}")


@dataclass(frozen=True)
class Proof:
    """What the headers offer as proof.

    :param str scheme: the scheme that was read
    :param str message_id: the sender's id of the message; empty where the scheme has none
    :param bytes prefix: what is signed before the body
    :param tuple candidates: digests, one of which must be right; for bearer the key itself
    """

    scheme: str
    message_id: str
    prefix: bytes
    candidates: tuple[bytes, ...]


def read_proof(
    scheme: str, headers: Mapping[str, str], now: datetime, header_name: str = ""
) -> Proof:
    """Read the proof that a scheme demands.

    :param headers: names in small letters
    :param now: the moment of arrival, with a time zone
    :param header_name: the header of the scheme ``hmac``
    :raises BorderError: status 401; missing, malformed, too old or from the future
    """
    if scheme == "standard":
        return _read_standard(headers, now)
    if scheme == "stripe":
        return _read_stripe(headers, now)
    if scheme == "hmac":
        value = _header(headers, header_name.lower())
        match = _HEX.fullmatch(value) or _refuse("signature_malformed")
        return Proof(scheme, "", b"", (bytes.fromhex(match[1]),))
    if scheme == "bearer":
        kind, _space, token = _header(headers, "authorization").partition(" ")
        if kind.lower() != "bearer" or not _TOKEN.fullmatch(token):
            _refuse("signature_malformed")
        return Proof(scheme, "", b"", (token.encode(),))
    return _refuse("scheme_unknown")


def check_proof(proof: Proof, body: bytes, secrets: Iterable[str]) -> None:
    """Check a proof against a body and all secrets that are valid now.

    :param body: the bytes as they came
    :param secrets: the current one and those that are still accepted
    :raises BorderError: status 401; ``secret_unusable`` where there is nothing to check against
    """
    keys = [key for secret in secrets if (key := read_key(proof.scheme, secret))]
    if not keys:
        _refuse("secret_unusable")
    genuine = False
    for key in keys:
        expected = key if proof.scheme == "bearer" else _digest(key, proof.prefix, body)
        for candidate in proof.candidates:
            # No early end: how long it takes tells nothing.
            genuine |= hmac.compare_digest(expected, candidate)
    if not genuine:
        _refuse("signature_wrong")


def read_key(scheme: str, secret: str) -> bytes | None:
    """The key that a secret stands for; None where it is too short or not what its form says.

    >>> read_key("standard", "whsec_c2FtcGxlLXNlY3JldC1vZi10ZXN0cw==")
    b'sample-secret-of-tests'
    >>> read_key("standard", "whsec_***") is read_key("hmac", "short") is None
    True
    """
    if scheme == "standard" and secret.startswith(_PREFIX):
        try:
            key = b64decode(secret.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            return None
    else:
        key = secret.encode()
    return key if len(key) >= MIN_KEY_BYTES else None


def sign_standard(secret: str, message_id: str, seconds: int, body: bytes) -> str:
    """The signature ``v1,…`` of Standard Webhooks.

    :param seconds: moment of sending, in seconds since 1970-01-01 UTC
    :raises ValueError: the secret is no key
    """
    key = read_key("standard", secret)
    if key is None:
        raise ValueError("the secret is no key of at least 16 bytes")
    digest = _digest(key, f"{message_id}.{seconds}.".encode(), body)
    return f"v1,{b64encode(digest).decode()}"


def _read_standard(headers, now):
    message_id = _header(headers, "webhook-id")
    seconds = _header(headers, "webhook-timestamp")
    if not _MESSAGE_ID.fullmatch(message_id):
        _refuse("signature_malformed")
    _check_moment(seconds, now)
    parts = _header(headers, "webhook-signature").split(" ")
    # Other versions are left out, never tried instead.
    texts = [part[3:] for part in parts[:_MAX_SIGNATURES] if part.startswith("v1,")]
    candidates = tuple(filter(None, map(_decode_digest, texts)))
    if not candidates:
        _refuse("signature_malformed")
    return Proof("standard", message_id, f"{message_id}.{seconds}.".encode(), candidates)


def _read_stripe(headers, now):
    pairs = [
        part.strip().partition("=") for part in _header(headers, "stripe-signature").split(",")
    ]
    moments = [value for name, _equals, value in pairs if name == "t"]
    texts = [value for name, _equals, value in pairs if name == "v1"][:_MAX_SIGNATURES]
    candidates = tuple(bytes.fromhex(text) for text in texts if _HEX.fullmatch(text))
    if len(moments) != 1 or not candidates:
        _refuse("signature_malformed")
    _check_moment(moments[0], now)
    return Proof("stripe", "", f"{moments[0]}.".encode(), candidates)


def _check_moment(seconds, now):
    if not _SECONDS.fullmatch(seconds):
        _refuse("signature_malformed")
    age = now.timestamp() - int(seconds)
    if age > TOLERANCE_SECONDS:
        _refuse("signature_old")
    if age < -TOLERANCE_SECONDS:
        _refuse("signature_future")


def _header(headers, name):
    value = headers.get(name, "") if name else ""
    if not value:
        _refuse("signature_missing")
    if len(value) > _MAX_HEADER_CHARACTERS:
        _refuse("signature_malformed")
    return value


def _decode_digest(text):
    try:
        digest = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return digest if len(digest) == hashlib.sha256().digest_size else None


def _digest(key, prefix, body):
    signer = hmac.new(key, prefix, hashlib.sha256)
    signer.update(body)
    return signer.digest()


def _refuse(reason):
    raise BorderError(reason, 401, "The sender could not be verified.")
