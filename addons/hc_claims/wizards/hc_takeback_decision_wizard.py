# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import fields, models
from odoo.exceptions import UserError


class HcTakebackDecisionWizard(models.TransientModel):
    """Whether a takeback is accepted or disputed, and of which claim it is."""

    _name = "hc.takeback.decision.wizard"
    _description = "Decide About a Takeback"
    _inherit = ["hc.subject.wizard.mixin"]
    _subject_field = "takeback_id"

    takeback_id = fields.Many2one("hc.takeback", required=True, readonly=True)
    currency_id = fields.Many2one(related="takeback_id.currency_id")
    balance = fields.Monetary(related="takeback_id.balance")
    payer_id = fields.Many2one(related="takeback_id.payer_id")
    decision = fields.Selection(
        [
            ("accept", "Accept it"),
            ("dispute", "Dispute it with the payer"),
            ("claim", "Only say of which claim it is"),
        ],
        required=True,
        default="accept",
    )
    claim_id = fields.Many2one(
        "hc.claim",
        domain="[('payer_id', '=', payer_id)]",
        help="Accepted with a claim, the payer owes it again. Without, the money is a settlement.",
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
        if self.decision != "accept":
            return {"type": "ir.actions.act_window_close"}
        if self.attachment_ids.filtered(lambda file: file.create_uid != self.env.user):
            raise UserError(self.env._("Upload the evidence yourself, do not link other files."))
        remittances = takeback.adjustment_ids.remittance_id
        action = takeback._request_acceptance(
            idempotency_key=f"{self._name}:{self.id}",
            justification=self.note,
            evidence=[
                {"evidence_type": "justification", "text": self.note},
                *[
                    {
                        "evidence_type": "record",
                        "res_model": remittance._name,
                        "res_id": remittance.id,
                    }
                    for remittance in remittances
                ],
                *[
                    {"evidence_type": "attachment", "attachment_id": file.id}
                    for file in self.attachment_ids
                ],
            ],
        )
        return action.sudo(False)._get_records_action()
