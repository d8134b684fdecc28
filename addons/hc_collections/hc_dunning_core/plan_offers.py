# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Which payment plans a patient is offered without asking anybody.

Tiers are data: up to an amount, at most so many months. Above the last tier, over a tier's months
or below the least instalment a plan needs approval.
"""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from .errors import DunningError, check_whole
from .money import check_positive, words

# No tier and no plan is longer.
MOST_MONTHS = 120


@dataclass(frozen=True, slots=True)
class Tier:
    """Balances up to ``up_to``, that amount included, are paid in at most ``months``."""

    up_to: Decimal
    months: int


# The field's matrices differ widely; these are the proposal, to be set by each office.
PROPOSED_TIERS = (
    Tier(Decimal(500), 6),
    Tier(Decimal(2000), 12),
    Tier(Decimal(5000), 24),
    Tier(Decimal(10000), 36),
)


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    """What is offered.

    :param tiers: ascending in amount and in months
    :param least_instalment: a month
    :param missed_until_default: so many missed instalments end a plan
    :param grace_days: days after the due date in which an instalment is late, but not missed
    :raises DunningError: ``not_empty``, ``edges_invalid``, ``number_invalid``,
        ``amount_not_positive``, ``amount_invalid``
    """

    tiers: tuple[Tier, ...] = PROPOSED_TIERS
    least_instalment: Decimal = Decimal("25.00")
    missed_until_default: int = 2
    grace_days: int = 10

    def __post_init__(self) -> None:
        if not self.tiers:
            raise DunningError("not_empty", what="tier")
        for tier in self.tiers:
            check_positive("tier", tier.up_to)
            check_whole("months", tier.months, 1, MOST_MONTHS)
        for values in ([tier.up_to for tier in self.tiers], [tier.months for tier in self.tiers]):
            if values != sorted(set(values)):
                raise DunningError("edges_invalid", edges=", ".join(map(str, values)))
        check_positive("least instalment", self.least_instalment)
        check_whole("missed instalments", self.missed_until_default, least=1)
        check_whole("days of grace", self.grace_days)

    def tier_of(self, amount: Decimal) -> Tier | None:
        """Return the tier of a balance; None above the last one."""
        return next((tier for tier in self.tiers if amount <= tier.up_to), None)


@dataclass(frozen=True, slots=True)
class Offer:
    """A plan that is offered: so many months of about this instalment."""

    months: int
    instalment: Decimal


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether a plan is offered as asked; ``code`` is empty where it is, or says why not."""

    code: str
    words: str

    @property
    def needs_approval(self) -> bool:
        """Whether somebody must approve the plan."""
        return bool(self.code)


def offers(policy: PlanPolicy, amount: Decimal) -> tuple[Offer, ...]:
    """Return the plans that need no approval, the shortest first; none for a small balance.

    >>> PlanPolicy().tier_of(Decimal("500.01")).months
    12
    >>> [offer.months for offer in offers(PlanPolicy(), Decimal("100.00"))]
    [2, 3, 4]

    :raises DunningError: ``amount_invalid``, ``amount_not_positive``
    """
    check_positive("balance", amount)
    tier = policy.tier_of(amount)
    if tier is None:
        return ()
    plans = (Offer(months, instalment_of(amount, months)) for months in range(2, tier.months + 1))
    return tuple(plan for plan in plans if judge_plan(policy, amount, plan.months).code == "")


def instalment_of(amount: Decimal, months: int) -> Decimal:
    """Return the highest instalment of equal ones, in whole cents.

    >>> instalment_of(Decimal("100.00"), 3)
    Decimal('33.34')
    """
    return (amount / months).quantize(Decimal("0.01"), ROUND_CEILING)


def judge_plan(policy: PlanPolicy, amount: Decimal, months: int) -> Eligibility:
    """Say whether a plan of equal instalments needs approval.

    The last instalment, which takes what is left, may be below the least one.

    :raises DunningError: ``amount_invalid``, ``amount_not_positive``, ``number_invalid``
    """
    check_positive("balance", amount)
    check_whole("months", months, 1, MOST_MONTHS)
    tier = policy.tier_of(amount)
    if tier is None:
        last = policy.tiers[-1].up_to
        return Eligibility(
            "over_last_tier", f"The balance of {words(amount)} is above {words(last)}."
        )
    if months > tier.months:
        return Eligibility(
            "too_long",
            f"{months} months for {words(amount)}: up to {words(tier.up_to)} at most "
            f"{tier.months} months.",
        )
    instalment = instalment_of(amount, months)
    if months > 1 and instalment < policy.least_instalment:
        return Eligibility(
            "below_least",
            f"An instalment of {words(instalment)} is below {words(policy.least_instalment)}.",
        )
    return Eligibility("", "Within the tier.")
