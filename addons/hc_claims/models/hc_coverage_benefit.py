# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import float_repr

from ..hc_claim_core.eligibility import BenefitRow
from ..hc_claim_core.eligibility_codes import (
    COVERAGE_LEVELS,
    INFORMATION,
    PERIODS,
    QUANTITIES,
    SERVICE_TYPES,
    label,
)

KINDS = [
    ("active", "Active"),
    ("inactive", "Inactive"),
    ("copay", "Copay"),
    ("coinsurance", "Coinsurance"),
    ("deductible", "Deductible"),
    ("out_of_pocket", "Out-of-Pocket Limit"),
    ("limit", "Limit"),
    ("not_covered", "Not Covered"),
    ("other_payer", "Other Payer"),
    ("other", "Other"),
]
_KIND_BY_INFORMATION = {
    **dict.fromkeys("12345", "active"),
    **dict.fromkeys("678", "inactive"),
    "A": "coinsurance",
    "B": "copay",
    "C": "deductible",
    "F": "limit",
    "G": "out_of_pocket",
    "I": "not_covered",
    "E": "not_covered",
    "R": "other_payer",
}


def kind_of(information):
    """What an EB01 is about: a key of ``KINDS``."""
    return _KIND_BY_INFORMATION.get(information, "other")


class HcCoverageBenefit(models.Model):
    """One statement of an answer (EB): active, a copay, what is left of a deductible …"""

    _name = "hc.coverage.benefit"
    _description = "Benefit"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _order = "answer_id desc, sequence, id"
    _guarded_fields = frozenset(
        {
            "answer_id",
            "coverage_id",
            "sequence",
            "kind",
            "information",
            "service_types",
            "coverage_level",
            "insurance_type",
            "plan_name",
            "network",
            "period",
            "amount",
            "percent",
            "quantity",
            "quantity_qualifier",
            "authorization_required",
            "procedure",
            "date_from",
            "date_to",
            "entity_name",
            "message",
            "has_amount",
            "has_percent",
            "has_quantity",
        }
    )

    answer_id = fields.Many2one(
        "hc.eligibility.answer", required=True, readonly=True, index=True, ondelete="restrict"
    )
    # Held by the line itself, so that record rules and lists need no detour.
    coverage_id = fields.Many2one(
        "hc.coverage", required=True, readonly=True, index=True, ondelete="restrict"
    )
    inquiry_id = fields.Many2one(related="answer_id.inquiry_id")
    patient_id = fields.Many2one(related="coverage_id.patient_id", store=True, index=True)
    company_id = fields.Many2one(related="coverage_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    payer_id = fields.Many2one(related="answer_id.payer_id")
    checked_on = fields.Date(related="answer_id.checked_on")
    sequence = fields.Integer(readonly=True, aggregator=None)
    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    information = fields.Char("EB01", required=True, readonly=True)
    information_name = fields.Char("Statement", compute="_compute_names")
    service_types = fields.Char("EB03", readonly=True)
    service_type_names = fields.Char("For", compute="_compute_names")
    coverage_level = fields.Char("EB02", readonly=True)
    coverage_level_name = fields.Char("Level", compute="_compute_names")
    insurance_type = fields.Char("EB04", readonly=True)
    plan_name = fields.Char("Plan", readonly=True)
    network = fields.Selection(
        [("Y", "In Network"), ("N", "Out of Network"), ("W", "Both"), ("U", "Not Said")],
        readonly=True,
    )
    period = fields.Char("EB06", readonly=True)
    period_name = fields.Char("Per", compute="_compute_names")
    amount = fields.Monetary(readonly=True, aggregator=None)
    percent = fields.Float(digits=(7, 2), readonly=True, aggregator=None)
    # Monetary and percent know no "not said": zero may be exactly what the payer says.
    has_amount = fields.Boolean(readonly=True)
    has_percent = fields.Boolean(readonly=True)
    has_quantity = fields.Boolean(readonly=True)
    quantity = fields.Float(digits=(12, 3), readonly=True, aggregator=None)
    quantity_qualifier = fields.Char("EB09", readonly=True)
    value_text = fields.Char("Value", compute="_compute_names")
    authorization_required = fields.Selection(
        [("Y", "Required"), ("N", "Not Required"), ("U", "Not Said")],
        "Authorization",
        readonly=True,
    )
    procedure = fields.Char(readonly=True)
    date_from = fields.Date("From", readonly=True)
    date_to = fields.Date("To", readonly=True)
    entity_name = fields.Char("Named", readonly=True)
    message = fields.Text("In the Payer's Words", readonly=True)
    is_in_force = fields.Boolean(
        "In Force", compute="_compute_is_in_force", search="_search_is_in_force"
    )

    @api.depends("information", "service_types")
    def _compute_display_name(self):
        for benefit in self:
            benefit.display_name = label(INFORMATION, benefit.information or "")

    @api.depends(
        "information",
        "service_types",
        "coverage_level",
        "period",
        "amount",
        "percent",
        "quantity",
        "quantity_qualifier",
    )
    def _compute_names(self):
        for benefit in self:
            types = filter(None, (benefit.service_types or "").split(","))
            benefit.information_name = label(INFORMATION, benefit.information or "")
            benefit.service_type_names = ", ".join(label(SERVICE_TYPES, each) for each in types)
            benefit.coverage_level_name = label(COVERAGE_LEVELS, benefit.coverage_level or "")
            benefit.period_name = label(PERIODS, benefit.period or "")
            benefit.value_text = benefit._describe_value()

    def _describe_value(self):
        """The figure that the statement is about, as it is read."""
        self.ensure_one()
        parts = []
        if self.has_amount:
            parts.append(self.currency_id.format(self.amount))
        if self.has_percent:
            parts.append(f"{self.percent:g}%")
        if self.has_quantity:
            unit = label(QUANTITIES, self.quantity_qualifier or "")
            parts.append(f"{self.quantity:g} {unit}".strip())
        return ", ".join(parts)

    @api.depends("answer_id", "coverage_id.eligibility_answer_id")
    def _compute_is_in_force(self):
        for benefit in self:
            benefit.is_in_force = benefit.coverage_id.eligibility_answer_id == benefit.answer_id

    @api.model
    def _search_is_in_force(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("answer_id.is_in_force", "=", True)]

    def _to_rows(self):
        """The statements as rows of the pure package."""
        return [
            BenefitRow(
                information=benefit.information,
                service_types=tuple(filter(None, (benefit.service_types or "").split(","))),
                coverage_level=benefit.coverage_level or "",
                period=benefit.period or "",
                amount=Decimal(float_repr(benefit.amount, 2)) if benefit.has_amount else None,
                percent=Decimal(float_repr(benefit.percent, 2)) if benefit.has_percent else None,
                quantity=Decimal(float_repr(benefit.quantity, 3)) if benefit.has_quantity else None,
                network=benefit.network or "",
            )
            for benefit in self
        ]
