# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Extraordinary collection action by hospitals: 26 CFR 1.501(r)-4 to -6, and state floors.

All periods run from the first statement after discharge, never from the service. What an agency
does for a hospital counts as the hospital's.
"""

from ..money import words
from ..workdays import Workdays
from .acts import THIRD_PARTY, Act
from .facts import GRANTED, PENDING, DebtFacts
from .finding import Finding, Values, after_days, not_before, unknown

NO_FIRST_STATEMENT = "No first statement after discharge is on record, so that no period runs."


def notification_period(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """No action for at least ``days`` days from the first statement: lawful from that day on."""
    first, days = facts.first_statement_on, values["days"]
    if first is None:
        return unknown("first_statement_on", NO_FIRST_STATEMENT)
    text = f"{days} days from the first statement of {first} end on {{earliest}}."
    return not_before(act, after_days(first, days), text)


def application_period(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """Applications are taken through the last of ``days`` days, or the notice's deadline if later.

    26 CFR 1.501(r)-1(b)(3): the period ends on the later of the two, that day included.
    """
    first, days = facts.first_statement_on, values["days"]
    if first is None:
        return unknown("first_statement_on", NO_FIRST_STATEMENT)
    last = after_days(first, days)
    if facts.notice_deadline is not None:
        last = max(last, facts.notice_deadline)
    text = f"Applications for assistance are taken through {last}; from {{earliest}} on no more."
    return not_before(act, after_days(last, 1), text)


def written_notice(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """A written notice with summary and deadline, at least ``days`` days before the action."""
    if facts.notice_on is None:
        return unknown("notice_on", "No written notice of the action has been sent.")
    if not facts.notice_has_summary:
        return Finding("The notice went out without the summary of financial assistance.")
    earliest = after_days(facts.notice_on, values["days"])
    if facts.notice_deadline is not None:
        earliest = max(earliest, after_days(facts.notice_deadline, 1))
    text = (
        f"The notice of {facts.notice_on} gives at least {values['days']} days; the action is "
        "possible from {earliest}."
    )
    return not_before(act, earliest, text)


def pending_application(
    _act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """An application suspends the action; a granted one ends and reverses it."""
    if facts.assistance == PENDING:
        return Finding("An application for financial assistance is pending.")
    if facts.assistance == GRANTED:
        return Finding("Assistance was granted: reverse earlier actions and refund the excess.")
    return None


def generally_billed(
    _act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """An eligible patient is not charged above what is generally billed."""
    if facts.assistance != GRANTED:
        return None
    charged, limit = facts.charged_amount, facts.generally_billed_limit
    if charged is None or limit is None:
        name = "charged_amount" if charged is None else "generally_billed_limit"
        return unknown(name, "The charge cannot be held against the amounts generally billed.")
    if charged <= limit:
        return None
    return Finding(
        f"The charge of {words(charged)} is above the amounts generally billed, {words(limit)}."
    )


def agency_agreement(
    act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """Others act for a hospital only under a written agreement that binds them to these rules."""
    if act.party != THIRD_PARTY or facts.has_agency_agreement:
        return None
    return Finding("No written agreement binds the agency to the hospital's duties.")
