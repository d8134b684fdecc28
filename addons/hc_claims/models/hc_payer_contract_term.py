# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import float_repr

from ..hc_claim_core import contract as core

_METHODS = [
    (core.PER_UNIT, "Amount per Unit"),
    (core.PER_SERVICE, "Amount per Service"),
    (core.PERCENT_OF_CHARGE, "Percentage of Charge"),
    (core.PERCENT_OF_SCHEDULE, "Percentage of a Fee Schedule"),
]
_AMOUNT_METHODS = (core.PER_UNIT, core.PER_SERVICE)


class HcPayerContractTerm(models.Model):
    """One term of a contract: for these services, this price. Without conditions it is default."""

    _name = "hc.payer.contract.term"
    _description = "Contract Term"
    _inherit = ["hc.guarded.mixin"]
    _order = "contract_id, sequence, id"

    contract_id = fields.Many2one(
        "hc.payer.contract", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="contract_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="contract_id.currency_id", store=True)
    sequence = fields.Integer(default=10)
    code_from = fields.Char("Procedure", help="A code, or the first of a range; empty: any.")
    code_to = fields.Char("To", help="The last code of a range.")
    modifier = fields.Char(size=2)
    revenue_code = fields.Char(size=4)
    facility_type = fields.Char(
        "Place or Bill Type",
        size=2,
        help="CLM05-1: place of service of a professional claim, the first two digits of the type "
        "of bill of an institutional one.",
    )
    method = fields.Selection(_METHODS, required=True, default=core.PERCENT_OF_CHARGE)
    amount = fields.Monetary(help="Per unit or per service.")
    percent = fields.Float("%", digits=(6, 2))
    schedule_id = fields.Many2one(
        "hc.fee.schedule",
        "Fee Schedule",
        index="btree_not_null",
        ondelete="restrict",
        help="Its price of the code, on the days on which it is in force.",
    )
    is_lesser_of = fields.Boolean(
        "At Most the Charge", default=True, help="The lesser of contract and charge is allowed."
    )
    is_reduced = fields.Boolean(
        "Reduced",
        help="Counts among the procedures of a day of which only the dearest is paid in full.",
    )
    where_text = fields.Char("Applies To", compute="_compute_texts")
    price_text = fields.Char("Price", compute="_compute_texts")

    _conditions_unique = models.UniqueIndex(
        "(contract_id, code_from, code_to, modifier, revenue_code, facility_type)"
        " NULLS NOT DISTINCT",
        "The contract has a term for these services already.",
    )
    _numbers = models.Constraint(
        "CHECK (amount >= 0 AND percent >= 0 AND percent <= 1000)",
        "Amounts are not negative, percentages at most 1,000.",
    )

    @api.constrains("method", "schedule_id", "code_from", "code_to")
    def _check_complete(self):
        for term in self:
            if term.method == core.PERCENT_OF_SCHEDULE and not term.schedule_id:
                raise ValidationError(self.env._("Choose the fee schedule of the percentage."))
            if term.schedule_id.company_id - term.company_id:
                raise ValidationError(self.env._("The fee schedule is another company's."))
            first, last = term.code_from or "", term.code_to or ""
            if last and (len(first) != len(last) or last < first):
                raise ValidationError(
                    self.env._(
                        "%(first)s to %(last)s is no range: both codes have the same length, and "
                        "the first comes before the last.",
                        first=first or "–",
                        last=last,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        terms = super().create([self._normalize(vals) for vals in vals_list])
        terms.contract_id._check_draft()
        return terms

    def write(self, vals):
        self.contract_id._check_draft()
        result = super().write(self._normalize(vals))
        self.contract_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.contract_id._check_draft()

    @api.model
    def _normalize(self, vals):
        """Codes as claims carry them: without blanks, in capitals, none rather than empty."""
        names = {"code_from", "code_to", "modifier", "revenue_code", "facility_type"}
        return {
            name: (str(value).strip().upper() or False) if name in names and value else value
            for name, value in vals.items()
        }

    @api.depends(
        "code_from",
        "code_to",
        "modifier",
        "revenue_code",
        "facility_type",
        "method",
        "amount",
        "percent",
        "schedule_id",
    )
    def _compute_texts(self):
        for term in self:
            term.where_text = term._describe_where()
            term.price_text = term._describe_price()

    @api.depends("where_text", "price_text")
    def _compute_display_name(self):
        for term in self:
            term.display_name = f"{term.where_text}: {term.price_text}"

    def _describe_where(self):
        codes = self.code_from
        if codes and self.code_to and self.code_to != codes:
            codes = f"{codes}–{self.code_to}"
        parts = [
            codes,
            self.modifier and self.env._("modifier %s", self.modifier),
            self.revenue_code and self.env._("revenue code %s", self.revenue_code),
            self.facility_type and self.env._("place or bill type %s", self.facility_type),
        ]
        return ", ".join(filter(None, parts)) or self.env._("all other services")

    def _describe_price(self):
        if self.method in _AMOUNT_METHODS:
            amount = self.currency_id.format(self.amount) if self.currency_id else self.amount
            if self.method == core.PER_UNIT:
                return self.env._("%s per unit", amount)
            return self.env._("%s per service", amount)
        percent = f"{self.percent:g} %"
        if self.method == core.PERCENT_OF_CHARGE:
            return self.env._("%s of charge", percent)
        return self.env._(
            "%(percent)s of %(schedule)s", percent=percent, schedule=self.schedule_id.name or "–"
        )

    def _to_core(self):
        """The term as a value of the pure package."""
        self.ensure_one()
        if self.method in _AMOUNT_METHODS:
            rate = Decimal(float_repr(self.amount, self.currency_id.decimal_places))
        else:
            rate = Decimal(float_repr(self.percent, 2))
        return core.Term(
            number=self.id,
            method=self.method,
            rate=rate,
            code_from=self.code_from or "",
            code_to=self.code_to or "",
            modifier=self.modifier or "",
            revenue_code=self.revenue_code or "",
            facility_type=self.facility_type or "",
            schedule=self.schedule_id.id or 0,
            is_lesser_of=self.is_lesser_of,
            is_reduced=self.is_reduced,
        )
