# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts about the charges themselves: lag, price, history, duplicates."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from ..code_edits import Line, find_duplicates
from ..facts import FactSpec
from ..timely_filing import charge_lag_days
from .rows import CaseSheet

SPECS = (
    FactSpec("as_of", "date", "Day of the evaluation", False),
    FactSpec("service_date_from", "date", "Service: first day", False),
    FactSpec("service_date_to", "date", "Service: last day", False),
    FactSpec("days_since_service", "integer", "Service: days ago", False),
    FactSpec("encounter_class", "text", "Encounter: class", False),
    FactSpec("bill_hold_until", "date", "Bill hold: first day to bill", False),
    FactSpec("charge_count", "integer", "Charges: number", False),
    FactSpec("amount_charged", "decimal", "Charges: amount", False),
    FactSpec("charge_lag_days", "integer", "Charges: longest lag in days", False),
    FactSpec("uncharged_services", "text_list", "Charges: services not charged"),
    FactSpec("companions_missing", "text_list", "Charges: expected companion missing"),
    FactSpec("price_problems", "text_list", "Charges: zero or not the charge master's price"),
    FactSpec("largest_amount_deviation", "decimal", "Charges: largest z-score", False),
    FactSpec("duplicate_lines", "text_list", "Charges: billed already or twice"),
)

# A spread over fewer charges says nothing yet.
MINIMUM_HISTORY_COUNT = 30


def derive(sheet: CaseSheet) -> dict:
    lines = sheet.lines
    return {
        "as_of": sheet.as_of,
        "service_date_from": sheet.service_date_from,
        "service_date_to": sheet.service_date_to,
        "days_since_service": (sheet.as_of - sheet.service_date_to).days,
        "encounter_class": sheet.row.encounter_class,
        "bill_hold_until": sheet.service_date_to + timedelta(days=_bill_hold_days(sheet)),
        "charge_count": len(lines),
        "amount_charged": sum((Decimal(line.row.amount) for line in lines), Decimal(0)),
        "charge_lag_days": max(
            (charge_lag_days(line.row.service_date, line.row.charged_on) for line in lines),
            default=0,
        ),
        "uncharged_services": [code.code for code in sheet.uncharged],
        "companions_missing": list(_companions_missing(sheet)),
        "price_problems": [line.label for line in lines if not line.row.price_is_sourced],
        "largest_amount_deviation": _largest_deviation(sheet),
        "duplicate_lines": list(_duplicates(sheet)),
    }


def _bill_hold_days(sheet: CaseSheet) -> int:
    """The payer's days, else the facility's: late charges and codes may still come."""
    return sheet.row.payer_bill_hold_days or sheet.row.facility_bill_hold_days or 0


def _companions_missing(sheet: CaseSheet) -> Iterable[str]:
    codes_by_day = {(line.row.service_date, line.code.code) for line in sheet.lines}
    for line in sheet.lines:
        companions = line.code.companions
        day = line.row.service_date
        if companions and not any((day, code) in codes_by_day for code in companions):
            yield f"{line.label}: expects one of {', '.join(companions)}"


def _largest_deviation(sheet: CaseSheet) -> Decimal:
    largest = 0.0
    for line in sheet.lines:
        history = sheet.tables.statistics.get((sheet.row.company_id, line.code.id))
        if history is None or history.count < MINIMUM_HISTORY_COUNT:
            continue
        if history.standard_deviation:
            distance = abs(float(line.row.amount) - history.mean)
            largest = max(largest, distance / history.standard_deviation)
    return Decimal(f"{largest:.2f}")


def _duplicates(sheet: CaseSheet) -> Iterable[str]:
    for line in sheet.lines:
        if line.row.charge_id in sheet.billed_before_ids:
            yield f"{line.label}: billed already"
    if len(sheet.lines) > 1:
        repeated = find_duplicates(
            [
                Line(
                    each.row.line_id,
                    each.code.code,
                    each.row.service_date,
                    each.units,
                    each.modifiers,
                    each.performer_id,
                )
                for each in sheet.lines
            ]
        )
        yield from (finding.explanation for finding in repeated)
