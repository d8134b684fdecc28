# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a payer's rules keep away from the patient."""

from ..money import words
from ..workdays import Workdays
from .acts import Act
from .facts import DebtFacts
from .finding import Finding, Values, after_days, not_before, unknown


def dual_eligible(
    _act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """Qualified Medicare beneficiaries are never billed Medicare's cost share."""
    if not facts.is_dual_eligible:
        return None
    return Finding("The patient is a Qualified Medicare Beneficiary: no cost share may be billed.")


def medicare_bad_debt(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """Reasonable effort for ``days`` days from the first bill; a payment begins them anew.

    42 CFR 413.89(e)(2).
    """
    first = facts.first_statement_on
    if first is None:
        return unknown("first_statement_on", "No first bill is on record.")
    since = first
    if values["restarts_on_payment"] and facts.last_payment_on is not None:
        since = max(first, facts.last_payment_on)
    text = f"{values['days']} days of collection effort since {since} end on {{earliest}}."
    return not_before(act, after_days(since, values["days"]), text)


def contractual_obligation(
    _act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """What a payer made the provider's loss (CO, PI) is never asked of the patient."""
    if facts.contractual_amount <= 0:
        return None
    return Finding(
        f"The balance holds {words(facts.contractual_amount)} that the payer made the provider's."
    )


def balance_billing(
    _act: Act, facts: DebtFacts, _values: Values, _workdays: Workdays
) -> Finding | None:
    """A patient protected from surprise bills owes the in-network cost share at most."""
    if not facts.is_surprise_protected:
        return None
    balance, limit = facts.balance, facts.cost_share_limit
    if balance is None or limit is None:
        name = "balance" if balance is None else "cost_share_limit"
        return unknown(name, "The balance cannot be held against the in-network cost share.")
    if balance <= limit:
        return None
    return Finding(
        f"The balance of {words(balance)} is above the in-network cost share, {words(limit)}."
    )
