# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""From the levels of a 271 to one plain answer per member, bounded and fit to be stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from .eligibility import BenefitRow, Member, outcome_of, plan_period

BENEFITS_MAX = 1000
_TEXT_MAX = 2000
_NAME_MAX = 120
_CODES_MAX = 400
_AMOUNT_MAX = Decimal(1_000_000_000)
_QUANTITY_MAX = Decimal(100_000_000)
_PAYER_ROLES = ("PR", "2B", "36", "GP", "P5")
_SUBSCRIBER_ROLE = "IL"
_OUR_TRACE = "2"
INACTIVE_COVERAGE = ("6", "7", "8")


@dataclass(frozen=True, slots=True)
class MemberAnswer:
    """What one level of a 271 says of one person.

    Attributes:
        traces: numbers of our questions that it gives back.
        member: of whom it speaks; the number is the subscriber's.
        payer_identifier: of the payer that speaks.
        is_dependent: whether the person is not the subscriber.
        values: values of the answer, without whom and what it belongs to.
        benefits: values of its benefits, in file order.
        segment_number: position of the level in the file.
        has_errors: whether a segment of it cannot be read.
    """

    traces: tuple[str, ...]
    member: Member
    payer_identifier: str
    is_dependent: bool
    values: dict[str, Any]
    benefits: tuple[dict[str, Any], ...]
    segment_number: int
    has_errors: bool = False


@dataclass(frozen=True, slots=True)
class SourceReject:
    """A payer or provider level that was rejected as a whole: nobody below was looked up.

    Attributes:
        reference: BHT03 of our file: interchange and transaction set.
        payer_identifier: of the payer that speaks.
        reject_codes: as stored on the answers.
    """

    reference: str
    payer_identifier: str
    reject_codes: str


def read_answers(response) -> Iterator[MemberAnswer | SourceReject]:
    """Yield what the levels of a 271 say, in file order.

    :param response: ``hc_x12.eligibility.EligibilityResponse``
    """
    above: dict[str, tuple] = {}
    pending = ""
    pending_payer = ""
    has_members = False
    for level in response.levels:
        parent = level.place.parent
        rejects = (*(above.get(parent.number, ()) if parent else ()), *level.rejects)
        if rejects:
            above[level.place.number] = rejects
        if not level.is_member:
            if pending and not has_members:
                yield SourceReject(response.reference, pending_payer, pending)
            has_members = False
            pending, pending_payer = _codes(rejects), _payer_of(level)
            continue
        has_members = True
        if _says_something(level, rejects):
            yield _member_answer(level, rejects)
    if pending and not has_members:
        yield SourceReject(response.reference, pending_payer, pending)


def _says_something(level, rejects) -> bool:
    """A subscriber above a dependent is often named only; the dependent is spoken of."""
    own_traces = any(trace.type == _OUR_TRACE for trace in level.traces)
    return bool(level.benefits or rejects or own_traces)


def _member_answer(level, rejects) -> MemberAnswer:
    subscriber = level.place.named(_SUBSCRIBER_ROLE)
    own = level.place.names[0] if level.place.names else subscriber
    member_id = (subscriber and subscriber.identifier) or (own and own.identifier) or ""
    all_rejects = (*rejects, *(each for benefit in level.benefits for each in benefit.rejects))
    benefits = tuple(map(_benefit_values, range(BENEFITS_MAX), level.benefits))
    begin, end = plan_period(_plan_dates(level))
    rows = [
        BenefitRow(each["information"], tuple(filter(None, each["service_types"].split(","))))
        for each in benefits
    ]
    plan = next((b.plan for b in level.benefits if b.plan and b.is_active_coverage), "")
    values = {
        "outcome": outcome_of([each.reason for each in all_rejects], rows),
        "plan_name": clean(plan, _NAME_MAX),
        "plan_date_from": begin,
        "plan_date_to": end,
        "member_id": clean(member_id, _NAME_MAX),
        "reject_codes": _codes(all_rejects),
        "other_payer": _other_payer(benefits),
        "note": _left_off(len(level.benefits)),
    }
    return MemberAnswer(
        traces=tuple(trace.number for trace in level.traces if trace.type == _OUR_TRACE),
        member=Member(
            clean(member_id, _NAME_MAX),
            clean(own.last_name if own else "", _NAME_MAX),
            clean(own.first_name if own else "", _NAME_MAX),
            level.birth_date,
        ),
        payer_identifier=_payer_of(level),
        is_dependent=level.place.level == "23",
        values=values,
        benefits=benefits,
        segment_number=level.segment_number,
        has_errors=any(finding.severity == "error" for finding in level.findings),
    )


