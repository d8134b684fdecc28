# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcRemittanceService(models.Model):
    """A payer's answer to one service (SVC of an 835)."""

    _name = "hc.remittance.service"
    _description = "Remittance Service"
    _inherit = ["hc.guarded.mixin"]
    _order = "remittance_claim_id, sequence"
    _guarded_fields = frozenset(
        {
            "remittance_claim_id",
            "sequence",
            "claim_line_id",
            "code",
            "modifiers",
            "submitted_code",
            "revenue_code",
            "units",
            "service_date",
            "amount_charged",
            "amount_paid",
            "amount_allowed",
            "control_number",
            "remark_codes",
            "amount_difference",
            "match_method",
        }
    )

    remittance_claim_id = fields.Many2one(
        "hc.remittance.claim", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="remittance_claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    sequence = fields.Integer("Line", required=True, readonly=True)
    claim_line_id = fields.Many2one("hc.claim.line", readonly=True, index="btree_not_null")
    code = fields.Char("Procedure", readonly=True)
    modifiers = fields.Char(readonly=True)
    submitted_code = fields.Char(readonly=True, help="SVC06: what was asked, where it differs.")
    revenue_code = fields.Char(readonly=True)
    units = fields.Float(digits=(12, 3), readonly=True)
    service_date = fields.Date(readonly=True)
    amount_charged = fields.Monetary("Charged", readonly=True)
    amount_paid = fields.Monetary("Paid", readonly=True)
    amount_allowed = fields.Monetary("Allowed", readonly=True, help="AMT*B6")
    control_number = fields.Char("Line Control No.", readonly=True)
    remark_codes = fields.Char("Remarks", readonly=True)
    amount_difference = fields.Monetary("Difference", readonly=True)
    match_method = fields.Selection(
        [
            ("control_number", "Line number"),
            ("exact", "Procedure, modifiers, date and charge"),
            ("no_modifier", "Procedure without modifiers"),
            ("submitted_code", "The code that was asked"),
            ("split", "Part of a line"),
            ("position", "Position"),
        ],
        "Matched By",
        readonly=True,
    )
    adjustment_ids = fields.One2many("hc.remittance.adjustment", "service_id", "Adjustments")


class HcRemittanceAdjustment(models.Model):
    """Why a payer pays less than charged: one reason and amount, and what became of it."""

    _name = "hc.remittance.adjustment"
    _description = "Remittance Adjustment"
    _inherit = ["hc.guarded.mixin"]
    _order = "remittance_claim_id, service_id, id"
    _guarded_fields = frozenset(
        {
            "remittance_claim_id",
            "service_id",
            "group_code",
            "reason_code",
            "code_id",
            "amount",
            "quantity",
            "treatment",
        }
    )

    remittance_claim_id = fields.Many2one(
        "hc.remittance.claim", required=True, readonly=True, index=True, ondelete="cascade"
    )
    remittance_id = fields.Many2one(
        related="remittance_claim_id.remittance_id", store=True, index=True
    )
    company_id = fields.Many2one(related="remittance_claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    service_id = fields.Many2one(
        "hc.remittance.service", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    group_code = fields.Char("Group", required=True, readonly=True, index=True)
    reason_code = fields.Char("Reason", required=True, readonly=True, index=True)
    code_id = fields.Many2one("hc.adjustment.code", "Meaning", readonly=True)
    category = fields.Selection(related="code_id.category")
    amount = fields.Monetary(required=True, readonly=True)
    quantity = fields.Float(digits=(12, 3), readonly=True)
    treatment = fields.Selection(
        [
            ("allowance", "Allowance"),
            ("patient", "To Next Party"),
            ("denied", "Denied"),
            ("open", "Left Open"),
            ("prior_payer", "Earlier Payer, Not Posted"),
        ],
        readonly=True,
        index=True,
    )
