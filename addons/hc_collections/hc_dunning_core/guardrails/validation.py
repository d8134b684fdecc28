# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a collector must tell first: the validation notice, 12 CFR 1006.34 and 1006.38."""

from ..workdays import Workdays
from .acts import Act
from .facts import DebtFacts
from .finding import Finding, Values, after_days


def validation_notice(
    act: Act, facts: DebtFacts, values: Values, _workdays: Workdays
) -> Finding | None:
    """The notice follows the first contact within ``send_within_days``; a dispute stops collection.

    A dispute counts that comes within ``dispute_days`` of the notice, until the debt is verified.
    """
    told = facts.validation
    if told.notice_sent_on is None:
        if told.first_contact_on is None:
            return None
        last = after_days(told.first_contact_on, values["send_within_days"])
        if act.on <= last:
            return None
        return Finding(f"The validation notice was due by {last} and is not sent.")
    last = after_days(told.notice_sent_on, values["dispute_days"])
    disputed = told.disputed_on is not None and told.disputed_on <= min(last, act.on)
    if not disputed or (told.verified_on is not None and told.verified_on <= act.on):
        return None
    return Finding(
        f"The debt was disputed on {told.disputed_on}, before {last}, and is not verified."
    )
