# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
import re
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_dunning_core.errors import DunningError
from ..hc_dunning_core.money import words
from ..hc_dunning_core.plan_offers import (
    MOST_MONTHS,
    Eligibility,
    PlanPolicy,
    Tier,
    judge_plan,
)

_TIER = re.compile(r"(\d{1,9}(?:\.\d{1,2})?)\s*:\s*(\d{1,3})")


class HcPaymentPlanPolicy(models.Model):
    """Which payment plans a party may choose by itself, and when a plan has failed.

    Tiers say up to which balance a plan may take how many months. A plan outside of them is a
    controlled action that somebody must agree to.
    """

    _name = "hc.payment.plan.policy"
    _description = "Payment Plan Policy"
    _inherit = ["hc.dated.policy.mixin"]
    _config_fields = (
        "date_from",
        "tiers",
        "instalment_min",
        "missed_max",
        "grace_days",
        "first_due_days",
        "active",
    )

    tiers = fields.Char(
        required=True,
        default="500: 6, 2000: 12, 5000: 24, 10000: 36",
        help="Balance up to which a plan may take so many months, as in 500: 6, 2000: 12.",
    )
    tiers_text = fields.Text("In Words", compute="_compute_tiers_text")
    instalment_min = fields.Monetary("Smallest Instalment", default=25.0)
    missed_max = fields.Integer(
        "Missed Instalments", default=2, help="With so many missed ones a plan has failed."
    )
    grace_days = fields.Integer(
        "Grace (days)", default=10, help="Days after the due date before an instalment is missed."
    )
    first_due_days = fields.Integer(
        "First Instalment Within (days)", default=45, help="Later needs a decision."
    )
    _numbers_in_bounds = models.Constraint(
        "CHECK (instalment_min > 0 AND missed_max BETWEEN 1 AND 12"
        " AND grace_days BETWEEN 0 AND 30 AND first_due_days BETWEEN 0 AND 365)",
        "The smallest instalment is above zero; a plan begins within 0 to 365 days and fails "
        "after 1 to 12 missed instalments, with 0 to 30 days of grace.",
    )

    @api.depends("tiers")
    def _compute_tiers_text(self):
        for policy in self:
            try:
                tiers = policy._get_core().tiers
            except ValidationError:
                tiers = ()
            policy.tiers_text = "\n".join(
                policy.env._(
                    "up to %(amount)s: at most %(months)s months",
                    amount=policy.currency_id.format(float(tier.up_to)),
                    months=tier.months,
                )
                for tier in tiers
            )

    @api.constrains("tiers", "instalment_min", "missed_max", "grace_days")
    def _check_tiers(self):
        for policy in self:
            policy._get_core()

    def _get_core(self):
        """The policy as the pure core reads it.

        :raise ValidationError: the tiers make none
        """
        self.ensure_one()
        parts = [part.strip() for part in (self.tiers or "").split(",")]
        found = [_TIER.fullmatch(part) for part in parts]
        if not all(found) or len(found) > 20:
            raise self._refuse_tiers()
        try:
            return PlanPolicy(
                tuple(Tier(Decimal(each[1]), int(each[2])) for each in found),
                to_decimal(self.instalment_min),
                self.missed_max,
                self.grace_days,
            )
        except DunningError:
            raise self._refuse_tiers() from None

    def _refuse_tiers(self):
        return ValidationError(
            self.env._(
                "%(policy)s: “%(tiers)s” does not make tiers. Enter amounts and months in "
                "ascending order, as in 500: 6, 2000: 12.",
                policy=self.name,
                tiers=self.tiers,
            )
        )

    def _judge(self, parts, as_of):
        """Whether a schedule is within its tier.

        It is judged by the months that it takes, whatever the number of its parts, and by its
        smallest part but the last one, which takes what is left.

        :param parts: ``plan_schedule.Instalment`` in order
        :param date as_of: the day on which it is agreed
        :return: ``plan_offers.Eligibility``
        """
        self.ensure_one()
        core = self._get_core()
        whole = sum(part.amount for part in parts)
        latest = as_of + timedelta(days=self.first_due_days)
        if parts[0].due_on > latest:
            return Eligibility("late_start", f"The first instalment is due after {latest}.")
        smallest = min((part.amount for part in parts[:-1]), default=core.least_instalment)
        if smallest < core.least_instalment:
            return Eligibility(
                "below_least",
                f"An instalment of {words(smallest)} is below {words(core.least_instalment)}.",
            )
        first, last = parts[0].due_on, parts[-1].due_on
        spanned = (last.year - first.year) * 12 + last.month - first.month + 1
        if spanned > len(parts):
            tier = core.tier_of(whole)
            if tier and spanned > tier.months:
                return judge_plan(core, whole, min(spanned, MOST_MONTHS))
        return judge_plan(core, whole, len(parts))
