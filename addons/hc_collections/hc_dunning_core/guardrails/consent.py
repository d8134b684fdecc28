# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Consent to automated calls and texts, and its revocation: 47 CFR 64.1200(a)(10)."""

from datetime import date

from ..workdays import Workdays
from .acts import Act
from .facts import ChannelDay, DebtFacts
from .finding import Finding, Values
from .stop_words import CERTAIN, find_stop


def revocation(act: Act, facts: DebtFacts, values: Values, workdays: Workdays) -> Finding | None:
    """A revocation of this way of contact is honored: at once, or from its last day on.

    The law gives ``business_days``; with ``at_once`` the office does not use them.
    """
    if not act.is_automated:
        return None
    return _judge(
        act, facts, [each for each in facts.revocations if each.kind == act.kind], values, workdays
    )


def revocation_of_all(
    act: Act, facts: DebtFacts, values: Values, workdays: Workdays
) -> Finding | None:
    """One STOP, however it came, covers all automated contact from the caller."""
    if not act.is_automated:
        return None
    return _judge(act, facts, list(facts.revocations), values, workdays)


def stop_reply(act: Act, facts: DebtFacts, values: Values, _workdays: Workdays) -> Finding | None:
    """A reply such as STOP revokes before anybody has recorded it."""
    for reply in sorted(facts.replies, key=lambda each: each.on, reverse=True):
        if reply.kind != act.kind or reply.on > act.on:
            continue
        renewed_on = _renewed_on(act, facts, reply.on)
        if renewed_on is not None and renewed_on <= act.on:
            continue
        grade = find_stop(reply.text, values["keywords"])
        if grade == CERTAIN:
            text = f"The patient answered with a word that means stop on {reply.on}."
            return Finding(text, renewed_on)
        if grade and values["holds_on_doubt"]:
            text = f"An answer of {reply.on} may mean stop: a person reads it first."
            return Finding(text, renewed_on)
    return None


def _judge(
    act: Act, facts: DebtFacts, received: list[ChannelDay], values: Values, workdays: Workdays
) -> Finding | None:
    days = {each.on: _renewed_on(act, facts, each.on) for each in received if each.on <= act.on}
    standing = [day for day, renewed in days.items() if renewed is None or renewed > act.on]
    if not standing:
        return None
    first = min(standing)
    last = workdays.add(first, values["business_days"])
    if not values["at_once"] and act.on <= last:
        return None
    return Finding(
        f"Consent was revoked on {first}; the last day to honor this is {last}, "
        f"{values['business_days']} business days later.",
        days[max(standing)],
    )


def _renewed_on(act: Act, facts: DebtFacts, day: date) -> date | None:
    """The first consent to this way of contact after a day."""
    days = (each.on for each in facts.consents if each.kind == act.kind and each.on > day)
    return min(days, default=None)
