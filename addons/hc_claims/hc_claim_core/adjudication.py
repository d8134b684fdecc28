# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""From the adjustments of an 835 to what is posted, moved, left open or held.

Rules of the trade, each with its source:

- who bears an adjustment follows from the group of the CAS alone (835 X221A1); CO and PI never
  reach the patient, OA is nobody's;
- OA-23 repeats what earlier payers did and is never posted again (X12 RFI 1696, 2143, 2535);
- a payer's answer starts from the full charge, so an answer that settles more than is open would
  create a credit and is held (RFI 1696);
- CLP02 = 22 undoes an earlier answer (RFI 227), CLP02 = 25 only names a price;
- a claim is not denied because CLP02 is 4: denial follows from the codes of its lines (RFI 1423).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

PREDETERMINATION = "25"
REVERSAL = "22"
# Values of CLP02 that answer a claim; others come from older versions and are looked at.
ADJUDICATION_CODES = frozenset({"1", "2", "3", "4", "19", "20", "21"})
FORWARDED_CODES = frozenset({"19", "20", "21"})
NOT_OURS = "23"

ALLOWANCE = "allowance"
PATIENT = "patient"
DENIED = "denied"
OPEN = "open"
PRIOR_PAYER = "prior_payer"

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ReasonCode:
    """What the office's table says of a CARC on the day of the answer."""

    category: str = ""
    is_denial: bool = False


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One triple of a CAS: group, reason and amount, in the currency of the remittance."""

    group: str
    reason: str
    amount: Decimal
    treatment: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One CLP with all adjustments of the claim and of its lines."""

    status_code: str
    charged: Decimal
    paid: Decimal
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class Posting:
    """What an answer does to the receivable of the payer who gave it.

    ``settled`` is what leaves that receivable: cash, allowance and what moves to the next party.
    ``denied`` and ``pended`` stay open. A ``hold`` names the code of why nothing is posted.
    """

    cash: Decimal = _ZERO
    allowances: tuple[Adjustment, ...] = ()
    moved: Decimal = _ZERO
    denied: Decimal = _ZERO
    pended: Decimal = _ZERO
    hold: str = ""

    @property
    def allowed_off(self) -> Decimal:
        """The sum of the allowances."""
        return sum((item.amount for item in self.allowances), _ZERO)

    @property
    def settled(self) -> Decimal:
        """What leaves the payer's receivable."""
        return self.cash + self.allowed_off + self.moved

    @property
    def outcome(self) -> str:
        """The claim's state: denied where nothing but denials came of it."""
        if self.denied <= 0 and self.pended <= 0:
            return "paid"
        if self.cash or self.moved or self.allowances:
            return "partially_paid"
        return "denied" if self.denied > 0 else "pending"


def treat(group: str, reason: str, code: ReasonCode | None) -> str:
    """What becomes of an adjustment.

    :param code: the reason in the office's table; None: it is not there, and nothing that nobody
        understands is written off
    :return: ``allowance``, ``patient``, ``denied`` or ``open`` (both stay with the payer), or
        ``prior_payer`` (not posted)

    >>> treat("CO", "45", ReasonCode("contractual"))
    'allowance'
    >>> treat("PR", "1", ReasonCode("patient_responsibility"))
    'patient'
    >>> treat("OA", "23", ReasonCode("prior_payer"))
    'prior_payer'
    >>> treat("CO", "197", ReasonCode("authorization", is_denial=True))
    'denied'
    >>> treat("CO", "999", None)
    'denied'
    """
    if reason == "23" or (code and code.category == "prior_payer"):
        return PRIOR_PAYER
    if code is None or code.is_denial:
        return DENIED
    if group == "PR":
        return PATIENT
    if group in ("CO", "PI") or code.category == "contractual":
        return ALLOWANCE
    return OPEN