def _plan_dates(level):
    """Dates of the level, then those of its statements about the coverage itself."""
    yield from ((each.qualifier, each.first, each.last) for each in level.dates)
    for benefit in level.benefits:
        if benefit.is_active_coverage or benefit.information in INACTIVE_COVERAGE:
            yield from ((each.qualifier, each.first, each.last) for each in benefit.dates)


def _other_payer(benefits) -> str:
    named = (each["entity_name"] for each in benefits if each["information"] in ("R", "MC"))
    return next(filter(None, named), "")


def _benefit_values(sequence: int, benefit) -> dict[str, Any]:
    begin, end = _benefit_period(benefit)
    entity = benefit.entities[0].name if benefit.entities else None
    percent = benefit.fraction * 100 if benefit.fraction is not None else None
    return {
        "sequence": sequence,
        "information": clean(benefit.information, 8) or "?",
        "service_types": ",".join(clean(each, 8) for each in benefit.service_types)[:_CODES_MAX],
        "coverage_level": clean(benefit.coverage_level, 8),
        "insurance_type": clean(benefit.insurance_type, 8),
        "plan_name": clean(benefit.plan, _NAME_MAX),
        "network": _one_of(benefit.in_network, "YNWU"),
        "period": clean(benefit.period, 8),
        **_figure("amount", benefit.amount, _AMOUNT_MAX),
        **_figure("percent", percent, Decimal(1000)),
        **_figure("quantity", benefit.quantity, _QUANTITY_MAX),
        "quantity_qualifier": clean(benefit.quantity_qualifier, 8),
        "authorization_required": _one_of(benefit.authorization_required, "YNU"),
        "procedure": clean(benefit.procedure.code, 48) if benefit.procedure else "",
        "date_from": begin,
        "date_to": end,
        "entity_name": clean(
            " ".join(filter(None, (entity.first_name, entity.last_name))) if entity else "",
            _NAME_MAX,
        ),
        "message": clean(" ".join(benefit.messages), _TEXT_MAX),
    }


def _benefit_period(benefit) -> tuple[date | None, date | None]:
    """The days that a statement is about; the plan's own stand on the answer."""
    period = plan_period((each.qualifier, each.first, each.last) for each in benefit.dates)
    if any(period):
        return period
    for each in benefit.dates:
        if each.qualifier in ("292", "348", "193", "472"):
            last = each.last if each.last != each.first else None
            return each.first, last
    return None, None


def _figure(name: str, value: Decimal | None, limit: Decimal) -> dict[str, Any]:
    """A figure and whether there is one; what no payer means is left out."""
    known = value is not None and abs(value) < limit
    return {name: float(value) if known else 0.0, f"has_{name}": known}


def _codes(rejects) -> str:
    pairs = dict.fromkeys(
        f"{clean(each.reason, 4)}/{clean(each.follow_up, 4)}" for each in rejects if each.reason
    )
    return " ".join(pairs)[:_CODES_MAX]


def _payer_of(level) -> str:
    payer = level.place.named(*_PAYER_ROLES)
    return clean(payer.identifier if payer else "", _NAME_MAX)


def _left_off(count: int) -> str:
    return f"{count - BENEFITS_MAX} statements left off" if count > BENEFITS_MAX else ""


def _one_of(code: str, allowed: str) -> str:
    return code if code and code in allowed else ""


def clean(text: str, limit: int) -> str:
    """Text of a file as it is stored: without control characters, bounded.

    >>> clean(" A\\x00B ", 5)
    'AB'
    """
    return "".join(filter(str.isprintable, text or "")).strip()[:limit]
