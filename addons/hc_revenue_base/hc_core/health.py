# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What is watched of the running system, and when it is well.

A check is one number or one number per label (a queue, a partner, a Scheduled Action), with two
bounds. The same definition serves the page that people look at, the health endpoint of a load
balancer and the metrics that a monitoring system scrapes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .errors import HcError

UNITS = ("count", "seconds")
STATUSES = ("ok", "warning", "failing")


class HealthError(HcError):
    """A check contradicts itself."""

    messages = {
        "health_code_repeated": "The check {check} is defined twice: rename one of them.",
        "health_unit_unknown": "Check {check}: the unit {unit} is none of {choices}.",
        "health_bounds_crossed": "Check {check} would fail before it warns: exchange the bounds.",
    }


@dataclass(frozen=True)
class HealthCheck:
    """One thing that is watched.

    :ivar code: its name in metrics, without prefix and unit
    :ivar name: its name for people
    :ivar advice: what to do when it is not well, in words
    :ivar unit: ``count`` or ``seconds``
    :ivar rows_method: method of ``hc.health`` that returns a SELECT of ``label, value``; no
        row, or a value that is NULL, is 0
    :ivar warning_at: the least value that is a warning
    :ivar failing_at: the least value at which it fails, or None where it never does
    :ivar label: what a label names, where there are several
    :ivar action: XML id of the window action that shows the records behind it
    :ivar domain: which of them, as text
    """

    code: str
    name: str
    advice: str
    unit: str
    rows_method: str
    warning_at: float
    failing_at: float | None = None
    label: str = ""
    action: str = ""
    domain: str = "[]"

    def __post_init__(self):
        if self.unit not in UNITS:
            raise HealthError("health_unit_unknown", check=self.code, unit=self.unit, choices=UNITS)
        if self.failing_at is not None and self.failing_at < self.warning_at:
            raise HealthError("health_bounds_crossed", check=self.code)

    def judge(self, value: float) -> str:
        """How well a value is.

        >>> check = HealthCheck("jobs_dead", "Dead jobs", "", "count", "_rows", 1, 10)
        >>> [check.judge(value) for value in (0, 1, 10)]
        ['ok', 'warning', 'failing']
        """
        if self.failing_at is not None and value >= self.failing_at:
            return "failing"
        return "warning" if value >= self.warning_at else "ok"


@dataclass(frozen=True)
class HealthResult:
    """What a check found: its values by label, the worst of them and how well that is."""

    check: HealthCheck
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def worst(self) -> float:
        """The highest value, 0 where there is none."""
        return max(self.values.values(), default=0)

    @property
    def status(self) -> str:
        """``ok``, ``warning`` or ``failing``."""
        return self.check.judge(self.worst)


def registry(checks: Iterable[HealthCheck]) -> Mapping[str, HealthCheck]:
    """The checks by code, in their order.

    :raise HealthError: two checks share a code
    """
    by_code: dict[str, HealthCheck] = {}
    for check in checks:
        if check.code in by_code:
            raise HealthError("health_code_repeated", check=check.code)
        by_code[check.code] = check
    return by_code


def overall(statuses: Iterable[str]) -> str:
    """The worst of several; ``ok`` where there is none.

    >>> overall(["ok", "failing", "warning"])
    'failing'
    """
    return max(statuses, key=STATUSES.index, default="ok")
