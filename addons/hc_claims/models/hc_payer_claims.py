# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models

# SBR09: the kind of plan.
FILING_INDICATORS = [
    ("12", "12 Preferred Provider Organization"),
    ("13", "13 Point of Service"),
    ("16", "16 Medicare Advantage (HMO)"),
    ("AM", "AM Automobile Medical"),
    ("BL", "BL Blue Plans"),
    ("CH", "CH TRICARE"),
    ("CI", "CI Commercial"),
    ("DS", "DS Disability"),
    ("FI", "FI Federal Employees"),
    ("HM", "HM Health Maintenance Organization"),
    ("LM", "LM Liability Medical"),
    ("MA", "MA Medicare Part A"),
    ("MB", "MB Medicare Part B"),
    ("MC", "MC Medicaid"),
    ("OF", "OF Other Federal Program"),
    ("VA", "VA Veterans Affairs"),
    ("WC", "WC Workers' Compensation"),
    ("ZZ", "ZZ Mutually Defined"),
]
_INDICATOR_BY_TYPE = {
    "commercial": "CI",
    "medicare": "MB",
    "medicare_advantage": "16",
    "medicaid": "MC",
    "tricare": "CH",
    "workers_compensation": "WC",
    "auto_liability": "AM",
}


class HcPayer(models.Model):
    """How claims reach a payer, and when it is asked about them."""

    _inherit = "hc.payer"

    clearinghouse_id = fields.Many2one(
        "hc.clearinghouse",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Empty: claims of this payer are held.",
    )
    claim_filing_indicator = fields.Selection(
        FILING_INDICATORS,
        compute="_compute_claim_filing_indicator",
        store=True,
        readonly=False,
        tracking=True,
        help="SBR09. Follows the type of payer until it is chosen.",
    )
    sends_crossover = fields.Boolean(
        "Crosses Over",
        tracking=True,
        help="Sends its decided claims on to the secondary payer: we send none ourselves.",
    )
    claim_acknowledgement_days = fields.Integer(
        "Claim Acknowledged Within (days)",
        default=5,
        help="A claim without 277CA after so many days becomes a work item.",
    )
    no_response_days = fields.Integer(
        default=30,
        tracking=True,
        help="A claim that is not adjudicated after so many days becomes a work item.",
    )
    corrected_claim_days = fields.Integer(
        help="Days from the payer's decision within which a replacement is taken; 0: no limit.",
    )

    _claim_days_positive = models.Constraint(
        "CHECK (claim_acknowledgement_days BETWEEN 1 AND 365 "
        "AND no_response_days BETWEEN 1 AND 365 "
        "AND COALESCE(corrected_claim_days, 0) >= 0)",
        "Days for acknowledgement and response are 1 to 365, those for corrections not negative.",
    )

    @api.depends("payer_type")
    def _compute_claim_filing_indicator(self):
        for payer in self:
            payer.claim_filing_indicator = _INDICATOR_BY_TYPE.get(payer.payer_type, "ZZ")
