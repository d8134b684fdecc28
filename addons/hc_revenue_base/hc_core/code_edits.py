# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Edits between the charge lines of one case.

Pairs of codes, unit limits, add-on codes and duplicates.

The tables are data that each organization loads (CMS publishes NCCI procedure-to-
procedure pairs and medically unlikely edits; payers have their own); none is shipped.
Every function returns findings that name the lines, so that a person can fix them.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

BLOCKED = "0"
MODIFIER_ALLOWED = "1"
IGNORED = "9"

PER_LINE = "line"
PER_DAY = "day"

# The modifiers that tell two services apart in NCCI's sense; a payer may have others.
OVERRIDING_MODIFIERS = frozenset({"59", "XE", "XP", "XS", "XU", "25", "58", "78", "79"})


@dataclass(frozen=True, slots=True)
class Line:
    """One charge line, as far as edits look at it."""

    id: Hashable
    code: str
    service_date: date
    units: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    performer_id: Hashable = None


@dataclass(frozen=True, slots=True)
class CodePair:
    """Two codes that are not billed together by one performer on one day.

    ``column2`` is the code that is not paid. ``payer_family`` None means every payer.
    ``modifier_indicator``: 0 no modifier helps, 1 an overriding one on the column-2
    line does, 9 the pair is no longer in use.
    """

    column1: str
    column2: str
    modifier_indicator: str
    effective_from: date
    effective_to: date | None = None
    payer_family: str | None = None


@dataclass(frozen=True, slots=True)
class UnitLimit:
    """The most units of a code, on each line or over a performer's day."""

    code: str
    max_units: Decimal
    basis: str
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class AddOnCode:
    """A code that is billed only beside one of its primary codes."""

    code: str
    primary_codes: frozenset[str]
    effective_from: date
    effective_to: date | None = None


@dataclass(frozen=True, slots=True)
class EditFinding:
    """Lines that break an edit.

    :param kind: ``pair_blocked``, ``pair_needs_modifier``, ``units_exceeded``,
        ``add_on_without_primary`` or ``duplicate_line``
    :param line_ids: the offending line first, then the lines it conflicts with
    :param explanation: codes and figures, no data of the patient
    """

    kind: str
    line_ids: tuple[Hashable, ...]
    explanation: str


class CodePairTable:
    """The pairs by their two codes, so that a case is checked in its own size only."""

    def __init__(self, pairs: Iterable[CodePair]):
        self._rows: dict[str, dict[str, list[CodePair]]] = {}
        for pair in pairs:
            partners = self._rows.setdefault(pair.column1, {})
            partners.setdefault(pair.column2, []).append(pair)

    def partners(self, column1: str) -> Collection[str]:
        """Return the column-2 codes of a code, whatever their dates and payers."""
        return self._rows.get(column1, {}).keys()

    def in_force(
        self, column1: str, column2: str, payer_family: str | None, day: date
    ) -> CodePair | None:
        """Return the pair in force for the payer that day; its own before all's."""
        rows = [
            pair
            for pair in self._rows.get(column1, {}).get(column2, ())
            if pair.payer_family in (None, payer_family) and _in_force(pair, day)
        ]
        return max(
            rows,
            key=lambda pair: (pair.payer_family is not None, pair.effective_from),
            default=None,
        )


def find_pair_conflicts(
    lines: Sequence[Line],
    table: CodePairTable,
    payer_family: str | None = None,
    overriding_modifiers: Collection[str] = OVERRIDING_MODIFIERS,
) -> tuple[EditFinding, ...]:
    """Return the pairs of lines that may not be billed together as they are."""
    overriding = frozenset(overriding_modifiers)
    findings = []
    for group in _by_day_and_performer(lines):
        by_code = _by_code(group)
        for first in group:
            partners = table.partners(first.code)
            for code in by_code:
                if code not in partners or code == first.code:
                    continue
                pair = table.in_force(first.code, code, payer_family, first.service_date)
                if pair is not None:
                    findings += _conflicts(first, by_code[code], pair, overriding)
    return tuple(findings)


