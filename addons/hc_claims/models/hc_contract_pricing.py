# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""How records of claims and contracts become values of the pure package."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import float_repr

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_claim_core import contract as core
from ..hc_claim_core import coordination


class HcPayerContract(models.Model):
    _inherit = "hc.payer.contract"

    def _to_core(self):
        """The contract as a value of the pure package."""
        self.ensure_one()
        return core.Contract(
            terms=tuple(term._to_core() for term in self.term_ids),
            unlisted_percent=Decimal(float_repr(self.unlisted_percent, 2)),
            reduced_percent=Decimal(float_repr(self.reduced_percent, 2)),
            quantum=Decimal(1).scaleb(-self.currency_id.decimal_places),
        )

    def _load_prices(self, codes):
        """Unit prices of procedures in the fee schedules that the contracts name.

        :param codes: procedure codes
        :return: ``{code: [(schedule, modifier or "", price)]}``, in one query
        """
        prices = defaultdict(list)
        schedules = self.term_ids.schedule_id
        if not schedules:
            return prices
        lines = (
            self.env["hc.fee.schedule.line"]
            .sudo()
            .search_fetch(
                [("schedule_id", "in", schedules.ids), ("code_id.code", "in", sorted(codes))],
                ["schedule_id", "code_id", "modifier_id", "unit_price"],
            )
        )
        for line in lines:
            price = to_decimal(line.unit_price, line.currency_id.decimal_places)
            prices[line.code_id.code].append((line.schedule_id, line.modifier_id.code or "", price))
        return prices

    def _describe_step(self, step):
        """One step of how an amount came about, for a person.

        :param step: ``[code, [number, …]]``
        """
        code, numbers = step[0], [Decimal(number) for number in step[1]]
        money = [self.currency_id.format(float(number)) for number in numbers]
        plain = [f"{number.normalize():f}" for number in numbers]
        if code == core.PER_UNIT:
            return self.env._(
                "%(rate)s × %(units)s units = %(amount)s",
                rate=money[0],
                units=plain[1],
                amount=money[2],
            )
        if code == core.PER_SERVICE:
            return self.env._("%s per service", money[0])
        if code == core.PERCENT_OF_SCHEDULE:
            return self.env._(
                "%(percent)s %% of the schedule's %(price)s × %(units)s units = %(amount)s",
                percent=plain[0],
                price=money[1],
                units=plain[2],
                amount=money[3],
            )
        if code == "reduced":
            return self.env._(
                "further procedure of the day: %(percent)s %% = %(amount)s",
                percent=plain[0],
                amount=money[1],
            )
        if code == "lesser_of":
            return self.env._("at most the charge: %s", money[0])
        if code == coordination.PRIOR_PAID:
            return self.env._(
                "less %(paid)s that earlier payers paid, not below zero = %(rest)s",
                paid=money[0],
                rest=money[1],
            )
        if code == coordination.PATIENT_LEFT:
            return self.env._("at most what they left to the patient: %s", money[0])
        template = (
            self.env._(
                "no price in the schedule: %(percent)s %% of the charge %(charge)s = %(amount)s"
            )
            if code == "unlisted"
            else self.env._("%(percent)s %% of the charge %(charge)s = %(amount)s")
        )
        return template % {"percent": plain[0], "charge": money[1], "amount": money[2]}


def schedule_prices(prices, code, modifiers, day):
    """The price of one unit in each schedule in force on a day; a modifier's goes first.

    :param prices: as ``_load_prices`` returns them
    """
    found = {}
    for schedule, modifier, price in prices.get(code, ()):
        in_force = not day or (
            schedule.date_from <= day and (not schedule.date_to or day <= schedule.date_to)
        )
        if not in_force or (modifier and modifier not in modifiers):
            continue
        if schedule.id not in found or modifier:
            found[schedule.id] = price
    return tuple(found.items())


def to_steps(price):
    """Steps of a price as plain JSON."""
    return [[step.code, [str(number) for number in step.values]] for step in price.steps]
