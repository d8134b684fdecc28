# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcClaimLine(models.Model):
    """One service of a claim, as it was sent."""

    _name = "hc.claim.line"
    _description = "Claim Line"
    _inherit = ["hc.guarded.mixin"]
    _order = "claim_id, sequence, id"
    _guarded_fields = frozenset(
        {
            "claim_id",
            "sequence",
            "charge_id",
            "code",
            "modifiers",
            "revenue_code",
            "service_date",
            "units",
            "amount_charged",
            "control_number",
        }
    )

    claim_id = fields.Many2one(
        "hc.claim", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="claim_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    sequence = fields.Integer("Line", required=True, readonly=True)
    charge_id = fields.Many2one(
        "hc.charge", required=True, readonly=True, index=True, ondelete="restrict"
    )
    code = fields.Char("Procedure", required=True, readonly=True)
    modifiers = fields.Char(readonly=True, help="As sent, with colons between them.")
    revenue_code = fields.Char(readonly=True)
    service_date = fields.Date(required=True, readonly=True)
    units = fields.Float(digits=(12, 3), required=True, readonly=True)
    amount_charged = fields.Monetary("Charged", required=True, readonly=True)
    control_number = fields.Char(
        "Line Control No.", required=True, readonly=True, help="REF*6R: the payer gives it back."
    )

    _sequence_unique = models.UniqueIndex(
        "(claim_id, sequence)", "The claim has this line already."
    )
