# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Financial assistance: household and income to a discount, in steps that can be told.

Laws: less income or a larger household never means a smaller discount; an eligible patient never
owes more than the amounts generally billed (26 U.S.C. 501(r)(5)), nor more than the balance;
discount and what is left sum to the balance.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

from .errors import DunningError, check_whole
from .money import check_amount, words
from .poverty import Guideline, guideline_on

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Slab:
    """Incomes up to so many per cent of the poverty level, that one included, get the discount."""

    up_to_percent: int
    discount_percent: int


PROPOSED_SLABS = (Slab(200, 100), Slab(250, 75), Slab(300, 50), Slab(400, 25))


@dataclass(frozen=True, slots=True)
class AssistancePolicy:
    """How an office scores.

    :param slabs: ascending in income, descending in discount
    :param generally_billed_percent: of gross charges, what is generally billed; None: no such cap
    :raises DunningError: ``not_empty``, ``edges_invalid``, ``number_invalid``
    """

    slabs: tuple[Slab, ...] = PROPOSED_SLABS
    generally_billed_percent: Decimal | None = None

    def __post_init__(self) -> None:
        if not self.slabs:
            raise DunningError("not_empty", what="slab")
        incomes = [slab.up_to_percent for slab in self.slabs]
        discounts = [slab.discount_percent for slab in self.slabs]
        for value in (*incomes, *discounts):
            check_whole("percentage", value)
        falling = all(a > b for a, b in zip(discounts, discounts[1:], strict=False))
        if incomes != sorted(set(incomes)) or not falling or discounts[0] > 100:
            raise DunningError("edges_invalid", edges=f"{incomes} with {discounts}")
        cap = self.generally_billed_percent
        if cap is not None and not (cap.is_finite() and 0 < cap <= 100):
            raise DunningError(
                "number_invalid", what="percentage generally billed", value=cap, least=1, most=100
            )


@dataclass(frozen=True, slots=True)
class Application:
    """What an applicant told and proved.

    :param persons: in the household
    :param income: of the household, a year, before tax
    :param gross_charges: of the care, the base of what is generally billed
    """

    persons: int
    income: Decimal
    region: str
    applied_on: date
    balance: Decimal
    gross_charges: Decimal


@dataclass(frozen=True, slots=True)
class AssistanceResult:
    """The score.

    :param income_percent: of the poverty level, to two decimals; the decision used the exact one
    :param steps: how it came about, one sentence each
    :param needs_review: whether the guideline or its age is still to be confirmed
    """

    income_percent: Decimal
    discount_percent: int
    discount: Decimal
    left: Decimal
    is_capped: bool
    steps: tuple[str, ...]
    needs_review: bool

    @property
    def is_eligible(self) -> bool:
        """Whether any discount is due."""
        return bool(self.discount_percent)


def score(
    policy: AssistancePolicy, guidelines: Iterable[Guideline], application: Application
) -> AssistanceResult:
    """Score an application by the guideline in force on the day on which it was made.

    :raises DunningError: ``not_empty`` without a guideline for the day, ``number_invalid``,
        ``amount_invalid``, ``amount_negative``
    """
    balance, income, charges = _check(application)
    guideline = guideline_on(guidelines, application.region, application.applied_on)
    if guideline is None:
        raise DunningError("not_empty", what=f"poverty guideline before {application.applied_on}")
    level = guideline.level(application.persons)
    percent = (income * 100 / level).quantize(_CENT, ROUND_HALF_UP)
    steps = [
        f"The poverty level {guideline.year} of {application.persons} persons "
        f"({guideline.region}) is {words(level)} a year.",
        f"The income of {words(income)} is {percent} % of it.",
    ]
    slab = next((each for each in policy.slabs if income * 100 <= each.up_to_percent * level), None)
    if slab:
        steps.append(f"Up to {slab.up_to_percent} % the discount is {slab.discount_percent} %.")
    else:
        steps.append(f"Above {policy.slabs[-1].up_to_percent} % there is no discount.")
    discount_percent = slab.discount_percent if slab else 0
    # What is left is rounded down, for the patient.
    left = (balance * (100 - discount_percent) / 100).quantize(_CENT, ROUND_FLOOR)
    cap = _cap(policy, charges) if slab else left
    is_capped = cap < left
    if is_capped:
        steps.append(f"No more than the {words(cap)} generally billed is left to pay.")
        left = cap
    forgiven = balance - left
    steps.append(f"Of {words(balance)}, {words(forgiven)} is forgiven; {words(left)} is left.")
    stale = guideline.is_stale(application.applied_on)
    if stale:
        steps.append(f"The guideline of {guideline.year} is old: look for the current one.")
    needs_review = stale or guideline.needs_review
    return AssistanceResult(
        percent, discount_percent, forgiven, left, is_capped, tuple(steps), needs_review
    )


def _check(application: Application) -> tuple[Decimal, Decimal, Decimal]:
    amounts = (
        check_amount("balance", application.balance),
        check_amount("income", application.income),
        check_amount("gross charges", application.gross_charges),
    )
    if min(amounts) < 0:
        raise DunningError("amount_negative", what="application", value=min(amounts))
    return amounts


def _cap(policy: AssistancePolicy, charges: Decimal) -> Decimal:
    """The most that is left to pay by what is generally billed; the charges without such a cap."""
    percent = policy.generally_billed_percent
    return charges if percent is None else (charges * percent / 100).quantize(_CENT, ROUND_FLOOR)
