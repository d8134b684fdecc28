# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What to do next with an account: the first rule that applies, and why.

The order is the policy: what law or a record stops comes before what is owed to the party (an
answer, a decision, help that they may not know of), that before asking for money, and a person
before a letter. A reminder that is due comes before an offer that can be made any day.
"""

from dataclasses import dataclass
from datetime import date, datetime

NOTHING = "nothing"
HELD = "held"
AGENCY = "agency"
DISPUTE = "dispute"
APPLICATION = "application"
ASSIST = "assist"
ADDRESS = "address"
STATEMENT = "statement"
PLAN = "plan"
CALL = "call"
PLACE = "place"
REMIND = "remind"
WAIT = "wait"
STEPS = (
    NOTHING,
    HELD,
    AGENCY,
    DISPUTE,
    APPLICATION,
    ASSIST,
    ADDRESS,
    STATEMENT,
    PLAN,
    CALL,
    PLACE,
    REMIND,
    WAIT,
)


@dataclass(frozen=True, slots=True)
class StepFacts:
    """What is known of an account.

    :param is_owing: whether anything is open
    :param is_patient: whether a guarantor owes, and not a payer
    :param hold: kind of the hold that stops every contact; empty: none
    :param has_dispute: whether one waits for an answer
    :param has_application: whether one for assistance waits for a decision
    :param is_mail_returned: whether the post brought a letter back
    :param was_told: whether a statement went out
    :param was_reached: whether somebody spoke with the party in this follow-up
    :param has_broken_promise: whether the last promise was not kept
    :param may_have_plan: whether the policy offers a plan and there is none
    :param call_from: the earliest lawful call; None: not before a fact changes
    :param is_final: whether the final notice was given
    :param place_from: the earliest lawful placement; None: not before a fact changes
    :param assistance_signs: what speaks for financial assistance; empty: it is not likely
    :param remind_on: the earliest day of the next reminder; None: no day is known
    :param no_reminder: why none comes, a code of the cadence; empty: nobody knows
    :param now: with a time zone
    """

    is_owing: bool = True
    is_patient: bool = True
    hold: str = ""
    has_dispute: bool = False
    has_application: bool = False
    is_mail_returned: bool = False
    was_told: bool = True
    was_reached: bool = False
    has_broken_promise: bool = False
    may_have_plan: bool = False
    call_from: datetime | None = None
    is_final: bool = False
    place_from: date | datetime | None = None
    assistance_signs: tuple[str, ...] = ()
    remind_on: date | None = None
    no_reminder: str = ""
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step, and from when on where it is not now.

    :param code: of ``STEPS``
    :param reason: why, as a code
    :param details: more codes that say why
    """

    code: str
    reason: str
    since: date | datetime | None = None
    details: tuple[str, ...] = ()


def next_step(facts: StepFacts) -> Step:
    """Return the next best step.

    >>> next_step(StepFacts(is_owing=False)).code
    'nothing'
    >>> next_step(StepFacts(has_dispute=True, is_final=True)).code
    'dispute'
    """
    if not facts.is_owing:
        return Step(NOTHING, "settled")
    if facts.hold == "placement":
        return Step(AGENCY, "placed")
    if facts.has_dispute:
        return Step(DISPUTE, "dispute_open")
    if facts.has_application:
        return Step(APPLICATION, "application_open")
    if facts.hold:
        return Step(HELD, facts.hold)
    if facts.is_mail_returned:
        return Step(ADDRESS, "mail_returned")
    if facts.is_patient and not facts.was_told:
        return Step(STATEMENT, "never_told")
    if facts.is_patient and facts.assistance_signs:
        return Step(ASSIST, "assistance_likely", details=facts.assistance_signs)
    return _ask(facts)


def _ask(facts: StepFacts) -> Step:
    """Ask for what is owed: a person first, then the agency, then the letters of the cadence."""
    may_call = _is_now(facts.call_from, facts.now)
    if facts.has_broken_promise and facts.may_have_plan and may_call:
        return Step(PLAN, "promise_broken")
    if not facts.was_reached and may_call:
        return Step(CALL, "not_reached")
    if facts.is_final and _is_now(facts.place_from, facts.now):
        return Step(PLACE, "final_notice_given")
    if _is_now(facts.remind_on, facts.now):
        return Step(REMIND, "reminder_due")
    if not facts.was_reached and facts.call_from:
        return Step(WAIT, "call_later", facts.call_from)
    if facts.may_have_plan and may_call:
        return Step(PLAN, "plan_offer")
    if facts.is_final and facts.place_from:
        return Step(WAIT, "place_later", facts.place_from)
    if facts.remind_on:
        return Step(WAIT, "next_reminder", facts.remind_on)
    return Step(WAIT, "cadence", details=(facts.no_reminder,) if facts.no_reminder else ())


def _is_now(since: date | datetime | None, now: datetime | None) -> bool:
    if since is None or now is None:
        return False
    return since <= now if isinstance(since, datetime) else since <= now.date()
