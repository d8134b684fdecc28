# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Facts about coverage, eligibility and the filing deadline."""

from contextlib import suppress
from functools import lru_cache

from ..errors import PatternError
from ..facts import FactSpec
from ..safe_pattern import compile_pattern
from ..timely_filing import filing_days_left, filing_deadline
from .rows import CaseSheet, in_period

SPECS = (
    FactSpec("is_insured", "boolean", "Coverage: a payer is billed", False),
    FactSpec("payer_type", "text", "Payer: type"),
    FactSpec("payer_code", "text", "Payer: code"),
    FactSpec("coverage_missing_fields", "text_list", "Coverage: missing fields"),
    FactSpec("member_id_matches", "boolean", "Coverage: member id fits the payer's pattern"),
    FactSpec("coverage_spans_service", "boolean", "Coverage: dates span the service"),
    FactSpec("coverage_order_is_set", "boolean", "Coverage: primary and secondary in order"),
    FactSpec("medicare_secondary_answered", "boolean", "Coverage: MSP questions answered"),
    FactSpec("payer_identifier_is_set", "boolean", "Payer: clearinghouse id is known"),
    FactSpec("payer_accepts_claim_type", "boolean", "Payer: claim type is enabled"),
    FactSpec("eligibility_required", "boolean", "Eligibility: payer wants it checked", False),
    FactSpec("eligibility_status", "text", "Eligibility: last answer"),
    FactSpec("eligibility_is_fresh", "boolean", "Eligibility: answer is fresh enough"),
    FactSpec("filing_deadline", "date", "Timely filing: last day"),
    FactSpec("filing_days_left", "integer", "Timely filing: days left"),
    FactSpec("filing_warning_days", "integer", "Timely filing: warning from, in days"),
)

_pattern = lru_cache(maxsize=512)(compile_pattern)


def derive(sheet: CaseSheet) -> dict:
    row = sheet.row
    facts = {
        "is_insured": sheet.is_insured,
        "payer_type": row.payer_type or "self_pay",
        "payer_code": row.payer_code,
        "coverage_missing_fields": _missing_fields(sheet) if sheet.is_insured else [],
        "coverage_spans_service": sheet.is_insured
        and in_period(row.coverage_from, row.coverage_to, sheet.service_date_from)
        and in_period(row.coverage_from, row.coverage_to, sheet.service_date_to),
        "coverage_order_is_set": _order_is_set(sheet),
        "medicare_secondary_answered": row.medicare_secondary_answered,
        "payer_identifier_is_set": bool(row.payer_identifier),
        "payer_accepts_claim_type": row.accepts_institutional_claims
        if sheet.claim_type == "institutional"
        else row.accepts_professional_claims,
        "eligibility_required": bool(row.eligibility_required),
        "eligibility_status": row.eligibility_status,
        "eligibility_is_fresh": _is_fresh(sheet),
        "filing_deadline": None,
        "filing_days_left": None,
        "filing_warning_days": row.timely_filing_warning_days,
    }
    if row.timely_filing_days:
        days = (sheet.service_date_to,)
        facts["filing_deadline"] = filing_deadline(days, row.timely_filing_days)
        facts["filing_days_left"] = filing_days_left(days, row.timely_filing_days, sheet.as_of)
    # Left out where the pattern is malformed: a rule that asks then errs and holds the case.
    with suppress(PatternError):
        facts["member_id_matches"] = not row.member_id_pattern or _pattern(row.member_id_pattern)(
            row.member_id or ""
        )
    return facts


def _missing_fields(sheet: CaseSheet) -> list[str]:
    row = sheet.row
    missing = []
    if not row.member_id:
        missing.append("member id")
    if not row.subscriber_relation:
        missing.append("relation to the subscriber")
    elif row.subscriber_relation != "self" and not row.subscriber_id:
        missing.append("subscriber")
    return missing


def _order_is_set(sheet: CaseSheet) -> bool:
    row = sheet.row
    if row.coverage_id is None:
        return row.secondary_coverage_id is None
    if row.coverage_order != "1":
        return False
    return row.secondary_coverage_id is None or (
        row.secondary_coverage_id != row.coverage_id and row.secondary_coverage_order == "2"
    )


def _is_fresh(sheet: CaseSheet) -> bool:
    """An answer is fresh when it was given on, after or shortly before the service."""
    row = sheet.row
    if row.eligibility_checked_on is None:
        return False
    age_days = (sheet.service_date_from - row.eligibility_checked_on).days
    return age_days <= (row.eligibility_fresh_days or 0)
