# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One document as a whole: its records, how they point at each other, what is not taken."""

import re
from collections import Counter
from dataclasses import dataclass, field

from .findings import Finding
from .records import Record

_RELATIVE = re.compile(
    r"([A-Z][A-Za-z]{2,40})/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]+)?"
)
_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]{2,40})\?identifier=([^|&]{0,255})\|([^|&]{1,128})")


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource or message of the document, taken or refused.

    :ivar position: place in the document, from 1
    """

    position: int
    path: str
    resource_type: str
    resource_id: str
    records: tuple[Record, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def is_refused(self):
        """Whether a fault keeps the resource out."""
        return any(finding.is_error for finding in self.findings)


@dataclass(slots=True)
class Intake:
    """The records of a document.

    :ivar records: the sound ones by key; ``refused``: keys of those that are not
    :ivar ignored: how many resources of each type are not taken in at all
    :ivar base_url: address of the sender's server; what begins with it is relative
    """

    entries: list[Entry] = field(default_factory=list)
    records: dict[str, Record] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    aliases: dict[str, str] = field(default_factory=dict)
    ignored: Counter = field(default_factory=Counter)
    base_url: str = ""

    def add(self, record, *names, is_refused=False):
        """File a record under its key and the other names that references may use."""
        for name in (record.key, *names):
            if name:
                self.aliases.setdefault(name, record.key)
        if is_refused:
            self.refused.add(record.key)
        else:
            self.records[record.key] = record
        kind = type(record).__name__
        for system, value in record.identifiers:
            self.aliases.setdefault(f"{kind}?{system}|{value}", record.key)

    def key_of(self, reference, owner, kind):
        """The key that a reference means, whether or not the record is in the document.

        :param reference: a Reference, or None
        :param owner: the record that points
        :param str kind: name of the record's class
        :return: a key, or an empty text where only a display name is given
        """
        if reference is None:
            return ""
        target = reference.target
        if target.startswith("#"):
            return self.aliases.get(_entry_path(owner.path) + target, target)
        if target:
            return self._literal_key(target)
        for system, value in reference.identifiers:
            return self.aliases.get(f"{kind}?{system}|{value}", f"{kind}?{system}|{value}")
        return ""

    def _literal_key(self, target):
        if target in self.aliases:
            return self.aliases[target]
        if self.base_url and target.startswith(self.base_url):
            target = target[len(self.base_url) :].lstrip("/")
        if found := _RELATIVE.fullmatch(target):
            target = f"{found[1]}/{found[2]}"
        elif found := _CONDITIONAL.fullmatch(target):
            target = f"{found[1]}?{found[2]}|{found[3]}"
        return self.aliases.get(target, target)

    def find(self, reference, owner, kind):
        """The record that a reference points to, or None."""
        return self.records.get(self.key_of(reference, owner, kind))

    def select(self, record_class):
        """The sound records of a class, in the order of the document."""
        return [
            record
            for entry in self.entries
            if not entry.is_refused
            for record in entry.records
            if isinstance(record, record_class)
        ]

    def external_keys(self):
        """Keys that the sound records point to and that the document does not hold."""
        keys = set()
        for entry in self.entries:
            if entry.is_refused:
                continue
            for record in entry.records:
                for name, kind in POINTERS:
                    key = self.key_of(getattr(record, name, None), record, kind)
                    if key and key not in self.records and key not in self.refused:
                        keys.add(key)
        return keys


# Which attribute points to which class of record.
POINTERS = (
    ("patient", "Patient"),
    ("encounter", "Encounter"),
    ("facility", "Organization"),
    ("performer", "Practitioner"),
    ("payer", "Organization"),
)


def _entry_path(path):
    """Path of the resource that an element path lies in."""
    for stop in (".item[", ".contained["):
        path = path.partition(stop)[0]
    return path
