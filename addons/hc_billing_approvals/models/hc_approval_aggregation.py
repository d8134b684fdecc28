# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models

from ..hc_approval_core.policy import Aggregation


class HcApprovalAggregation(models.Model):
    """Which earlier acts count towards the tier: a write-off in two halves is still one."""

    _name = "hc.approval.aggregation"
    _description = "Acts Added Up"
    _inherit = ["hc.approval.draft.mixin"]
    _order = "policy_id, kind, id"

    policy_id = fields.Many2one(
        "hc.approval.policy", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    kind = fields.Selection(
        selection=lambda self: (
            self.env["hc.controlled.action"]._fields["kind"]._description_selection(self.env)
        ),
        required=True,
    )
    scope = fields.Selection(
        [
            ("patient_reason", "Same Patient and Reason"),
            ("requester", "Same Requester"),
        ],
        required=True,
        default="patient_reason",
    )
    window_days = fields.Integer("Within Days", required=True, default=30)

    _window = models.Constraint(
        "CHECK (window_days BETWEEN 1 AND 366)", "Acts are added up over 1 to 366 days."
    )
    _unique = models.UniqueIndex("(policy_id, kind, scope)", "This is added up already.")

    def _to_core(self):
        self.ensure_one()
        return Aggregation(self.kind, self.scope, self.window_days)
