# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts about documents and self-pay duties."""

from collections.abc import Iterable

from ..facts import FactSpec
from .rows import CaseSheet, in_period

SPECS = (
    FactSpec("has_consent", "boolean", "Documents: signed consent", False),
    FactSpec("has_advance_notice", "boolean", "Documents: advance notice or waiver", False),
    FactSpec("documents_missing", "text_list", "Documents: required and missing"),
    FactSpec("lines_without_notice", "text_list", "Documents: notice modifier, no notice"),
    FactSpec("note_is_signed", "boolean", "Documents: encounter note signed", False),
    FactSpec("is_scheduled", "boolean", "Encounter: booked in advance", False),
    FactSpec("has_good_faith_estimate", "boolean", "Self-pay: good faith estimate", False),
    FactSpec("has_financial_screening", "boolean", "Self-pay: financial screening", False),
)

# GA and GX declare that a signed notice is on file; GZ and GY declare that none is.
NOTICE_MODIFIERS = frozenset({"GA", "GX"})


def derive(sheet: CaseSheet) -> dict:
    has_notice = sheet.has_document("advance_notice")
    return {
        "has_consent": sheet.has_document("consent"),
        "has_advance_notice": has_notice,
        "documents_missing": sorted(set(_documents_missing(sheet))),
        "lines_without_notice": []
        if has_notice
        else [line.label for line in sheet.lines if NOTICE_MODIFIERS.intersection(line.modifiers)],
        "note_is_signed": sheet.row.note_signed_on is not None
        or sheet.has_document("clinical_note"),
        "is_scheduled": bool(sheet.row.is_scheduled),
        "has_good_faith_estimate": sheet.has_document("good_faith_estimate"),
        "has_financial_screening": sheet.has_document("financial_screening"),
    }


def _documents_missing(sheet: CaseSheet) -> Iterable[str]:
    row = sheet.row
    for requirement in sheet.tables.document_requirements:
        if requirement.company_id != row.company_id:
            continue
        if requirement.payer_id not in (None, row.payer_id):
            continue
        if sheet.has_document(requirement.document_type):
            continue
        name = requirement.document_type.replace("_", " ")
        for line in sheet.lines:
            if requirement.code_id in (None, line.code.id) and in_period(
                requirement.date_from, requirement.date_to, line.row.service_date
            ):
                yield name if requirement.code_id is None else f"{line.label}: {name}"
