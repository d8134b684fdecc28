# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

PAYER_TYPES = [
    ("commercial", "Commercial"),
    ("medicare", "Medicare"),
    ("medicare_advantage", "Medicare Advantage"),
    ("medicaid", "Medicaid"),
    ("tricare", "TRICARE / VA"),
    ("workers_compensation", "Workers' Compensation"),
    ("auto_liability", "Auto and Liability"),
    ("self_pay", "Self-Pay"),
    ("other", "Other"),
]


class HcPayer(models.Model):
    """An organization that pays for care."""

    _name = "hc.payer"
    _description = "Payer"
    _inherit = ["mail.thread"]
    _order = "name"
    _rec_names_search = ["name", "code", "payer_identifier"]

    name = fields.Char(required=True, tracking=True)
    code = fields.Char(required=True, tracking=True, help="Short code used in imports.")
    payer_identifier = fields.Char(
        "Payer ID", tracking=True, help="Identifier at the clearinghouse (NM109 of the payer)."
    )
    payer_type = fields.Selection(
        PAYER_TYPES, required=True, default="commercial", index=True, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        "Ledger Partner",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
        help="The contact that invoices to this payer are addressed to.",
    )
    payment_term_id = fields.Many2one("account.payment.term", "Payment Terms")
    timely_filing_days = fields.Integer(
        default=365, tracking=True, help="Days from the last service to the filing deadline."
    )
    timely_filing_warning_days = fields.Integer(default=30)
    eligibility_required = fields.Boolean(default=True, tracking=True)
    eligibility_fresh_days = fields.Integer(
        default=3, help="Age in days up to which an eligibility answer counts as fresh."
    )
    bill_hold_days = fields.Integer(help="0: the facility's bill-hold days apply.")
    member_id_pattern = fields.Char(
        "Member ID Pattern", help="Regular expression that member ids must match as a whole."
    )
    accepts_professional_claims = fields.Boolean(default=True)
    accepts_institutional_claims = fields.Boolean(default=True)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(company_id, code)", "Another payer of the company has this code."
    )
    _days_positive = models.Constraint(
        "CHECK (timely_filing_days > 0 AND timely_filing_warning_days >= 0 "
        "AND eligibility_fresh_days >= 0 AND bill_hold_days BETWEEN 0 AND 60)",
        "Days cannot be negative, timely filing needs at least one, bill hold at most 60.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        payers = super().create(vals_list)
        for payer in payers.filtered(lambda payer: not payer.partner_id):
            payer.partner_id = self.env["res.partner"].sudo().create(payer._prepare_partner_vals())
        return payers

    def write(self, vals):
        result = super().write(vals)
        if "name" in vals:
            for payer in self:
                payer.partner_id.sudo().name = payer.name
        return result

    def _prepare_partner_vals(self):
        return {
            "name": self.name,
            "is_company": True,
            "company_id": self.company_id.id,
            "customer_rank": 1,
            "property_payment_term_id": self.payment_term_id.id,
        }
