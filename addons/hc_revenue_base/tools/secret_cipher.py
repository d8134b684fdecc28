# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Encryption of secrets under the keys that the server was started with."""

import os
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ..hc_core.secret_keys import SecretError, parse_keys

KEY_VARIABLE = "HC_SECRET_KEY"
KEY_FILE_VARIABLE = "HC_SECRET_KEY_FILE"


class SecretCipher:
    """Encrypts with the first key and decrypts with any of them."""

    def __init__(self, keys):
        self.key_name = keys[0].name
        self.key_names = [key.name for key in keys]
        self._fernet = MultiFernet([Fernet(key.encoded) for key in keys])

    def encrypt(self, value):
        """Return the ciphertext of a text."""
        return self._fernet.encrypt(value.encode()).decode("ascii")

    def decrypt(self, ciphertext, *, secret, key_name):
        """Return the text.

        :param str secret: code of the secret, for the error
        :param str key_name: name of the key that encrypted it, for the error
        :raises SecretError: no key fits, or the ciphertext was changed
        """
        try:
            return self._fernet.decrypt((ciphertext or "").encode()).decode()
        except InvalidToken:
            code = "value_damaged" if key_name in self.key_names else "key_unknown"
            raise SecretError(
                code, secret=secret, key_name=key_name, count=len(self.key_names)
            ) from None


def load_cipher(environ: Mapping[str, str] = os.environ) -> SecretCipher:
    """Return the cipher of this server; a changed key file counts at once.

    :raises SecretError: there is no key, or one of them is malformed
    """
    return _cipher_of(_read_keys(environ))


def _read_keys(environ):
    path = environ.get(KEY_FILE_VARIABLE)
    if environ.get(KEY_VARIABLE) or not path:
        return environ.get(KEY_VARIABLE, "")
    try:
        with open(path, encoding="ascii") as stream:
            return stream.read()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise SecretError("key_file_unreadable", reason=reason) from error


@lru_cache(maxsize=4)
def _cipher_of(text):
    return SecretCipher(parse_keys(text))
