# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models


class HcPlacementLine(models.Model):
    """One case of a placement: what was open when it went to the agency."""

    _name = "hc.placement.line"
    _description = "Case in a Placement"
    _inherit = ["hc.guarded.mixin", "hc.phi.mixin"]
    _phi_patient_path = "account_id.patient_id"
    _order = "placement_id, id"
    _guarded_fields = frozenset({"placement_id", "case_id", "amount_placed", "left_out_because"})

    placement_id = fields.Many2one(
        "hc.placement", required=True, readonly=True, index=True, ondelete="cascade"
    )
    account_id = fields.Many2one(related="placement_id.account_id", store=True, index=True)
    company_id = fields.Many2one(related="placement_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id", store=True)
    state = fields.Selection(related="placement_id.state", store=True)
    case_id = fields.Many2one(
        "hc.billing.case",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: what is owed without a case.",
    )
    amount_placed = fields.Monetary("Placed", readonly=True)
    left_out_because = fields.Char(
        readonly=True, help="Why the case did not go to the agency after all."
    )

    _case_once = models.UniqueIndex(
        "(account_id, coalesce(case_id, 0))"
        " WHERE state IN ('requested', 'placed', 'recalling') AND left_out_because IS NULL",
        "The case is with an agency, or its placement is requested.",
    )
