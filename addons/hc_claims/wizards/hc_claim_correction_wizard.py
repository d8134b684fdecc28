# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.hc_revenue_base.models.hc_patient import PHI_GROUP

from ..models.hc_claim_correction import CORRECTIONS


class HcClaimCorrectionWizard(models.TransientModel):
    """A person's look at a claim before it is sent again."""

    _name = "hc.claim.correction.wizard"
    _description = "Correct a Claim"
    _inherit = ["hc.guarded.mixin"]
    _guards_computed_fields = False

    claim_ids = fields.Many2many("hc.claim", required=True, readonly=True)
    correction = fields.Selection(CORRECTIONS, required=True)
    answer_text = fields.Text(
        "What the Payer Said", compute="_compute_answer_text", groups=PHI_GROUP
    )
    note = fields.Text(
        "What Was Changed",
        required=True,
        help="What you looked at and what was changed, for whoever asks later.",
    )
    is_reviewed = fields.Boolean("I have looked at the claim and at the payer's answer")

    @api.depends("claim_ids")
    def _compute_answer_text(self):
        for wizard in self:
            wizard.answer_text = "\n".join(
                f"{claim.name}: {status.display_name} {status.message or ''}".strip()
                for claim in wizard.claim_ids
                for status in claim.status_ids[:5]
            )

    def action_confirm(self):
        """Make the new versions; they are sent with the next file."""
        self.ensure_one()
        if not self.is_reviewed:
            raise UserError(
                self.env._("Nothing is sent again that no person has looked at: say that you have.")
            )
        corrected = self.claim_ids._correct(self.correction, self.note)
        action = self.env["ir.actions.act_window"]._for_xml_id("hc_claims.hc_claim_action")
        if len(corrected) == 1:
            return action | {"res_id": corrected.id, "views": [(False, "form")], "context": {}}
        return action | {"domain": [("id", "in", corrected.ids)], "context": {}}
