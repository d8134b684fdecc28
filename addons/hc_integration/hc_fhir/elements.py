# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One element of a FHIR resource that knows its path and reports what is wrong with it."""

import re
from decimal import Decimal

from .values import UNSTORABLE, read_date, read_moment

MAX_ITEMS = 1000
_CODE = re.compile(r"[^\s]+( [^\s]+)*")
_SUPPORTED_WORDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}


class Element:
    """An object inside a resource.

    Reading never raises: what is missing or wrong is reported and reads as empty.
    """

    __slots__ = ("path", "report", "value")

    def __init__(self, value, path, report):
        self.value = value
        self.path = path
        self.report = report

    def _get(self, name, kind, required):
        found = self.value.get(name)
        if found is None:
            if required:
                self.report.error(f"{self.path}.{name}", "missing", "missing")
            return None
        if not isinstance(found, kind):
            self.wrong(name, f"must be {_SUPPORTED_WORDS.get(kind, 'a number')}", "wrong_type")
            return None
        if not found and kind in (list, dict, str):
            self.wrong(name, "must not be empty", "empty")
            return None
        return found

    def wrong(self, name, message, code):
        """Report a fault of one of this element's own elements."""
        self.report.error(f"{self.path}.{name}", code, message)

    def has(self, name):
        """Whether the element is there at all."""
        return self.value.get(name) is not None

    def text(self, name, *, required=False, limit=200):
        """A text of at most ``limit`` characters, trimmed; empty where there is none."""
        found = self._get(name, str, required)
        if found is None:
            return ""
        if len(found) > limit:
            self.wrong(name, f"has more than {limit} characters", "too_long")
            return ""
        if UNSTORABLE.search(found):
            self.wrong(name, "has characters that no text can keep", "unstorable_text")
            return ""
        return found.strip()

    def code(self, name, allowed=None, *, required=False, value_set=""):
        """A code; where ``allowed`` is given, one of these."""
        found = self.text(name, required=required, limit=128)
        if found and not _CODE.fullmatch(found):
            self.wrong(name, "is no code", "wrong_type")
            return ""
        if found and allowed is not None and found not in allowed:
            self.wrong(name, f"is no code of {value_set or 'its value set'}", "unknown_code")
            return ""
        return found

    def flag(self, name):
        """A boolean, or None."""
        return self._get(name, bool, False)

    def day(self, name):
        """An R4 date as a day; None where there is none or it is less exact."""
        return self._read(name, read_date, False)

    def moment(self, name, *, required=False):
        """An R4 dateTime or instant."""
        return self._read(name, read_moment, required)

    def _read(self, name, read, required):
        found = self._get(name, str, required)
        if found is None:
            return None
        try:
            return read(found)
        except ValueError as error:
            self.wrong(name, str(error), "bad_date")
            return None

    def decimal(self, name, *, required=False):
        """A number, exact, or None."""
        found = self._get(name, (int, Decimal), required)
        if isinstance(found, bool):
            self.wrong(name, "must be a number", "wrong_type")
            return None
        return None if found is None else Decimal(found)

    def positive(self, name, *, required=False):
        """A whole number from 1, or 0 where there is none."""
        found = self._get(name, int, required)
        if found is None:
            return 0
        if isinstance(found, bool) or not 0 < found < 2**31:
            self.wrong(name, "must be a whole number above 0", "wrong_type")
            return 0
        return found

    def child(self, name, *, required=False):
        """The object of that name, or None."""
        found = self._get(name, dict, required)
        return None if found is None else Element(found, f"{self.path}.{name}", self.report)

    def children(self, name, *, required=False):
        """The objects of a list, in order."""
        found = self._get(name, list, required)
        if found is None:
            return []
        if len(found) > MAX_ITEMS:
            self.wrong(name, f"has more than {MAX_ITEMS} items", "too_many")
            return []
        items = []
        for position, item in enumerate(found):
            path = f"{self.path}.{name}[{position}]"
            if isinstance(item, dict) and item:
                items.append(Element(item, path, self.report))
            else:
                self.report.error(path, "wrong_type", "must be an object")
        return items

    def texts(self, name, *, limit=200):
        """The texts of a list of texts; null stands where only an extension is."""
        found = self._get(name, list, False) or []
        if len(found) > MAX_ITEMS:
            self.wrong(name, f"has more than {MAX_ITEMS} items", "too_many")
            return []
        texts = []
        for position, item in enumerate(found):
            if item is None:
                continue
            if not isinstance(item, str) or len(item) > limit or UNSTORABLE.search(item):
                self.wrong(f"{name}[{position}]", f"must be a text up to {limit}", "wrong_type")
            else:
                texts.append(item.strip())
        return texts
