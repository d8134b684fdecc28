# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts about who bills, performs and refers, and about institutional billing codes."""

import re
from collections.abc import Iterable

from .. import npi
from ..facts import FactSpec
from .rows import CaseSheet, in_period

SPECS = (
    FactSpec("facility_code", "text", "Facility: code"),
    FactSpec("department_code", "text", "Department: code"),
    FactSpec("facility_identifier_problems", "text_list", "Facility: NPI, tax id, taxonomy"),
    FactSpec("enrollment_is_tracked", "boolean", "Enrollment: recorded for this payer", False),
    FactSpec("lines_not_enrolled", "text_list", "Enrollment: performer not enrolled that day"),
    FactSpec("lines_without_referring", "text_list", "Referring practitioner: missing"),
    FactSpec("laboratory_codes", "text_list", "Laboratory: procedures"),
    FactSpec("clia_number_is_valid", "boolean", "Laboratory: CLIA number of the facility", False),
    FactSpec("claim_type", "text", "Claim: professional or institutional"),
    FactSpec("type_of_bill_is_valid", "boolean", "Claim: type of bill", False),
    FactSpec("revenue_code_problems", "text_list", "Claim: revenue code missing or not paired"),
)

_TAX_IDENTIFIER = re.compile(r"\d{2}-?\d{7}", re.ASCII)
_TAXONOMY_CODE = re.compile(r"[0-9A-Z]{9}X", re.ASCII)
# 42 CFR part 493: two digits for the state, D, seven digits.
_CLIA_NUMBER = re.compile(r"\d{2}D\d{7}", re.ASCII)
# Facility type, bill classification, frequency; a leading zero is written by some.
_TYPE_OF_BILL = re.compile(r"0?[1-9][1-9][0-9A-Z]", re.ASCII)


def derive(sheet: CaseSheet) -> dict:
    row, lines = sheet.row, sheet.lines
    is_tracked = row.payer_id in sheet.tables.enrollment_payer_ids
    return {
        "facility_code": row.facility_code,
        "department_code": row.department_code,
        "facility_identifier_problems": list(_identifier_problems(sheet)),
        "enrollment_is_tracked": is_tracked,
        "lines_not_enrolled": list(_not_enrolled(sheet)) if is_tracked else [],
        "lines_without_referring": []
        if row.referring_id
        else [line.label for line in lines if line.code.needs_referring],
        "laboratory_codes": [line.code.code for line in lines if line.code.is_laboratory],
        "clia_number_is_valid": bool(_CLIA_NUMBER.fullmatch(row.facility_clia_number or "")),
        "claim_type": sheet.claim_type,
        "type_of_bill_is_valid": bool(_TYPE_OF_BILL.fullmatch(row.type_of_bill or "")),
        "revenue_code_problems": list(_revenue_code_problems(sheet)),
    }


def _identifier_problems(sheet: CaseSheet) -> Iterable[str]:
    row = sheet.row
    if not npi.is_valid(row.facility_npi or ""):
        yield "billing NPI"
    if not _TAX_IDENTIFIER.fullmatch(row.facility_tax_identifier or ""):
        yield "tax id"
    if not _TAXONOMY_CODE.fullmatch(row.facility_taxonomy_code or ""):
        yield "taxonomy"


def _not_enrolled(sheet: CaseSheet) -> Iterable[str]:
    for line in sheet.lines:
        periods = sheet.tables.enrollments.get((line.performer_id, sheet.row.payer_id), ())
        if not any(in_period(*period, line.row.service_date) for period in periods):
            yield line.label


def _revenue_code_problems(sheet: CaseSheet) -> Iterable[str]:
    for line in sheet.lines:
        if line.revenue_code is None:
            if sheet.claim_type == "institutional":
                yield f"{line.label}: no revenue code"
        elif not line.revenue_code.in_force(line.row.service_date):
            yield f"{line.label}: {line.revenue_code.code} is not valid that day"
        elif line.code.revenue_codes and line.revenue_code.code not in line.code.revenue_codes:
            yield f"{line.label}: not with revenue code {line.revenue_code.code}"
