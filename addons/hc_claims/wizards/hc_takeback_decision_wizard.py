# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcTakebackDecisionWizard(models.TransientModel):
    """Whether a takeback is accepted or disputed, and of which claim it is."""

    _name = "hc.takeback.decision.wizard"
    _description = "Decide About a Takeback"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    takeback_id = fields.Many2one("hc.takeback", required=True, readonly=True)
    currency_id = fields.Many2one(related="takeback_id.currency_id")
    balance = fields.Monetary(related="takeback_id.balance")
    payer_id = fields.Many2one(related="takeback_id.payer_id")
    decision = fields.Selection(
        [
            ("accept", "Accept it"),
            ("dispute", "Dispute it with the payer"),
            ("claim", "Only say of which claim it is"),
            ("undo", "Undo the acceptance: it was wrong"),
        ],
        required=True,
        default="accept",
    )
    claim_id = fields.Many2one(
        "hc.claim",
        domain="[('payer_id', '=', payer_id)]",
        help="Accepted with a claim, the payer owes it again. Without, the money is a settlement.",
    )
    acceptance_id = fields.Many2one(related="takeback_id.acceptance_id")
    acceptance_amount = fields.Monetary("Accepted", related="acceptance_id.amount")
    reason_code_id = fields.Many2one(
        "hc.reason.code", "Reason", domain="[('usage', '=', 'reversal')]"
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Letter and Other Evidence")
    note = fields.Text("Why", required=True)

    def action_confirm(self):
        """Do what was decided."""
        self.ensure_one()
        takeback = self.takeback_id
        if self.claim_id and self.claim_id != takeback.claim_id:
            takeback._pick_claim(self.claim_id)
        if self.decision == "dispute":
            takeback._dispute(self.note)
        if self.decision not in ("accept", "undo"):
            return {"type": "ir.actions.act_window_close"}
        if self.attachment_ids.filtered(lambda file: file.create_uid != self.env.user):
            raise UserError(self.env._("Upload the evidence yourself, do not link other files."))
        values = {
            "idempotency_key": f"{self._name}:{self.id}",
            "justification": self.note,
            "evidence": self._prepare_evidence(),
        }
        if self.decision == "undo":
            action = takeback._request_undo(reason_code_id=self.reason_code_id.id, **values)
        else:
            action = takeback._request_acceptance(**values)
        return action.sudo(False)._get_records_action()

    def _prepare_evidence(self):
        return [
            {"evidence_type": "justification", "text": self.note},
            *[
                {"evidence_type": "record", "res_model": remittance._name, "res_id": remittance.id}
                for remittance in self.takeback_id.adjustment_ids.remittance_id
            ],
            *[
                {"evidence_type": "attachment", "attachment_id": file.id}
                for file in self.attachment_ids
            ],
        ]
