# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcApprovalBreakGlassWizard(models.TransientModel):
    """Why the rules cannot be waited for, and that whoever breaks the glass knows of the review."""

    _name = "hc.approval.break.glass.wizard"
    _description = "Break Glass"
    _inherit = ["hc.guarded.mixin"]

    request_id = fields.Many2one("hc.approval.request", required=True, readonly=True)
    waiting_for = fields.Char(related="request_id.waiting_for")
    justification = fields.Text(required=True)
    knows_of_review = fields.Boolean("I know that compliance will review this")

    def action_confirm(self):
        """Request the grant and show what became of it."""
        self.ensure_one()
        if not self.knows_of_review:
            raise UserError(self.env._("Confirm that you know of the review."))
        self.request_id._break_glass(self.justification)
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class HcApprovalBreakGlassReview(models.TransientModel):
    """What compliance found."""

    _name = "hc.approval.break.glass.review"
    _description = "Review of a Break-Glass Grant"
    _inherit = ["hc.guarded.mixin"]

    grant_id = fields.Many2one("hc.approval.break.glass", required=True, readonly=True)
    justification = fields.Text(related="grant_id.justification")
    verdict = fields.Selection(
        [("justified", "Justified"), ("not_justified", "Not Justified")], "Finding", required=True
    )
    text = fields.Text("Why", required=True)

    def action_confirm(self):
        """Put the finding on record."""
        self.ensure_one()
        self.grant_id._review(self.verdict, self.text)
        return {"type": "ir.actions.act_window_close"}
