# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""For how long contents are kept that nobody needs any more; decisions and the log always stay."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .errors import HcError


class RetentionError(HcError):
    """A kind of record contradicts itself."""

    messages = {
        "retention_code_repeated": "The kind {contents} is defined twice: rename one of them.",
        "retention_too_short": "{contents}: {days} days are too short; at least {shortest}.",
    }


@dataclass(frozen=True)
class RetentionSubject:
    """A kind of record whose contents are erased by age.

    :ivar code: its name in policies
    :ivar name: its name for people
    :ivar model: the model whose records are erased or emptied; it inherits ``hc.batch.mixin``
    :ivar aged_by: the field whose moment counts
    :ivar domain: which records have something to erase
    :ivar method: method of these records that erases it
    :ivar stays: what is left afterwards, in words
    :ivar default_days: until an office decides otherwise
    :ivar shortest_days: sooner, something would break that still needs it
    """

    code: str
    name: str
    model: str
    aged_by: str
    domain: tuple
    method: str
    stays: str
    default_days: int
    shortest_days: int

    def __post_init__(self):
        self.check_days(self.default_days)

    def check_days(self, days: int) -> None:
        """Refuse a time that is too short.

        :raise RetentionError: with the shortest one
        """
        if days < self.shortest_days:
            raise RetentionError(
                "retention_too_short", contents=self.code, days=days, shortest=self.shortest_days
            )

    def get_cutoff(self, now: datetime, days: int) -> datetime:
        """What is older than this is erased.

        >>> subject = RetentionSubject("x", "X", "hc.x", "finished_at", (), "_purge", "", 30, 7)
        >>> subject.get_cutoff(datetime(2026, 3, 31), 30)
        datetime.datetime(2026, 3, 1, 0, 0)
        """
        return now - timedelta(days=days)


def registry(subjects: Iterable[RetentionSubject]) -> Mapping[str, RetentionSubject]:
    """The kinds by code, in their order.

    :raise RetentionError: two kinds share a code
    """
    by_code: dict[str, RetentionSubject] = {}
    for subject in subjects:
        if subject.code in by_code:
            raise RetentionError("retention_code_repeated", contents=subject.code)
        by_code[subject.code] = subject
    return by_code
