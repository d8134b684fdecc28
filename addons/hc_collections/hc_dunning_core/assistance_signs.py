# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Whether somebody who owes may get financial assistance, before they have applied for it.

26 CFR 1.501(r)-6(c)(2) and (4) let a hospital look for who is eligible by what it knows already,
and have it tell them before anything extraordinary. Nothing is granted by this: it says whom to
ask.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta

# The application period: what was answered within it is not asked again.
ANSWER_HOLDS = timedelta(days=240)
# What was offered and not taken up is offered again after so long.
OFFER_HOLDS = timedelta(days=90)
# One of these is enough; of the others it takes two.
STRONG = ("has_asked", "was_granted", "has_medicaid")
WEAK = ("is_uninsured", "has_failed_plan", "has_broken_promise")


@dataclass(frozen=True, slots=True)
class AssistanceSigns:
    """What is known of a guarantor.

    :param has_asked: they asked about help, and no application came of it
    :param was_granted: an earlier application was granted
    :param has_medicaid: Medicaid covers them, whose limits of income lie below most policies
    :param is_uninsured: no insurance is known that covers them
    :param has_failed_plan: a payment plan was not kept
    :param has_broken_promise: the last promise to pay was not kept
    :param answered_on: when their last application was decided; None: there is none
    :param offered_on: when they were last told how to apply; None: nobody told them
    """

    has_asked: bool = False
    was_granted: bool = False
    has_medicaid: bool = False
    is_uninsured: bool = False
    has_failed_plan: bool = False
    has_broken_promise: bool = False
    answered_on: date | None = None
    offered_on: date | None = None


SIGNS = tuple(each.name for each in fields(AssistanceSigns) if not each.name.endswith("_on"))


def find_signs(known: AssistanceSigns, as_of: date) -> tuple[str, ...]:
    """Return what speaks for assistance where it is likely; empty where it is not, or was answered.

    >>> day = date(2026, 5, 4)
    >>> find_signs(AssistanceSigns(has_medicaid=True), day)
    ('has_medicaid',)
    >>> find_signs(AssistanceSigns(is_uninsured=True), day)
    ()
    >>> find_signs(AssistanceSigns(is_uninsured=True, has_failed_plan=True), day)
    ('is_uninsured', 'has_failed_plan')
    >>> find_signs(AssistanceSigns(has_medicaid=True, answered_on=day), day)
    ()

    :param as_of: the day of the question
    """
    if _is_within(known.answered_on, ANSWER_HOLDS, as_of):
        return ()
    if _is_within(known.offered_on, OFFER_HOLDS, as_of) and not known.has_asked:
        return ()
    found = tuple(name for name in SIGNS if getattr(known, name))
    is_likely = any(name in STRONG for name in found) or len(found) > 1
    return found if is_likely else ()


def _is_within(day: date | None, span: timedelta, as_of: date) -> bool:
    return day is not None and as_of - day < span
