# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What an agency reports back: payments it received, recalls it confirms. Hostile until checked.

The file is CSV with a header of exactly the columns of ``COLUMNS``, in any order. A row with a
fault is left out with its reason; a fault of the header refuses the file.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from .errors import DunningError

COLUMNS = ("kind", "reference", "placement", "amount", "currency", "paid_on")
PAYMENT = "PAYMENT"
RECALLED = "RECALLED"
KINDS = (PAYMENT, RECALLED)
MOST = Decimal(10) ** 9
_LONGEST = 64
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One row.

    :param line: of the file, for people
    :param fault: why the row is refused; empty where it is sound
    :param column: the one that is at fault
    """

    line: int
    kind: str = ""
    reference: str = ""
    placement: str = ""
    amount: Decimal = Decimal(0)
    currency: str = ""
    paid_on: date | None = None
    fault: str = ""
    column: str = ""


def read_header(cells: Iterable[str]) -> tuple[str, ...]:
    """Return the columns in their order.

    >>> read_header(["Kind", "reference", "placement", "amount", "currency", "paid_on"])[0]
    'kind'

    :raises DunningError: ``choice_unknown``, ``not_empty`` for a missing or repeated column
    """
    names = tuple(cell.strip().lower() for cell in cells)
    for name in names:
        if name not in COLUMNS:
            raise DunningError("choice_unknown", what="column", value=name, choices=COLUMNS)
    for name in COLUMNS:
        if names.count(name) != 1:
            raise DunningError("not_empty", what=f"column {name}, exactly once")
    return names


def read_rows(
    header: tuple[str, ...], records: Iterable[tuple[int, tuple[str, ...], str]], today: date
) -> Iterator[ReportRow]:
    """Yield the rows, sound or not.

    :param records: line, cells and the fault of the record as a whole
    :param today: no payment lies behind it
    """
    for line, cells, fault in records:
        if fault:
            yield ReportRow(line, fault=fault)
        elif len(cells) != len(header):
            yield ReportRow(line, fault=f"has {len(cells)} cells; the header has {len(header)}.")
        else:
            values = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            yield _read_row(line, values, today)


def _read_row(line: int, values: dict[str, str], today: date) -> ReportRow:
    for name in ("reference", "placement", "currency"):
        if len(values[name]) > _LONGEST:
            return ReportRow(line, fault=f"is longer than {_LONGEST} characters.", column=name)
        if values[name].startswith(_FORMULA_STARTS):
            return ReportRow(line, fault="begins like a spreadsheet formula.", column=name)
    kind = values["kind"].upper()
    if kind not in KINDS:
        return ReportRow(line, fault=f"is none of {', '.join(KINDS)}.", column="kind")
    if not values["placement"] and kind == RECALLED:
        return ReportRow(line, fault="is empty.", column="placement")
    if kind == RECALLED:
        return ReportRow(line, kind, values["reference"], values["placement"])
    if not values["reference"]:
        return ReportRow(line, fault="is empty: every payment has one.", column="reference")
    amount = _read_amount(values["amount"])
    if amount is None:
        text = "is no amount above zero such as 120.50, without signs and separators."
        return ReportRow(line, fault=text, column="amount")
    paid_on = _read_day(values["paid_on"])
    if paid_on is None or paid_on > today:
        text = "is no day up to today, such as 2026-03-02."
        return ReportRow(line, fault=text, column="paid_on")
    return ReportRow(
        line, kind, values["reference"], values["placement"], amount, values["currency"], paid_on
    )


def _read_amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text) if text.isascii() and "_" not in text else None
    except InvalidOperation:
        return None
    if amount is None or not amount.is_finite() or not 0 < amount <= MOST:
        return None
    return amount if amount == round(amount, 3) else None


def _read_day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
