# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Keys that encrypt secrets, and what may be shown of a secret."""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

from .errors import HcError

KEY_BYTES = 32
SHOWN_CHARACTERS = 4
# Of a shorter value four characters would give too much away.
SHOWN_FROM_LENGTH = 12
REFERENCE_PREFIX = "env:"

# An administrator of the office may point at these variables of the server and at no others:
# its database password is none of a secret's business.
_REFERENCE = re.compile(r"env:(HC_CREDENTIAL_[A-Z0-9_]{1,80})")
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{64}")


class SecretError(HcError):
    """A secret, or the key that protects it, cannot be used."""

    messages = {
        "key_missing": (
            "Secrets cannot be used: the server has no key. Set HC_SECRET_KEY, or "
            "HC_SECRET_KEY_FILE to the name of a file that holds it, and restart."
        ),
        "key_file_unreadable": (
            "Secrets cannot be used: the key file that HC_SECRET_KEY_FILE names cannot be read "
            "({reason}). Correct its name or its rights."
        ),
        "key_invalid": (
            "Secrets cannot be used: key number {position} of HC_SECRET_KEY is not {bytes} bytes "
            "as 64 hexadecimal digits or as URL-safe base64. Correct it."
        ),
        "key_unknown": (
            "The secret {secret} was encrypted with the key {key_name}, which is not among the "
            "server's {count}. Add that key to HC_SECRET_KEY, or set the secret again."
        ),
        "value_damaged": "The stored value of the secret {secret} is damaged: set it again.",
        "reference_invalid": (
            "{reference} cannot be a secret: write env: and the name of a variable that begins "
            "with HC_CREDENTIAL_."
        ),
        "reference_unset": (
            "The secret {secret} is kept in the server's variable {variable}, which is not set. "
            "Set it and restart."
        ),
    }


@dataclass(frozen=True, slots=True)
class SecretKey:
    """A key of 32 bytes, in the form that Fernet takes."""

    encoded: bytes

    @property
    def name(self) -> str:
        """A name for messages and logs that tells nothing about the key."""
        return hashlib.sha256(b"hc secret key " + self.encoded).hexdigest()[:8]


def parse_keys(text: str) -> tuple[SecretKey, ...]:
    """Return the keys of a list separated by commas or lines; the first one encrypts.

    :raises SecretError: ``key_missing``, or ``key_invalid`` with the position of the wrong one

    >>> [key.name for key in parse_keys("00" * 32 + "," + "11" * 32)]
    ['6ad5b2f0', '4acd4278']
    """
    parts = [part.strip() for part in re.split(r"[,\n]", text) if part.strip()]
    if not parts:
        raise SecretError("key_missing")
    return tuple(_parse_key(part, position) for position, part in enumerate(parts, 1))


def _parse_key(text: str, position: int) -> SecretKey:
    try:
        if _HEXADECIMAL.fullmatch(text):
            raw = bytes.fromhex(text)
        else:
            raw = base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != KEY_BYTES:
        # The text itself stays out of the message: it may be a key with a typing error.
        raise SecretError("key_invalid", position=position, bytes=KEY_BYTES)
    return SecretKey(base64.urlsafe_b64encode(raw))


def last_characters(value: str) -> str:
    """Return what may be shown of a value, for people to tell two apart.

    >>> last_characters("sk_live_51Habcd1234"), last_characters("short-value")
    ('1234', '')
    """
    return value[-SHOWN_CHARACTERS:] if len(value) >= SHOWN_FROM_LENGTH else ""


def parse_reference(text: str) -> str | None:
    """Return the variable that ``env:NAME`` names; None where the text is a value itself.

    :raises SecretError: ``reference_invalid``, for a variable that is not a credential

    >>> parse_reference("env:HC_CREDENTIAL_CLEARINGHOUSE"), parse_reference("tops3cret")
    ('HC_CREDENTIAL_CLEARINGHOUSE', None)
    """
    if not text.startswith(REFERENCE_PREFIX):
        return None
    match = _REFERENCE.fullmatch(text)
    if match is None:
        raise SecretError("reference_invalid", reference=text[:100])
    return match[1]
