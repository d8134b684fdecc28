# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""Until when something can be done about a denial, and what that is worth."""

from collections import Counter
from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, float_compare

from odoo.addons.hc_revenue_base.hc_core.money import to_decimal

from ..hc_claim_core.overturn import Experience, estimate, expected_value
from ..lifecycles import DENIAL_TO_DO_STATES

URGENT_DAYS = 14
_WARNING_DAYS = 30


class HcDenial(models.Model):
    _inherit = "hc.denial"

    days_left = fields.Integer(compute="_compute_urgency", aggregator=None)
    is_overdue = fields.Boolean("Deadline Missed", compute="_compute_urgency")
    deadline_color = fields.Integer(compute="_compute_urgency")
    urgency = fields.Monetary(
        "Value per Day Left",
        compute="_compute_urgency",
        aggregator=None,
        help="Expected value ÷ days left: what waiting a day puts at risk; the list's order.",
    )

    @api.depends("deadline", "expected_value", "state")
    def _compute_urgency(self):
        today = self._get_today()
        for denial in self:
            is_due = denial.state in DENIAL_TO_DO_STATES and bool(denial.deadline)
            left = (denial.deadline - today).days if is_due else 0
            denial.days_left = left
            denial.is_overdue = is_due and left < 0
            if not is_due:
                denial.deadline_color = 0
            elif left <= URGENT_DAYS:
                denial.deadline_color = 1
            else:
                denial.deadline_color = 3 if left <= _WARNING_DAYS else 10
            denial.urgency = (
                denial.currency_id.round(denial.expected_value / max(left, 1))
                if is_due and left >= 0
                else 0.0
            )

    @api.model
    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Sort by value per day left, as :meth:`_compute_urgency` shows it; days pass by."""
        if field_name != "urgency":
            return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
        return SQL(
            """CASE WHEN %(state)s IN %(to_do)s AND %(deadline)s >= %(today)s
                    THEN %(value)s / greatest(%(deadline)s - %(today)s, 1) ELSE 0 END %(how)s""",
            state=SQL.identifier(alias, "state"),
            to_do=DENIAL_TO_DO_STATES,
            deadline=SQL.identifier(alias, "deadline"),
            today=self._get_today(),
            value=SQL.identifier(alias, "expected_value"),
            how=direction,
        )

    # What new denials get

    @api.model
    def _complete_denials_vals(self, vals_list):
        """Add deadlines and chances to the values of new denials."""
        payers = self.env["hc.payer"].sudo().browse({vals["payer_id"] for vals in vals_list})
        levels = self.env["hc.payer.deadline"]._get_levels(payers)
        claims = self.env["hc.claim"].sudo()
        for vals in vals_list:
            vals |= self._prepare_deadlines(
                vals,
                levels[vals["payer_id"]].get(1),
                vals["denied_on"],
                claims.browse(vals["claim_id"]),
            )
        chances = self._get_chances(
            [(v["payer_id"], v["reason_code"], v["category"]) for v in vals_list]
        )
        currencies = self.env["res.currency"]
        for vals in vals_list:
            chance = chances[vals["payer_id"], vals["reason_code"], vals["category"]]
            currency = currencies.browse(vals["currency_id"])
            vals |= self._prepare_chance(vals, currency, chance)

    @api.model
    def _prepare_deadlines(self, source, level, counted_from, claim):
        """The days until which a denial can be appealed and corrected; the first of them counts.

        :param source: values or record of the denial
        :param level: row of ``hc.payer.deadline``, or None
        :param date counted_from: the denial or the decision of the level before
        """
        appeal = correction = False
        if source["is_appealable"] and level:
            appeal = counted_from + timedelta(days=level.days)
        if source["remedy"] == "corrected_claim":
            days = claim.payer_id.corrected_claim_days
            if source["resubmission"] == "new_claim":
                correction = claim.filing_deadline
            elif days:
                correction = source["denied_on"] + timedelta(days=days)
        both = [day for day in (appeal, correction) if day]
        return {
            "appeal_deadline": appeal,
            "correction_deadline": correction,
            "deadline": min(both) if both else False,
        }

    @api.model
    def _prepare_chance(self, source, currency, chance):
        """Chance and expected value; where neither appeal nor correction is left there is none.

        :param source: values or record of the denial
        """
        if source["remedy"] == "no" and not source["is_appealable"]:
            note = self.env._("Neither an appeal nor a correction is left.")
            return {"overturn_percent": 0.0, "overturn_note": note, "expected_value": 0.0}
        places = currency.decimal_places
        value = expected_value(
            to_decimal(source["amount_denied"], places), chance.rate, places=places
        )
        return {
            "overturn_percent": float(chance.rate * 100),
            "overturn_note": self._describe_chance(chance),
            "expected_value": float(value),
        }

    @api.model
    def _describe_chance(self, chance):
        """Why a chance is what it is, for a person."""
        return self.env._(
            "%(own_won)s of %(own)s appeals against this payer and reason won, %(all_won)s of "
            "%(all)s of the category; estimate %(prior)s %%.",
            own_won=chance.of_payer.won,
            own=chance.of_payer.decided,
            all_won=chance.of_category.won,
            all=chance.of_category.decided,
            prior=int(chance.prior * 100),
        )

    @api.model
    def _get_chances(self, keys):
        """The chance of an appeal, from what was decided so far.

        :param keys: ``(payer id, reason code, category)``
        :return: ``{key: Estimate}``
        """
        policies = self.env["hc.denial.policy"]._get_by_category()
        nobody = self.env["hc.denial.policy"]
        decided, won = Counter(), Counter()
        for payer, reason, category, result, count in self.sudo()._read_group(
            [
                ("appeal_result", "!=", False),
                ("company_id", "=", self.env.company.id),
                ("state", "!=", "void"),
                ("category", "in", sorted({key[2] for key in keys if key[2]})),
            ],
            ["payer_id", "reason_code", "category", "appeal_result"],
            ["__count"],
        ):
            for key in (category, (payer.id, reason, category)):
                decided[key] += count
                won[key] += count if result == "won" else 0
        return {
            key: estimate(
                Decimal(policies.get(key[2], nobody)._get_prior_percent()) / 100,
                Experience(decided[key[2]], won[key[2]]),
                Experience(decided[key], won[key]),
            )
            for key in set(keys)
        }

    # What changes later

    def _refresh_chances(self):
        """Value open denials by what is known now; where the figures stand, nothing is written."""
        keys = [(d.payer_id.id, d.reason_code, d.category) for d in self]
        for company, denials in self.grouped("company_id").items():
            chances = denials.with_company(company)._get_chances(keys)
            for denial in denials:
                key = (denial.payer_id.id, denial.reason_code, denial.category)
                values = denial._prepare_chance(denial, denial.currency_id, chances[key])
                if denial._is_valued_otherwise(values):
                    denial._write_guarded(values)

    def _is_valued_otherwise(self, values):
        _precision, places = self._fields["overturn_percent"].get_digits(self.env)
        return bool(
            float_compare(self.overturn_percent, values["overturn_percent"], places)
            or self.currency_id.compare_amounts(self.expected_value, values["expected_value"])
        )

    def _set_level(self, level, decided_on):
        """After a decision the next level counts, from the day of the decision."""
        for denial in self:
            levels = self.env["hc.payer.deadline"]._get_levels(denial.payer_id)
            row = levels[denial.payer_id.id].get(level)
            values = denial._prepare_deadlines(denial, row, decided_on, denial.claim_id)
            denial._write_guarded({"level": level, **values})
