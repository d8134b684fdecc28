# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What single states add: caps of interest, offers that must come first."""

from ..workdays import Workdays
from .acts import Act
from .facts import DebtFacts
from .finding import Finding, Values, unknown


def interest_cap(
    act: Act, _facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """Interest on medical debt stays at or below ``percent`` a year."""
    if act.rate_percent is None:
        return unknown("rate_percent", "Say which rate is to be charged.")
    if act.rate_percent <= values["percent"]:
        return None
    return Finding(f"{act.rate_percent} % a year is above the cap of {values['percent']} %.")


def required_offers(
    _act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """The patient was offered what the state asks for first."""
    open_offers = [offer for offer in values["offers"] if offer not in facts.offers_made]
    if not open_offers:
        return None
    return Finding(f"These offers come first: {', '.join(open_offers)}.")
