# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.hc_revenue_base.models.hc_adjustment_code import CATEGORIES

from ..lifecycles import REMITTANCE_CLAIM


class HcAdjustmentAnalysis(models.Model):
    """Why payers pay less than charged: adjustments with payer, facility and day, for pivots."""

    _name = "hc.adjustment.analysis"
    _description = "Adjustment Analysis"
    _auto = False
    _order = "payment_date desc, id desc"
    _rec_name = "reason_code"
    _depends = {
        "hc.remittance.adjustment": [
            "remittance_claim_id",
            "group_code",
            "reason_code",
            "code_id",
            "amount",
            "treatment",
        ],
        "hc.remittance.claim": ["remittance_id", "state", "claim_id", "case_id", "facility_id"],
        "hc.remittance": ["company_id", "payer_id", "payment_date"],
        "hc.adjustment.code": ["category", "preventable"],
    }

    remittance_claim_id = fields.Many2one("hc.remittance.claim", "Answer", readonly=True)
    remittance_id = fields.Many2one("hc.remittance", readonly=True)
    claim_id = fields.Many2one("hc.claim", readonly=True)
    case_id = fields.Many2one("hc.billing.case", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    facility_id = fields.Many2one("hc.facility", readonly=True)
    payer_id = fields.Many2one("hc.payer", readonly=True)
    payment_date = fields.Date(readonly=True)
    answer_state = fields.Selection(REMITTANCE_CLAIM.selection(), "Answer Is", readonly=True)
    group_code = fields.Char("Group", readonly=True)
    reason_code = fields.Char("Reason", readonly=True)
    code_id = fields.Many2one("hc.adjustment.code", "Meaning", readonly=True)
    category = fields.Selection(CATEGORIES, readonly=True)
    preventable = fields.Selection(
        [("yes", "Yes"), ("partly", "Partly"), ("no", "No")], readonly=True
    )
    treatment = fields.Selection(
        [
            ("allowance", "Allowance"),
            ("patient", "To Next Party"),
            ("denied", "Denied"),
            ("open", "Left Open"),
            ("prior_payer", "Earlier Payer, Not Posted"),
        ],
        "Posted As",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT adjustment.id, adjustment.remittance_claim_id, answer.remittance_id,
                   answer.claim_id, answer.case_id, remittance.company_id,
                   company.currency_id, answer.facility_id, remittance.payer_id,
                   remittance.payment_date, answer.state AS answer_state,
                   adjustment.group_code, adjustment.reason_code, adjustment.code_id,
                   code.category, code.preventable, adjustment.treatment, adjustment.amount
              FROM hc_remittance_adjustment adjustment
              JOIN hc_remittance_claim answer ON answer.id = adjustment.remittance_claim_id
              JOIN hc_remittance remittance ON remittance.id = answer.remittance_id
              JOIN res_company company ON company.id = remittance.company_id
              LEFT JOIN hc_adjustment_code code ON code.id = adjustment.code_id
             WHERE remittance.state NOT IN ('ignored', 'undone')
            """
        )
