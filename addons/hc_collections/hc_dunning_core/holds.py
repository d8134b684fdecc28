# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""What a hold stops, and until when.

A hold ends on its last day, by the event of its kind, or by a person; whichever comes first. A
dispute stops the disputed amount alone: the undisputed rest of the account is still followed up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from .errors import DunningError, check_choice
from .money import ZERO, check_positive

CONTACT = "contact"
CALLS = "calls"
EXTRAORDINARY = "extraordinary"
AMOUNT = "amount"
SCOPES = (CONTACT, CALLS, EXTRAORDINARY, AMOUNT)

RECALL = "recall"
DECIDE = "decide"

_EVERYTHING = frozenset({CONTACT, CALLS, EXTRAORDINARY})
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HoldKind:
    """A reason to hold.

    :param stops: what stops, of ``SCOPES``; ``contact`` comes with ``calls``
    :param needs_end: whether a last day must be given
    :param ending_event: what ends it by itself; empty where only a day or a person does
    :param may_narrow: whether one hold may stop less than its kind
    :param at_agency: what follows for a debt that is with an agency: ``recall`` it at once, let a
        person ``decide``, or nothing
    """

    code: str
    name: str
    stops: frozenset[str]
    needs_end: bool = False
    ending_event: str = ""
    may_narrow: bool = False
    at_agency: str = RECALL
    source: str = "office policy"


HOLD_KINDS = {
    kind.code: kind
    for kind in (
        HoldKind(
            "dispute",
            "Dispute",
            frozenset({AMOUNT}),
            ending_event="dispute_decided",
        ),
        HoldKind(
            "promise",
            "Promise to Pay",
            _EVERYTHING,
            True,
            "promise_judged",
            at_agency=DECIDE,
        ),
        HoldKind("plan", "Payment Plan Current", _EVERYTHING, False, "plan_ended"),
        HoldKind(
            "assistance",
            "Financial Assistance Pending",
            _EVERYTHING,
            ending_event="assistance_decided",
            source="26 CFR 1.501(r)-6(c)",
        ),
        HoldKind(
            "bankruptcy",
            "Bankruptcy",
            _EVERYTHING,
            ending_event="stay_lifted",
            source="11 U.S.C. 362(a)",
        ),
        HoldKind("deceased", "Deceased", _EVERYTHING, ending_event="estate_contact_named"),
        HoldKind("insurance", "Insurance Pending", _EVERYTHING, True, "insurance_answered"),
        HoldKind(
            "estimate_dispute",
            "Good-Faith-Estimate Dispute",
            _EVERYTHING,
            ending_event="determination_received",
            source="45 CFR 149.620",
        ),
        HoldKind(
            "cease",
            "Cease Request",
            _EVERYTHING,
            ending_event="consumer_resumed_contact",
            source="12 CFR 1006.6(c)",
        ),
        HoldKind(
            "placement",
            "With an Agency",
            frozenset({CONTACT, CALLS}),
            ending_event="placement_ended",
            at_agency="",
        ),
        HoldKind("manual", "Manual", _EVERYTHING, True, may_narrow=True, at_agency=DECIDE),
    )
}


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold of an account.

    :param first_day: the first day on which it holds
    :param last_day: the last day on which it holds; None: until its event or a person ends it
    :param released_on: the day from which it holds no more, by its event or a person
    :param amount: the disputed part; needed where the kind stops an amount
    :param narrowed_to: less than the kind stops, where it may be narrowed
    :raises DunningError: ``choice_unknown``, ``end_needed``, ``date_order``, ``scope_fixed``,
        ``amount_invalid``, ``amount_not_positive``
    """

    kind: str
    first_day: date
    last_day: date | None = None
    released_on: date | None = None
    amount: Decimal | None = None
    narrowed_to: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        check_choice("kind of hold", self.kind, tuple(HOLD_KINDS))
        kind = HOLD_KINDS[self.kind]
        if kind.needs_end and self.last_day is None:
            raise DunningError("end_needed", kind=self.kind)
        if self.last_day is not None and self.last_day < self.first_day:
            raise DunningError("date_order", what="hold", first=self.first_day, last=self.last_day)
        if self.narrowed_to and not (kind.may_narrow and self.narrowed_to <= kind.stops):
            raise DunningError("scope_fixed", kind=self.kind)
        if AMOUNT in kind.stops:
            check_positive("disputed amount", self.amount)

    @property
    def stops(self) -> frozenset[str]:
        """What this hold stops, of ``SCOPES``."""
        return self.narrowed_to or HOLD_KINDS[self.kind].stops

    @property
    def free_on(self) -> date | None:
        """The first day after the hold, as far as that is known."""
        after = None if self.last_day is None else self.last_day + _DAY
        known = [day for day in (after, self.released_on) if day is not None]
        return max(min(known), self.first_day) if known else None

    def is_in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        free_on = self.free_on
        return self.first_day <= day and (free_on is None or day < free_on)


# Law stays the follow-up: only a supervisor or above says that the reason is gone.
LEGAL_KINDS = frozenset({"bankruptcy", "cease", "deceased"})


def holds_in_force(holds: Iterable[Hold], scope: str, day: date) -> tuple[Hold, ...]:
    """Return the holds that stop the scope on a day, as given.

    >>> cease = Hold("cease", date(2026, 1, 5))
    >>> holds_in_force([cease], CONTACT, date(2026, 1, 4))
    ()
    >>> len(holds_in_force([cease], CALLS, date(2026, 1, 5)))
    1

    :raises DunningError: ``choice_unknown``
    """
    check_choice("scope", scope, SCOPES)
    return tuple(hold for hold in holds if scope in hold.stops and hold.is_in_force(day))


def first_free_day(holds: Iterable[Hold], scope: str, day: date) -> date | None:
    """Return the first day from ``day`` on that nothing stops; None where no end is known.

    Holds that follow on one another are followed to the end.

    >>> promise = Hold("promise", date(2026, 1, 5), date(2026, 1, 20))
    >>> first_free_day([promise], CONTACT, date(2026, 1, 7))
    datetime.date(2026, 1, 21)
    """
    holds = tuple(holds)
    while stopping := holds_in_force(holds, scope, day):
        ends = [hold.free_on for hold in stopping]
        if None in ends:
            return None
        day = max(ends)
    return day


def disputed_amount(holds: Iterable[Hold], day: date) -> Decimal:
    """Return the sum that is disputed on a day and not to be followed up."""
    return sum((hold.amount for hold in holds_in_force(holds, AMOUNT, day)), ZERO)
