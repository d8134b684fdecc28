# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether a record says the same as before, and which of two versions is the newer one."""

from dataclasses import fields
from hashlib import sha256

from .records import Reference

# Where a record stood in a document, and which version it is, is no content.
_SKIPPED = frozenset({"key", "path", "version"})


def record_digest(record, intake):
    """SHA-256 of what a record says, wherever in the document it stands.

    :param record: any record of :mod:`records`
    :param intake: its document, which knows what its references mean
    """
    lines = [type(record).__name__]
    lines += [
        f"{item.name}={_text(getattr(record, item.name), record, intake)}"
        for item in fields(record)
        if item.name not in _SKIPPED
    ]
    return sha256("\n".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


def _text(value, record, intake):
    if isinstance(value, Reference):
        return intake.key_of(value, record, "") + "|" + value.display
    if isinstance(value, tuple):
        return "[" + ",".join(_text(item, record, intake) for item in value) + "]"
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    return repr(value)


def compare_versions(new, known):
    """Whether a version is ``newer`` than the known one, ``older``, or ``undated``.

    Time decides; where it is equal, a higher version number. What carries no time cannot be
    newer than what does.

    :param Version new: of what came now
    :param Version known: of what was taken in before

    >>> from hc_fhir.records import Version
    >>> compare_versions(Version("2"), Version("1")), compare_versions(Version("1"), Version("2"))
    ('newer', 'older')
    """
    if known.last_updated is not None:
        if new.last_updated is None:
            return "undated"
        if new.last_updated != known.last_updated:
            return "newer" if new.last_updated > known.last_updated else "older"
    if new.version_id.isdecimal() and known.version_id.isdecimal():
        return "newer" if int(new.version_id) > int(known.version_id) else "older"
    return "newer"
