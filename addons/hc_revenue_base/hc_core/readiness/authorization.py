# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts about prior authorizations and referrals."""

from collections.abc import Iterable
from decimal import Decimal

from ..facts import FactSpec
from .rows import AuthorizationRow, CaseSheet, ChargedLine, in_period

SPECS = (
    FactSpec("lines_without_authorization", "text_list", "Authorization: required and missing"),
    FactSpec("lines_without_referral", "text_list", "Referral: required and missing"),
    FactSpec("authorization_problems", "text_list", "Authorization: does not cover"),
)


def derive(sheet: CaseSheet) -> dict:
    if not sheet.is_insured:
        return {spec.name: [] for spec in SPECS}
    row = sheet.row
    return {
        "lines_without_authorization": [
            line.label
            for line in sheet.lines
            if not (line.row.authorization_id or row.authorization_id)
            and _is_required(sheet, line, "authorization")
        ],
        "lines_without_referral": []
        if row.referral_id
        else [line.label for line in sheet.lines if _is_required(sheet, line, "referral")],
        "authorization_problems": list(_problems(sheet)),
    }


def _is_required(sheet: CaseSheet, line: ChargedLine, kind: str) -> bool:
    return any(
        requirement.kind == kind
        and requirement.place_id in (None, line.row.place_id)
        and in_period(requirement.date_from, requirement.date_to, line.row.service_date)
        for requirement in sheet.tables.requirements.get((sheet.row.payer_id, line.code.id), ())
    )


def _problems(sheet: CaseSheet) -> Iterable[str]:
    """Why a linked authorization does not cover the line it is linked to."""
    for line in sheet.lines:
        own_id = line.row.authorization_id
        linked_id = own_id or sheet.row.authorization_id
        authorization = sheet.tables.authorizations.get(linked_id)
        if authorization is None:
            continue
        # One authorization for the whole visit need not name every service of it.
        if own_id is None and not _is_required(sheet, line, "authorization"):
            continue
        reason = _reason(sheet, line, authorization)
        if reason:
            yield f"{line.label}: {reason}"


def _reason(sheet: CaseSheet, line: ChargedLine, authorization: AuthorizationRow) -> str | None:
    if authorization.payer_id != sheet.row.payer_id:
        return "of another payer"
    if not in_period(authorization.date_from, authorization.date_to, line.row.service_date):
        return "not valid on that day"
    if authorization.codes and line.code.code not in authorization.codes:
        return "for other procedures"
    if authorization.practitioner_id not in (None, line.performer_id):
        return "for another practitioner"
    approved = authorization.approved_units
    if approved and Decimal(str(authorization.used_units)) > Decimal(str(approved)):
        return f"{approved:g} units approved, {authorization.used_units:g} charged"
    return None
