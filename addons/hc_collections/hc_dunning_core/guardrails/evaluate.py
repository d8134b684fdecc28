# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Judge an intended act by the rows in force, each by itself, and say when it becomes lawful.

Laws: the order of the rows does not matter; an act is allowed exactly when no row blocks it; at the
earliest lawful moment the act is allowed, and at no moment from the intended one until then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..workdays import Workdays
from .acts import Act
from .calling import closing_moment
from .facts import DebtFacts
from .finding import Finding
from .rows import BLOCK, WARN, GuardrailRow

ALLOWED = "allowed"
BLOCKED = "blocked"
_HOURS = "call_hours"
WARNED = "warned"
INFORMED = "informed"

# Each step passes the end of one rule's period; more than this is no calendar of our world.
_MOST_STEPS = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one row says; the trail keeps it.

    :param outcome: ``allowed``, ``blocked``, ``warned`` or ``informed``
    :param words: for people, with the figures; empty where allowed
    :param earliest: when this row first allows the act; None: not before a fact changes
    :param missing: the fact that is unknown
    """

    rule: str
    outcome: str
    source: str
    words: str = ""
    earliest: date | datetime | None = None
    missing: str = ""
    needs_review: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """What all rows say, by code, and the earliest lawful day or moment of the act."""

    act: Act
    verdicts: tuple[Verdict, ...]
    earliest: date | datetime | None

    @property
    def is_allowed(self) -> bool:
        """Whether no row blocks."""
        return not self.blocking

    @property
    def blocking(self) -> tuple[Verdict, ...]:
        """The rows that block."""
        return tuple(each for each in self.verdicts if each.outcome == BLOCKED)


def assess(
    rows: Iterable[GuardrailRow], act: Act, facts: DebtFacts, workdays: Workdays
) -> Assessment:
    """Judge an act.

    :param rows: all rows that are known; those not in force on the day of the act say nothing
    """
    rows = tuple(
        row for row in sorted(rows, key=lambda row: row.code) if row.applies_to(act, facts)
    )
    verdicts = _verdicts(rows, act, facts, workdays)
    return Assessment(act, verdicts, _earliest(rows, act, facts, workdays, verdicts))


def lawful_until(rows: Iterable[GuardrailRow], act: Act, facts: DebtFacts) -> datetime | None:
    """Until when an act that is lawful now may be carried out: the hours of the blocking rows.

    What is handed to somebody else, a gateway or a printer, may not be carried out later.

    :return: the first moment that is too late, in UTC; None where no row names hours
    """
    ends = [
        closing_moment(act.at, facts.zones, row.values["closes"])
        for row in rows
        if facts.zones
        and row.evaluator == _HOURS
        and row.effect == BLOCK
        and row.applies_to(act, facts)
        and row.is_in_force(act.on)
    ]
    return min(ends, default=None)


def _verdicts(
    rows: tuple[GuardrailRow, ...], act: Act, facts: DebtFacts, workdays: Workdays
) -> tuple[Verdict, ...]:
    return tuple(_judge(row, act, facts, workdays) for row in rows if row.is_in_force(act.on))


def _judge(row: GuardrailRow, act: Act, facts: DebtFacts, workdays: Workdays) -> Verdict:
    finding = row.definition.judge(act, facts, row.values, workdays)
    if finding is None:
        return Verdict(row.code, ALLOWED, row.source, needs_review=row.needs_review)
    outcome = {BLOCK: BLOCKED, WARN: WARNED}.get(row.effect, INFORMED)
    return Verdict(
        row.code,
        outcome,
        row.source,
        finding.words,
        _end_of(row, finding),
        finding.missing,
        row.needs_review,
    )


def _end_of(row: GuardrailRow, finding: Finding) -> date | datetime | None:
    """When the finding ends, by itself or with the rule."""
    if row.effective_to is None:
        return finding.earliest
    after = row.effective_to + timedelta(days=1)
    if finding.earliest is None or _day_of(finding.earliest) > row.effective_to:
        return after
    return finding.earliest


def _earliest(
    rows: tuple[GuardrailRow, ...],
    act: Act,
    facts: DebtFacts,
    workdays: Workdays,
    verdicts: tuple[Verdict, ...],
) -> date | datetime | None:
    """Follow the act from the end of one block to the next until nothing blocks it."""
    for _step in range(_MOST_STEPS):
        blocking = [each for each in verdicts if each.outcome == BLOCKED]
        if not blocking:
            return act.at or act.on
        ends = [each.earliest for each in blocking]
        if None in ends:
            return None
        act = max((act.moved_to(end) for end in ends), key=_order)
        verdicts = _verdicts(rows, act, facts, workdays)
    return None


def _order(act: Act) -> tuple[date, float]:
    return act.on, act.at.timestamp() if act.at else 0.0


def _day_of(when: date | datetime) -> date:
    return when.date() if isinstance(when, datetime) else when
