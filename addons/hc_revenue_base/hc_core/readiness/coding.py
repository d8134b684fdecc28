# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts about diagnoses, procedures, modifiers, places and edits between lines."""

from collections.abc import Iterable

from ..code_edits import (
    AddOnCode,
    EditFinding,
    Line,
    find_add_ons_without_primary,
    find_excess_units,
    find_pair_conflicts,
)
from ..facts import FactSpec
from .rows import CaseSheet, ChargedLine, CodeRow, age_years

SPECS = (
    FactSpec("procedure_codes", "text_list", "Coding: procedures"),
    FactSpec("modifier_codes", "text_list", "Coding: modifiers"),
    FactSpec("diagnosis_codes", "text_list", "Coding: diagnoses"),
    FactSpec("has_principal_diagnosis", "boolean", "Coding: has a principal diagnosis", False),
    FactSpec("diagnosis_problems", "text_list", "Coding: diagnoses not valid or not specific"),
    FactSpec("procedure_problems", "text_list", "Coding: procedures not valid that day"),
    FactSpec("modifier_problems", "text_list", "Coding: modifiers not valid or missing"),
    FactSpec("lines_without_diagnosis", "text_list", "Coding: lines without a diagnosis"),
    FactSpec("age_sex_conflicts", "text_list", "Coding: codes that do not fit age or sex"),
    FactSpec("place_problems", "text_list", "Coding: place of service missing or not allowed"),
    FactSpec("excess_units", "text_list", "Coding: units above the limit"),
    FactSpec("pair_conflicts", "text_list", "Coding: procedures not billed together"),
    FactSpec("add_ons_without_primary", "text_list", "Coding: add-on without its primary"),
    FactSpec("drug_lines_incomplete", "text_list", "Coding: drug lines without NDC or quantity"),
    FactSpec("unlisted_without_description", "text_list", "Coding: unlisted, not described"),
    FactSpec("unsupported_procedures", "text_list", "Coding: diagnosis does not support"),
    FactSpec("global_period_conflicts", "text_list", "Coding: visit inside a global period"),
    FactSpec("unanswered_query_count", "integer", "Coding: queries without an answer", False),
    FactSpec("answered_query_count", "integer", "Coding: answers not worked in", False),
)

# Modifiers that say why a visit in a global period is billed on its own.
GLOBAL_PERIOD_MODIFIERS = frozenset({"24", "25", "57", "58", "78", "79"})


def derive(sheet: CaseSheet) -> dict:
    lines = sheet.lines
    return {
        "procedure_codes": sorted({line.code.code for line in lines}),
        "modifier_codes": sorted({code for line in lines for code in line.modifiers}),
        "diagnosis_codes": [code.code for code in sheet.diagnoses],
        "has_principal_diagnosis": bool(sheet.diagnoses),
        "diagnosis_problems": [
            code.code
            for code in sheet.diagnoses
            if code.is_header or not code.in_force(sheet.service_date_to)
        ],
        "procedure_problems": [
            line.label for line in lines if not line.code.in_force(line.row.service_date)
        ],
        "modifier_problems": list(_modifier_problems(sheet)),
        "lines_without_diagnosis": [line.label for line in lines if not line.row.diagnosis_ids],
        "age_sex_conflicts": list(_age_sex_conflicts(sheet)),
        "place_problems": list(_place_problems(sheet)),
        "drug_lines_incomplete": [
            line.label
            for line in lines
            if line.code.is_drug
            and not (line.row.drug_code and line.row.drug_quantity and line.row.drug_unit)
        ],
        "unlisted_without_description": [
            line.label
            for line in lines
            if line.code.is_unlisted and not (line.row.description or "").strip()
        ],
        "unsupported_procedures": [line.label for line in lines if not _is_supported(sheet, line)],
        "global_period_conflicts": list(_global_period_conflicts(sheet)),
        "unanswered_query_count": sheet.row.unanswered_query_count,
        "answered_query_count": sheet.row.answered_query_count,
        **_edits_between_lines(sheet),
    }


def _modifier_problems(sheet: CaseSheet) -> Iterable[str]:
    codes = sheet.tables.codes
    for line in sheet.lines:
        day = line.row.service_date
        for modifier_id in line.row.modifier_ids:
            if not codes[modifier_id].in_force(day):
                yield f"{line.label}: {codes[modifier_id].code} is not valid that day"
        needed = line.code.modifiers
        if needed and not set(needed).intersection(line.modifiers):
            yield f"{line.label}: needs one of {', '.join(needed)}"


def _age_sex_conflicts(sheet: CaseSheet) -> Iterable[str]:
    codes = {code.id: code for code in (*(line.code for line in sheet.lines), *sheet.diagnoses)}
    for code in codes.values():
        if not _fits_person(sheet, code):
            yield code.code


def _fits_person(sheet: CaseSheet, code: CodeRow) -> bool:
    row = sheet.row
    if code.sex and row.sex in ("female", "male") and code.sex != row.sex:
        return False
    if row.birth_date is None:
        return True
    age = age_years(row.birth_date, sheet.service_date_from)
    return age >= (code.age_from_years or 0) and (not code.age_to_years or age <= code.age_to_years)


def _place_problems(sheet: CaseSheet) -> Iterable[str]:
    """A professional line names its place of service; a code may allow only some."""
    for line in sheet.lines:
        if line.place is None:
            if sheet.claim_type == "professional":
                yield f"{line.label}: no place of service"
        elif not line.place.in_force(line.row.service_date):
            yield f"{line.label}: {line.place.code} is not valid that day"
        elif line.code.places and line.place.code not in line.code.places:
            yield f"{line.label}: not in place {line.place.code}"


def _is_supported(sheet: CaseSheet, line: ChargedLine) -> bool:
    if not line.code.diagnoses:
        return True
    codes = sheet.tables.codes
    pointed = {codes[code_id].code for code_id in line.row.diagnosis_ids}
    return bool(pointed.intersection(line.code.diagnoses))


def _global_period_conflicts(sheet: CaseSheet) -> Iterable[str]:
    for line in sheet.lines:
        if not line.code.is_evaluation_visit:
            continue
        if GLOBAL_PERIOD_MODIFIERS.intersection(line.modifiers):
            continue
        for procedure in sheet.global_periods:
            days = (line.row.service_date - procedure.service_date).days
            if (
                procedure.charge_id != line.row.charge_id
                and procedure.performer_id == line.performer_id
                and 0 <= days <= procedure.global_period_days
            ):
                yield f"{line.label}: {days} days after {procedure.code}"
                break


def _edits_between_lines(sheet: CaseSheet) -> dict:
    lines = [
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
    limits = [
        limit
        for code in {line.code for line in lines}
        for limit in sheet.tables.unit_limits.get(code, ())
    ]
    add_ons = [
        AddOnCode(each.code.code, frozenset(each.code.primaries), each.code.date_from)
        for each in sheet.lines
        if each.code.primaries
    ]
    return {
        "pair_conflicts": _texts(
            find_pair_conflicts(lines, sheet.tables.pairs, sheet.row.payer_type)
            if len(lines) > 1
            else ()
        ),
        "excess_units": _texts(find_excess_units(lines, limits) if limits else ()),
        "add_ons_without_primary": _texts(
            find_add_ons_without_primary(lines, add_ons) if add_ons else ()
        ),
    }


def _texts(findings: Iterable[EditFinding]) -> list[str]:
    return [finding.explanation for finding in findings]
