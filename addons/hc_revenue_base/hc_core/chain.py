# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Hash chains for append-only logs: how a row is hashed and how a chain is verified.

A hash carries the version of the algorithm that made it (``$1$…``), so that old rows stay
verifiable when the algorithm changes. Version 1 is SHA-256 over canonical JSON.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

GENESIS = "$1$" + "0" * 64
CURRENT_VERSION = 1


class ChainError(ValueError):
    """A value that must not enter a log, or a hash of an unknown version."""


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold: its position and why."""

    position: int
    reason: str


def canonical_json(value) -> str:
    """One text for equal values: sorted keys, no spaces, no floats.

    Floats are refused because their text differs between writers; amounts are logged as decimal
    strings.

    :raises ChainError: for a float, a key that is no text, or a type that JSON does not know
    """
    _refuse_unstable(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _refuse_unstable(value):
    if value is None or isinstance(value, (str, bool, int)):
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ChainError(f"log facts need text keys, not {key!r}")
            _refuse_unstable(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            _refuse_unstable(item)
    else:
        raise ChainError(f"log facts hold text, integers, booleans and lists, not {value!r}")


def row_hash(payload: Mapping, previous_hash: str, version: int = CURRENT_VERSION) -> str:
    """The hash of one row, chained to the row before it.

    :param payload: the row's values, JSON-able without floats
    :param previous_hash: hash of the row before, ``GENESIS`` for the first
    :raises ChainError: for an unknown version
    """
    if version != 1:
        raise ChainError(f"unknown hash version {version}")
    text = previous_hash + "\n" + canonical_json(payload)
    return f"$1${hashlib.sha256(text.encode()).hexdigest()}"


def check_row(
    position: int,
    payload: Mapping,
    previous_hash: str,
    hash_: str,
    version: int,
    expected_position: int,
    expected_previous: str,
) -> Break | None:
    """Check one row against what its predecessor demands; the break, or None where it holds."""
    if position != expected_position:
        return Break(expected_position, f"row {expected_position} is missing")
    if previous_hash != expected_previous:
        return Break(position, "the link to the row before it does not match")
    try:
        if row_hash(payload, previous_hash, version) != hash_:
            return Break(position, "the row's content does not match its hash")
    except ChainError as error:
        return Break(position, str(error))
    return None


def sign(text: str, key: bytes) -> str:
    """HMAC-SHA256 of an anchor line, in hex."""
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