def _conflicts(
    first: Line, seconds: Iterable[Line], pair: CodePair, overriding: frozenset[str]
) -> Iterator[EditFinding]:
    if pair.modifier_indicator == IGNORED:
        return
    for second in seconds:
        ids = (second.id, first.id)
        if pair.modifier_indicator != MODIFIER_ALLOWED:
            text = f"{second.code} is not billed with {first.code} on one day"
            yield EditFinding("pair_blocked", ids, text)
        elif not overriding.intersection(second.modifiers):
            text = f"{second.code} with {first.code} needs one of the modifiers " + ", ".join(
                sorted(overriding)
            )
            yield EditFinding("pair_needs_modifier", ids, text)


def find_excess_units(
    lines: Sequence[Line], limits: Iterable[UnitLimit]
) -> tuple[EditFinding, ...]:
    """Return the lines, or the days of a performer, with more units than allowed."""
    limits_by_code: dict[str, list[UnitLimit]] = defaultdict(list)
    for limit in limits:
        limits_by_code[limit.code].append(limit)
    findings = []
    for group in _by_day_and_performer(lines):
        for code, same_code in _by_code(group).items():
            for limit in limits_by_code.get(code, ()):
                if _in_force(limit, same_code[0].service_date):
                    findings += _excess(same_code, limit)
    return tuple(findings)


def _excess(same_code: list[Line], limit: UnitLimit) -> Iterator[EditFinding]:
    counted = [[line] for line in same_code] if limit.basis == PER_LINE else [same_code]
    for group in counted:
        units = sum((line.units for line in group), Decimal(0))
        if units > limit.max_units:
            text = f"{limit.code}: {units} units, at most {limit.max_units} a {limit.basis}"
            ids = tuple(line.id for line in group)
            yield EditFinding("units_exceeded", ids, text)


def find_add_ons_without_primary(
    lines: Sequence[Line], add_on_codes: Iterable[AddOnCode]
) -> tuple[EditFinding, ...]:
    """Return the add-on lines with none of their primary codes on the same day.

    The primary service may have been performed by somebody else.
    """
    rows_by_code: dict[str, list[AddOnCode]] = defaultdict(list)
    for row in add_on_codes:
        rows_by_code[row.code].append(row)
    codes_by_day: dict[date, set[str]] = defaultdict(set)
    for line in lines:
        codes_by_day[line.service_date].add(line.code)
    findings = []
    for line in lines:
        rows = [row for row in rows_by_code.get(line.code, ()) if _in_force(row, line.service_date)]
        primary_codes = frozenset().union(*(row.primary_codes for row in rows))
        if rows and not primary_codes & codes_by_day[line.service_date]:
            text = f"{line.code} is an add-on without its primary code that day"
            findings.append(EditFinding("add_on_without_primary", (line.id,), text))
    return tuple(findings)


def find_duplicates(lines: Sequence[Line]) -> tuple[EditFinding, ...]:
    """Return the groups of lines with equal date, code, modifiers and performer.

    The order of the modifiers does not make a line another one.
    """
    groups: dict[tuple, list[Line]] = defaultdict(list)
    for line in lines:
        modifiers = tuple(sorted(line.modifiers))
        groups[line.service_date, line.code, modifiers, line.performer_id].append(line)
    return tuple(
        EditFinding(
            "duplicate_line",
            tuple(line.id for line in group),
            f"{group[0].code} on {group[0].service_date}: {len(group)} equal lines",
        )
        for group in groups.values()
        if len(group) > 1
    )


def _by_day_and_performer(lines: Iterable[Line]) -> Iterable[list[Line]]:
    groups: dict[tuple, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.service_date, line.performer_id].append(line)
    return groups.values()


def _by_code(lines: Iterable[Line]) -> dict[str, list[Line]]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(line.code, []).append(line)
    return groups


def _in_force(row: CodePair | UnitLimit | AddOnCode, day: date) -> bool:
    return row.effective_from <= day and (row.effective_to is None or day <= row.effective_to)