def plan_posting(answer: Answer, open_amount: Decimal, *, has_next_party: bool = True) -> Posting:
    """What an answer that is no reversal posts.

    :param answer: adjustments carry their treatment
    :param open_amount: what the payer owes on the case now
    :param has_next_party: whether somebody may be asked for the patient's share; nobody may ask a
        qualified Medicare beneficiary (42 U.S.C. 1396a(n)(3)(B))
    :return: the posting, or one that names why it is held

    >>> bad = Answer("2", Decimal(500), Decimal(65),
    ...              (Adjustment("CO", "45", Decimal(435), "allowance"),))
    >>> plan_posting(bad, Decimal(75)).hold
    'credit'
    """
    if answer.status_code not in ADJUDICATION_CODES:
        return Posting(hold="status")
    if answer.paid < 0:
        return Posting(hold="negative")
    by_treatment = {ALLOWANCE: [], PATIENT: [], DENIED: [], OPEN: [], PRIOR_PAYER: []}
    for adjustment in answer.adjustments:
        by_treatment[adjustment.treatment].append(adjustment)
    moved = _sum(by_treatment[PATIENT])
    if moved and not has_next_party:
        return Posting(hold="no_next_party")
    if moved < 0:
        return Posting(hold="negative")
    # A payment above the charge, such as a case rate, comes as a negative allowance: it nets.
    posting = Posting(
        answer.paid,
        _merge(by_treatment[ALLOWANCE]),
        moved,
        _sum(by_treatment[DENIED]),
        _sum(by_treatment[OPEN]),
    )
    return Posting(hold="credit") if posting.settled > open_amount else posting


def plan_missing(
    answer: Answer,
    open_amount: Decimal,
    *,
    cash_posted: Decimal,
    allowance_posted: Decimal,
    has_next_party: bool = True,
) -> Posting:
    """What is left to post of an answer of which others posted a part before it came.

    A part was posted to the cent or not at all: a difference is looked at, never absorbed.

    :param cash_posted: payments that stand for the payment of this answer
    :param allowance_posted: adjustments that stand for its allowances
    :return: the missing part; ``hold`` is ``cash_differs``, ``allowance_differs``, or a code of
        :func:`plan_posting`

    >>> paid_by_hand = Answer("1", Decimal(150), Decimal(80), (
    ...     Adjustment("CO", "45", Decimal(50), "allowance"),
    ...     Adjustment("PR", "2", Decimal(20), "patient")))
    >>> rest = plan_missing(paid_by_hand, Decimal(70), cash_posted=Decimal(80),
    ...                     allowance_posted=Decimal(0))
    >>> rest.hold, rest.cash, rest.settled
    ('', Decimal('0'), Decimal('70'))
    """
    whole = plan_posting(answer, answer.charged, has_next_party=has_next_party)
    if whole.hold:
        return whole
    if cash_posted and cash_posted != whole.cash:
        return Posting(hold="cash_differs")
    if allowance_posted and allowance_posted != whole.allowed_off:
        return Posting(hold="allowance_differs")
    rest = Posting(
        _ZERO if cash_posted else whole.cash,
        () if allowance_posted else whole.allowances,
        whole.moved,
        whole.denied,
        whole.pended,
    )
    return Posting(hold="credit") if rest.settled > open_amount else rest


def is_mirror(reversal: Answer, original: Answer) -> bool:
    """Whether a reversal negates an earlier answer exactly: charge, payment, every adjustment.

    >>> first = Answer("1", Decimal(100), Decimal(80), (Adjustment("CO", "45", Decimal(20)),))
    >>> back = Answer("22", Decimal(-100), Decimal(-80), (Adjustment("CO", "45", Decimal(-20)),))
    >>> is_mirror(back, first)
    True
    """
    return (
        reversal.charged == -original.charged
        and reversal.paid == -original.paid
        and _totals(reversal.adjustments, -1) == _totals(original.adjustments, 1)
    )


def _totals(adjustments: Iterable[Adjustment], sign: int) -> dict:
    totals = {}
    for item in adjustments:
        key = (item.group, item.reason)
        totals[key] = totals.get(key, _ZERO) + sign * item.amount
    return {key: amount for key, amount in totals.items() if amount}


def _merge(adjustments: Iterable[Adjustment]) -> tuple[Adjustment, ...]:
    """One allowance per group and reason, in their order, without those that cancel out."""
    return tuple(
        Adjustment(group, reason, amount, ALLOWANCE)
        for (group, reason), amount in _totals(adjustments, 1).items()
    )


def _sum(adjustments: Iterable[Adjustment]) -> Decimal:
    return sum((item.amount for item in adjustments), _ZERO)
