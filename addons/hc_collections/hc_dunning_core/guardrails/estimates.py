# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Good-faith estimates of care without insurance: 45 CFR 149.610 and 149.620."""

from ..money import words
from ..workdays import Workdays
from .acts import Act
from .facts import DebtFacts, Estimate
from .finding import Finding, Values, after_days, not_before, unknown


def estimate_dispute(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """While a dispute is open nothing is collected, nor threatened (149.620(c)).

    It can be opened where the bill is ``amount`` or more above the estimate, within ``days``
    calendar days of the initial bill, the last day included.
    """
    estimate = facts.estimate
    if estimate is None or estimate.disputed_on is None or estimate.disputed_on > act.on:
        return None
    closed_on = estimate.dispute_closed_on
    if closed_on is not None and closed_on <= act.on:
        return None
    excess = _excess(estimate)
    if excess is None or estimate.initial_bill_on is None:
        return unknown("estimate", "A dispute about the estimate is open, its figures are unknown.")
    last = after_days(estimate.initial_bill_on, values["days"])
    if excess < values["amount"] or estimate.disputed_on > last:
        return None
    return Finding(
        f"A dispute is open: the bill is {words(excess)} above the estimate "
        f"(limit {words(values['amount'])}), disputed on {estimate.disputed_on}.",
        closed_on,
    )


def estimate_dispute_window(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """As long as the patient may still dispute, an action may have to be undone."""
    estimate = facts.estimate
    if estimate is None or estimate.disputed_on is not None:
        return None
    excess = _excess(estimate)
    if excess is None or estimate.initial_bill_on is None or excess < values["amount"]:
        return None
    last = after_days(estimate.initial_bill_on, values["days"])
    text = (
        f"The bill is {words(excess)} above the estimate; it may be disputed before {{earliest}}."
    )
    return not_before(act, after_days(last, 1), text)


def estimate_timing(
    act: Act, facts: DebtFacts, values: Values, workdays: Workdays
) -> Finding | None:
    """The estimate came in time: see ``estimate_due_on``."""
    estimate = facts.estimate
    if estimate is None:
        return None
    due_on = estimate_due_on(estimate, values, workdays)
    if due_on is None or (estimate.given_on is not None and estimate.given_on <= due_on):
        return None
    if estimate.given_on is None and act.on <= due_on:
        return None
    given = f"given on {estimate.given_on}" if estimate.given_on else "not given"
    return Finding(f"A good-faith estimate was due by {due_on} and was {given}.")


def estimate_due_on(estimate: Estimate, values: Values, workdays: Workdays):
    """Return the last day to give the estimate; None where none is due.

    Scheduled ``far`` business days ahead: ``far_days`` later; scheduled ``near`` ahead:
    ``near_days`` later; on request: ``far_days`` after it.
    """
    if estimate.scheduled_on is not None and estimate.service_on is not None:
        ahead = workdays.between(estimate.scheduled_on, estimate.service_on)
        if ahead >= values["far"]:
            return workdays.add(estimate.scheduled_on, values["far_days"])
        if ahead >= values["near"]:
            return workdays.add(estimate.scheduled_on, values["near_days"])
    if estimate.requested_on is not None:
        return workdays.add(estimate.requested_on, values["far_days"])
    return None


def _excess(estimate: Estimate):
    if estimate.billed_amount is None or estimate.expected_amount is None:
        return None
    return estimate.billed_amount - estimate.expected_amount
