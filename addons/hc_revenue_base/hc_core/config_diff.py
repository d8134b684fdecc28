# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What differs between two versions of a configuration, and a digest of one.

A version is a JSON value: names to scalars, lists, or nested mappings of the same shape.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

# Stands for a value that one of the versions does not have.
ABSENT = object()


@dataclass(frozen=True)
class Difference:
    """One value that differs: ``path`` leads to it, ``ABSENT`` says that a side lacks it."""

    path: tuple[str, ...]
    before: Any
    after: Any


def config_digest(values: Mapping[str, Any]) -> str:
    """The SHA-256, in hexadecimal, of a version.

    >>> config_digest({"a": 1, "b": [2]}) == config_digest({"b": [2], "a": 1})
    True
    >>> config_digest({"a": 1}) == config_digest({"a": "1"})
    False
    """
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode("ascii")).hexdigest()


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Iterator[Difference]:
    """Every value that differs, in order of its path; what is only on one side comes whole.

    >>> list(differences({"sla": 8, "name": "EDI"}, {"sla": 4, "name": "EDI"}))
    [Difference(path=('sla',), before=8, after=4)]
    >>> [d.path for d in differences({"rules": {"A": {"x": 1}}}, {"rules": {"A": {"x": 2}}})]
    [('rules', 'A', 'x')]
    >>> [(d.path, d.after is ABSENT) for d in differences({"rules": {"A": 1}}, {"rules": {}})]
    [(('rules', 'A'), True)]
    """
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, ABSENT), after.get(name, ABSENT)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from differences(old, new, (*path, name))
        elif type(old) is not type(new) or old != new:
            yield Difference((*path, name), old, new)
