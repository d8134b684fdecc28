# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcRemittanceUndoWizard(models.TransientModel):
    """Why a remittance is undone."""

    _name = "hc.remittance.undo.wizard"
    _description = "Undo a Remittance"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    remittance_id = fields.Many2one("hc.remittance", required=True)
    currency_id = fields.Many2one(related="remittance_id.currency_id")
    payment_amount = fields.Monetary(related="remittance_id.payment_amount")
    claim_count = fields.Integer(related="remittance_id.claim_count")
    reason = fields.Text(required=True)

    def action_confirm(self):
        """Request it; where nobody must agree it is done at once."""
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why: whoever must agree decides by it."))
        remittance = self.remittance_id
        remittance.check_access("read")
        action = remittance._request_undo(
            idempotency_key=f"undo:{remittance.id}:{remittance.transition_count}",
            justification=self.reason,
            evidence=[{"evidence_type": "justification", "text": self.reason}],
        )
        return action.sudo(False)._get_records_action()
